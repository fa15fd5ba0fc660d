"""Known answers and error rates of the comparisons of two counts."""

import math

import numpy as np
import pytest
from scipy import stats as scipy_stats

from am_inspect.stats import (
    Counts,
    Interval,
    boschloo,
    count_contrast,
    difference,
    mover,
    ratio,
    score_z_difference,
    score_z_ratio,
)

# Newcombe, Statistics in Medicine 17 (1998), 873-890, table II: methods 10 and 6.
TABLE = [
    ((56, 70), (48, 80), (0.0524, 0.3339), (0.0528, 0.3382)),
    ((9, 10), (3, 10), (0.1705, 0.8090), (0.1700, 0.8406)),
    ((6, 7), (2, 7), (0.0582, 0.8062), (0.0342, 0.8534)),
    ((5, 56), (0, 29), (-0.0381, 0.1926), (-0.0326, 0.1933)),
    ((0, 10), (0, 20), (-0.1611, 0.2775), (-0.1658, 0.2844)),
    ((0, 10), (0, 10), (-0.2775, 0.2775), (-0.2879, 0.2879)),
    ((10, 10), (0, 20), (0.6791, 1.0), (0.7156, 1.0)),
    ((10, 10), (0, 10), (0.6075, 1.0), (0.6636, 1.0)),
]


@pytest.mark.parametrize(("first", "second", "newcombe", "score"), TABLE)
def test_differences_equal_the_published_table(first, second, newcombe, score):
    for method, ends in (("newcombe", newcombe), ("miettinen_nurminen", score)):
        found = difference(Counts(*first), Counts(*second), method=method).interval
        assert (round(found.lower, 4), round(found.upper, 4)) == ends


@pytest.mark.parametrize(
    ("safety", "none", "reduction"),
    # The log interval worked by hand, as a reduction in percent: the study's three models.
    [
        ((15, 100), (28, 100), (6, 46, 69)),
        ((8, 100), (18, 100), (3, 56, 80)),
        ((1, 100), (3, 100), (-215, 67, 96)),
    ],
)
def test_katz_by_hand(safety, none, reduction):
    found = ratio(Counts(*safety), Counts(*none))
    log_se = math.sqrt(1 / safety[0] - 1 / 100 + 1 / none[0] - 1 / 100)
    assert found.interval.upper == pytest.approx(found.value * math.exp(1.959964 * log_se))
    ends = (1 - found.interval.upper, 1 - found.value, 1 - found.interval.lower)
    assert tuple(round(100 * end) for end in ends) == reduction


def test_a_ratio_without_events():
    none = ratio(Counts(0, 100), Counts(7, 100))
    assert (none.value, none.interval.lower, none.method) == (0, 0, "miettinen_nurminen")
    # The upper end solves the score equation: with k1 = 0 its likelihood is closed.
    z = float(score_z_ratio(0, 100, 7, 100, none.interval.upper))
    assert z == pytest.approx(-1.959964, abs=1e-6)
    assert ratio(Counts(1, 9), Counts(0, 9)).method == "not_defined"
    assert ratio(Counts(9, 9), Counts(9, 9)).interval.lower < 1


@pytest.mark.parametrize("counts", [(3, 10, 2, 12), (0, 10, 4, 12), (10, 10, 0, 12), (5, 9, 5, 9)])
def test_the_score_statistic_has_the_maximum_of_the_restricted_likelihood(counts):
    k1, n1, k2, n2 = counts
    for delta in (-0.3, 0.05, 0.2):
        grid = np.linspace(max(0, -delta), min(1, 1 - delta), 200001)
        with np.errstate(divide="ignore", invalid="ignore"):
            log = scipy_stats.binom.logpmf(k1, n1, grid + delta)
            log += scipy_stats.binom.logpmf(k2, n2, grid)
        second = grid[np.nanargmax(log)]
        first, n = second + delta, n1 + n2
        variance = (first * (1 - first) / n1 + second * (1 - second) / n2) * n / (n - 1)
        by_search = (k1 / n1 - k2 / n2 - delta) / math.sqrt(variance)
        assert float(score_z_difference(k1, n1, k2, n2, delta)) == pytest.approx(by_search, 1e-3)


