"""Known answers and error rates of the comparisons by world."""

import math

import numpy as np
import pytest
from scipy import stats as scipy_stats

from am_inspect.stats import Answers, clopper_pearson, world_contrast, world_difference, world_ratio


def test_a_balanced_difference_is_the_paired_t_interval():
    rng = np.random.default_rng(1)
    worlds = np.repeat(np.arange(10), 6)
    first, second = (rng.random((10, 6)) < p for p in (0.5, 0.3))
    found = world_difference(
        Answers(first.ravel().astype(int).tolist(), worlds.tolist()),
        Answers(second.ravel().astype(int).tolist(), worlds.tolist()),
    )
    paired = scipy_stats.ttest_rel(first.mean(axis=1), second.mean(axis=1))
    ends = paired.confidence_interval()
    assert (found.interval.lower, found.interval.upper) == pytest.approx((ends.low, ends.high))
    assert found.p_greater == pytest.approx(
        scipy_stats.ttest_rel(first.mean(axis=1), second.mean(axis=1), alternative="greater").pvalue
    )


def test_an_unbalanced_contrast_by_hand():
    # First: a 2/2, b 0/1, rate 2/3; second: a 1/1, b 0/2, c 1/1, rate 1/2. Residual totals
    # a (2/3)/3 - (1/2)/4, b (-2/3)/3 - (-1)/4, c -(1/2)/4: 7/72, 2/72, -9/72;
    # SE = sqrt(3/2 x 134) / 72 = .196909.
    found = world_difference(Answers([1, 1, 0], "aab"), Answers([1, 0, 0, 1], "abbc"))
    assert found.value == pytest.approx(1 / 6)
    assert found.interval.upper - found.value == pytest.approx(4.302653 * 0.196909, abs=1e-5)


def test_a_ratio_by_hand():
    # Worlds a, b, c with 2, 4, 3 of 10 against 1, 1, 1 of 10: ratio 3; residuals over events
    # (2 - 3)/9, (4 - 3)/9, 0 and none; SE of the log = sqrt(3/2 x 2/81) = .192450.
    first = Answers(
        [1] * 2 + [0] * 8 + [1] * 4 + [0] * 6 + [1] * 3 + [0] * 7, "a" * 10 + "b" * 10 + "c" * 10
    )
    second = Answers(([1] + [0] * 9) * 3, "a" * 10 + "b" * 10 + "c" * 10)
    found = world_ratio(first, second)
    assert found.value == pytest.approx(3)
    assert math.log(found.interval.upper / 3) == pytest.approx(4.302653 * 0.192450, abs=1e-5)


def test_no_event_anywhere_is_no_standard_error_of_zero():
    none = Answers([0] * 24, [i % 4 for i in range(24)])
    found = world_difference(none, none)
    upper = clopper_pearson(0, 24 / 1.5).upper
    assert (found.interval.lower, found.interval.upper) == pytest.approx((-upper, upper))
    assert (found.p_greater, found.method) == (1, "clopper_pearson_deff")
    every = Answers([1] * 24, [i % 4 for i in range(24)])
    assert world_difference(every, none).p_greater < 1e-3
    assert world_ratio(none, every).method == "not_defined"
    assert world_ratio(every, none).method == "not_defined"
    assert world_ratio(every, every).method == "not_defined"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Answers([1], []), "worlds"),
        (lambda: Answers([], []), "needs answers"),
        (lambda: Answers([2], "a"), "needs answers"),
        (lambda: world_difference(Answers([1], "a"), Answers([0], "a")), "at least two"),
        (lambda: world_ratio(Answers([1], "a"), Answers([0], "a")), "at least two"),
        (lambda: world_contrast([Answers([1], "a")], [1, -1]), "one each"),
    ],
)
def test_wrong_input_is_refused(make, words):
    with pytest.raises(ValueError, match=words):
        make()


def simulated(sim, base, effect, icc, runs, seed):
    """Cells that share their worlds' levels: coverage of the difference, one-sided rejections."""
    rng = np.random.default_rng(seed)
    worlds = np.repeat(np.arange(16), 6).tolist()
    held = rejected = 0
    for _ in range(runs):
        level = sim.beta(rng, base, icc, 16)
        # The effect is a constant factor on each world's level, so that its mean is known.
        shares = level * (1 + effect / base), level
        first, second = (
            Answers((rng.random(96) < np.repeat(s, 6)).astype(int).tolist(), worlds) for s in shares
        )
        found = world_difference(first, second)
        held += found.interval.lower <= effect <= found.interval.upper
        rejected += found.p_greater < 0.025
    return held / runs, rejected / runs


def test_coverage_small(sim):
    held, rejected = simulated(sim, 0.28, 0.0, 0.1, 400, 5)
    assert held > 0.92
    assert rejected < 0.05


@pytest.mark.verify
def test_coverage_full_size(sim, show):
    lines = [
        "paired difference, 16 worlds x 6 answers a cell, 3,000 runs: 95% coverage, and how often",
        "the one-sided test at .025 rejects",
        "base  effect  icc  covered  rejected",
    ]
    low, high = [], []
    for base in (0.03, 0.28):
        for effect in (0.0, -base / 2):
            for icc in sim.iccs:
                held, rejected = simulated(sim, base, effect, icc, 3000, 6)
                lines.append(f"{base:.2f}  {effect:6.3f}  {icc:.1f}  {held:.3f}    {rejected:.3f}")
                # At .03 a run has some 3 events a cell: the t interval covers a little less.
                low.append((held, 0.90 if base < 0.1 else 0.93))
                high.append(0.0 if effect else rejected)
    show(lines)
    assert all(held > floor for held, floor in low)
    assert max(high) < 0.035
