"""Known answers and coverage of the coefficients of agreement and of the confusion table."""

import math

import numpy as np
import pytest

from am_inspect.stats import cohens_kappa, confusion, krippendorffs_alpha, pabak


def pairs(table):
    """Two lists of verdicts with the counts of a square table."""
    cells = [(i, j) for i, row in enumerate(table) for j, n in enumerate(row) for _ in range(n)]
    return [i for i, _ in cells], [j for _, j in cells]


def test_kappa_equals_the_published_example():
    # Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions (3rd ed. 2003), table
    # 18.1: 100 subjects, psychotic / neurotic / organic. Kappa .676; SE .088 (section 18.1).
    found = cohens_kappa(*pairs([[75, 1, 4], [5, 4, 1], [0, 0, 10]]))
    assert (round(found.value, 3), found.observed, found.units) == (0.676, 0.89, 100)
    half = (found.interval.upper - found.interval.lower) / 2
    assert half / 1.959964 == pytest.approx(0.088, abs=5e-4)


@pytest.mark.parametrize(
    ("table", "kappa", "adjusted"),
    [
        # Kappa by hand: (.85 - .50) / .50, and rare events: (.94 - .9022) / .0978.
        ([[40, 10], [5, 45]], 0.70, 0.70),
        ([[2, 3], [3, 92]], 0.368421, 0.88),
        ([[0, 50], [50, 0]], -1.0, -1.0),
    ],
)
def test_kappa_and_pabak_by_hand(table, kappa, adjusted):
    verdicts = pairs(table)
    assert cohens_kappa(*verdicts).value == pytest.approx(kappa, abs=1e-6)
    assert pabak(*verdicts).value == pytest.approx(adjusted)


def test_pabak_s_interval_is_wilson_s_mapped():
    # 85 of 100 agree: Wilson [.7672, .9069].
    found = pabak(*pairs([[40, 10], [5, 45]])).interval
    assert (found.lower, found.upper) == pytest.approx((2 * 0.7672 - 1, 2 * 0.9069 - 1), abs=1e-4)


MISSING = None
FOUR_RATERS = [
    # Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), example C: nominal .743.
    (1, 1, MISSING, 1),
    (2, 2, 3, 2),
    (3, 3, 3, 3),
    (3, 3, 3, 3),
    (2, 2, 2, 2),
    (1, 2, 3, 4),
    (4, 4, 4, 4),
    (1, 1, 2, 1),
    (2, 2, 2, 2),
    (MISSING, 5, 5, 5),
    (MISSING, MISSING, 1, 1),
    (MISSING, 3, MISSING, MISSING),
]


def test_alpha_equals_the_published_examples():
    # The same, example A: two raters, ten units, .095.
    a = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    b = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    assert round(krippendorffs_alpha(list(zip(a, b, strict=True))).value, 3) == 0.095
    found = krippendorffs_alpha(FOUR_RATERS)
    assert (round(found.value, 3), found.units) == (0.743, 11)


def test_alpha_s_interval_by_hand():
    # Three units: (0, 0), (1, 1), (0, 1). Whole: 1 - 5 x 2 / 18 = 4/9. Without the first: totals
    # 1 and 3, 1 - 3 x 2 / 6 = 0; the second likewise 0; the third: 1. Mean 1/3,
    # SE = sqrt(2/3 x (1/9 + 1/9 + 4/9)) = 2/3.
    found = krippendorffs_alpha([(0, 0), (1, 1), (0, 1)])
    assert (found.value, found.observed) == pytest.approx((4 / 9, 2 / 3))
    assert (found.interval.lower, found.interval.upper) == (-1, 1)
    wide = krippendorffs_alpha([(0, 0), (1, 1), (0, 1)], confidence=0.5)
    half = 0.8164966 * 2 / 3  # t(2, .75)
    assert wide.interval.upper == pytest.approx(4 / 9 + half, abs=1e-6)


@pytest.mark.parametrize("coefficient", [cohens_kappa, pabak])
def test_coefficients_without_units_are_not_defined(coefficient):
    assert math.isnan(coefficient([], []).value)
    with pytest.raises(ValueError, match="one each"):
        coefficient([1], [1, 0])


def test_what_cannot_disagree_is_not_perfect_agreement():
    assert math.isnan(cohens_kappa([0] * 9, [0] * 9).value)
    assert math.isnan(krippendorffs_alpha([(0, 0)] * 9).value)
    assert math.isnan(krippendorffs_alpha([(0, None)] * 9).value)
    assert pabak([0] * 9, [0] * 9).value == 1
    assert "every verdict is 0" in cohens_kappa([0] * 9, [0] * 9).note


def test_full_agreement_has_no_standard_error_of_zero():
    assert cohens_kappa([0, 1] * 5, [0, 1] * 5).value == 1
    assert math.isnan(cohens_kappa([0, 1] * 5, [0, 1] * 5).interval.lower)
    found = krippendorffs_alpha([(0, 0), (1, 1)] * 5)
    assert found.value == 1
    assert math.isnan(found.interval.lower)