def test_mover_with_two_cells_is_newcombe_s_interval():
    joined = count_contrast([Counts(56, 70), Counts(48, 80)], [1, -1])
    assert (round(joined.interval.lower, 4), round(joined.interval.upper, 4)) == (0.0524, 0.3339)
    assert joined.value == pytest.approx(0.2)
    with pytest.raises(ValueError, match="zip"):
        mover([0.1], [Interval(0, 1)], [1, -1])


def test_boschloo_equals_the_published_example():
    # Job satisfaction of professors and scientists, worked in scipy's documentation of the test,
    # which takes the columns of [[74, 31], [43, 32]] as the two samples.
    found = boschloo(Counts(74, 117), Counts(31, 63), alternative="greater")
    assert found == pytest.approx(0.0355, abs=1e-4)
    assert boschloo(Counts(0, 9), Counts(0, 9)) == 1
    assert boschloo(Counts(9, 9), Counts(0, 9), alternative="less") == 1


def test_many_answers_get_the_score_test():
    # Boschloo at 400 a side: 5.85e-4, in three seconds.
    found = difference(Counts(120, 400), Counts(80, 400))
    assert found.p_greater == pytest.approx(5.85e-4, rel=0.1)
    # Pooled z by hand: .1 / sqrt(.25 x .75 x 2 / 400) = 3.266, less the factor N / (N - 1).
    z = 3.266 * math.sqrt(799 / 800)
    assert ratio(Counts(120, 400), Counts(80, 400)).p_greater == pytest.approx(
        scipy_stats.norm.sf(z), rel=0.01
    )


def test_boschloo_holds_its_level_by_enumeration():
    n = 8
    p = {
        (a, b): boschloo(Counts(a, n), Counts(b, n), alternative="greater")
        for a in range(n + 1)
        for b in range(n + 1)
    }
    for rate in (0.05, 0.2, 0.5):
        law = scipy_stats.binom.pmf(range(n + 1), n, rate)
        assert sum(law[a] * law[b] for (a, b), value in p.items() if value <= 0.05) <= 0.05


@pytest.mark.parametrize("counts", [(-1, 3), (4, 3), (0, 0)])
def test_counts_are_a_share(counts):
    with pytest.raises(ValueError, match="not a share"):
        Counts(*counts)


def exact_coverage(n, p1, p2, method):
    """Coverage of the difference's interval, by enumeration."""
    k1, k2 = np.meshgrid(np.arange(n + 1), np.arange(n + 1), indexing="ij")
    law = np.outer(*(scipy_stats.binom.pmf(range(n + 1), n, p) for p in (p1, p2)))
    keep = law > 1e-7
    held = 0.0
    for a, b, chance in zip(k1[keep], k2[keep], law[keep], strict=True):
        ends = difference(Counts(int(a), n), Counts(int(b), n), method=method).interval
        held += chance * (ends.lower <= p1 - p2 <= ends.upper)
    return held / law[keep].sum()


def test_coverage_small():
    assert exact_coverage(12, 0.3, 0.3, "newcombe") > 0.94
    assert exact_coverage(12, 0.3, 0.1, "miettinen_nurminen") > 0.93


@pytest.mark.verify
def test_coverage_full_size(show):
    lines = ["coverage of 95% intervals for a difference, 40 answers a side, by enumeration"]
    lines.append("rates        Newcombe  Miettinen-Nurminen")
    for p1, p2 in ((0.03, 0.03), (0.1, 0.03), (0.28, 0.03), (0.28, 0.28)):
        both = [exact_coverage(40, p1, p2, m) for m in ("newcombe", "miettinen_nurminen")]
        lines.append(f"{p1:.2f}, {p2:.2f}   {both[0]:.3f}     {both[1]:.3f}")
        assert min(both) > 0.93
    show(lines)