def test_a_rater_that_never_varies_gives_no_standard_error():
    found = cohens_kappa([0] * 9 + [1], [0] * 10)
    assert found.value == pytest.approx(0)
    assert math.isnan(found.interval.lower)
    assert "never varies" in found.note


def test_alpha_without_one_world_that_holds_all_events_has_no_interval():
    found = krippendorffs_alpha([(1, 1), (0, 0), (0, 0)], ["a", "b", "c"])
    assert math.isnan(found.interval.lower)
    assert "only one kind" in found.note
    with pytest.raises(ValueError, match="one each"):
        krippendorffs_alpha([(1, 1)], ["a", "b"])


def test_pabak_is_for_two_kinds():
    with pytest.raises(ValueError, match="two kinds"):
        pabak([0, 1], [2, 1])


def test_the_confusion_table_by_hand():
    found = confusion([1] * 20 + [0] * 80, [1] * 15 + [0] * 5 + [1] * 3 + [0] * 77)
    counts = (found.true_positives, found.false_positives)
    assert counts == (15, 5)
    assert (found.false_negatives, found.true_negatives) == (3, 77)
    assert found.sensitivity.value == pytest.approx(15 / 18)
    assert found.specificity.value == pytest.approx(77 / 82)
    assert found.precision.value == 0.75
    assert found.accuracy.value == 0.92
    assert found.f1 == pytest.approx(30 / 38)
    # Wilson at 15 of 18: centre (15 + 1.9207) / 21.8415, by hand.
    z2 = 1.959964**2
    centre, half = (15 + z2 / 2) / (18 + z2), math.sqrt(z2 * (15 * 3 / 18 + z2 / 4)) / (18 + z2)
    interval = found.sensitivity.interval
    assert (interval.lower, interval.upper) == pytest.approx((centre - half, centre + half))


def test_a_share_of_none_is_not_defined():
    found = confusion([0, 0], [0, 0])
    assert math.isnan(found.sensitivity.value)
    assert math.isnan(found.precision.interval.lower)
    assert math.isnan(found.f1)
    with pytest.raises(ValueError, match="neither"):
        confusion([2], [1])
    with pytest.raises(ValueError, match="against"):
        confusion([1], [])


def coverage(rng, sim, prevalence, icc, runs):
    """Share of intervals that hold the coefficient of the whole population of units."""
    se, sp = 0.85, 0.95
    first = prevalence * se + (1 - prevalence) * (1 - sp)
    agree = prevalence * (se**2 + (1 - se) ** 2) + (1 - prevalence) * (sp**2 + (1 - sp) ** 2)
    kappa = (agree - first**2 - (1 - first) ** 2) / (1 - first**2 - (1 - first) ** 2)
    hits = dict.fromkeys(("kappa", "alpha", "pabak", "sensitivity"), 0)
    none = 0
    for _ in range(runs):
        truth = sim.draw(rng, prevalence, icc)
        raters = [
            sim.verdicts_of(rng, truth.events, sensitivity=se, specificity=sp).tolist()
            for _ in range(2)
        ]
        both = list(zip(*raters, strict=True))
        found = cohens_kappa(*raters).interval
        alpha = krippendorffs_alpha(both, truth.worlds.tolist()).interval
        none += math.isnan(found.lower) or math.isnan(alpha.lower)
        hits["kappa"] += not kappa < found.lower and not kappa > found.upper
        hits["alpha"] += not kappa < alpha.lower and not kappa > alpha.upper
        hits["pabak"] += _holds(pabak(*raters).interval, 2 * agree - 1)
        share = confusion(raters[0], truth.events.tolist()).sensitivity.interval
        hits["sensitivity"] += not se < share.lower and not se > share.upper
    return {name: hit / runs for name, hit in hits.items()} | {"none": none / runs}


def _holds(interval, value):
    return interval.lower <= value <= interval.upper


def test_coverage_small(sim):
    found = coverage(np.random.default_rng(2), sim, 0.28, 0.1, 150)
    # Three standard errors of a 95% share in 150 runs are 5.3 points.
    assert min(found[name] for name in ("kappa", "alpha", "pabak", "sensitivity")) > 0.89


@pytest.mark.verify
def test_coverage_full_size(sim, show):
    rng = np.random.default_rng(4)
    names = ("kappa", "alpha", "pabak", "sensitivity", "none")
    lines = [
        "coverage of 95% intervals of agreement, 16 worlds x 6 units, 600 runs; two raters of",
        "sensitivity .85, specificity .95; alpha by world; none: share without an interval",
        f"prevalence  icc  {'  '.join(f'{name:>11}' for name in names)}",
    ]
    for prevalence in (0.03, 0.1, 0.28, 0.5):
        for icc in sim.iccs:
            found = coverage(rng, sim, prevalence, icc, 600)
            cells = "  ".join(f"{found[name]:>11.3f}" for name in names)
            lines.append(f"{prevalence:<10.2f}  {icc:<4.1f} {cells}")
            if prevalence >= 0.1:
                assert found["pabak"] > 0.92
                assert found["sensitivity"] > 0.92
            if prevalence >= 0.28:
                assert min(found["kappa"], found["alpha"]) > 0.90
    show(lines)
