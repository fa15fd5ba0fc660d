"""The gate's rule on counts: known answers, agreement of p values and bounds, error rates."""

import numpy as np
import pytest
from scipy import stats

from am_inspect.stats import (
    Answers,
    WorldCounts,
    against_limit,
    against_margin,
    clopper_pearson,
    difference_bounds,
    rate_bounds,
    score_z_difference,
    world_difference,
    world_fractions,
)
from am_inspect.stats._correlation import lower_pairing, raised_icc

BASE = WorldCounts(tuple("abcdefgh"), (0, 1, 0, 0, 2, 0, 0, 1), (12,) * 8)
WORSE = WorldCounts(tuple("abcdefgh"), (3, 4, 2, 3, 6, 1, 2, 3), (12,) * 8)
NONE = WorldCounts(tuple("abcdefgh"), (0,) * 8, (12,) * 8)


def answers(counts):
    values, worlds = [], []
    for world, k, n in zip(counts.worlds, counts.bad, counts.of, strict=True):
        values += [1] * k + [0] * (n - k)
        worlds += [world] * n
    return Answers(values, worlds)


def test_by_hand():
    # 24 of 96 less 4 of 96 is 20 / 96; the design effect is 1 + 11 x .1 unless worlds show more.
    found = against_margin(WORSE, BASE, 0.05)
    assert found.value == pytest.approx(20 / 96)
    assert found.design_effect == pytest.approx(2.1)
    assert found.p_over < 0.05 < found.p_under
    assert against_margin(WORSE, BASE, 0.05, icc=0).design_effect == 1
    # Worlds that hold together on one side count on both; what pairs the sides is taken off.
    apart = WorldCounts(tuple("abcdefgh"), (12, 0, 0, 0, 0, 0, 0, 12), (12,) * 8)
    found = against_margin(apart, BASE, 0.3)
    assert lower_pairing(apart, BASE) == 0
    assert found.design_effect == pytest.approx(1 + 11 * raised_icc(apart)) == 12
    # At an early look each side has its own: 2 of 24 less 4 of 96, divided by 1.2 and 2.1.
    early = WorldCounts(tuple("abcdefgh"), (0, 1, 0, 0, 1, 0, 0, 0), (3,) * 8)
    found = against_margin(early, BASE, 0.2)
    assert found.design_effect == pytest.approx(1.2)
    z = score_z_difference(2 / 1.2, 24 / 1.2, 4 / 2.1, 96 / 2.1, 0.2)
    assert found.p_under == pytest.approx(stats.norm.cdf(z))
    limit = against_limit(NONE, 0.1)
    assert limit.p_under == pytest.approx(0.9 ** (96 / 2.1))
    assert limit.p_over == 1


def test_the_wider_of_two_bounds_counts():
    t = world_difference(answers(WORSE), answers(BASE), confidence=0.9).interval
    found = difference_bounds(WORSE, BASE, level=0.05)
    assert found.lower <= t.lower
    assert found.upper >= t.upper
    # Many samples of a few worlds that differ: there the t bound is the wider one.
    apart = WorldCounts(("a", "b", "c"), (0, 50, 100), (100,) * 3)
    level = WorldCounts(("a", "b", "c"), (10, 11, 9), (100,) * 3)
    t = world_difference(answers(apart), answers(level), confidence=0.9).interval
    assert difference_bounds(apart, level, level=0.05).upper == pytest.approx(min(1, t.upper))
    exact = clopper_pearson(0, 96 / 2.1, confidence=0.9)
    assert rate_bounds(NONE, level=0.05) == exact


@pytest.mark.parametrize("level", [0.05, 0.003])
@pytest.mark.parametrize("candidate", [BASE, WORSE, NONE])
def test_bounds_and_p_values_say_the_same(candidate, level):
    ends = difference_bounds(candidate, BASE, level=level)
    own = rate_bounds(candidate, level=level)
    for shift in (-1e-4, 1e-4):
        under = against_margin(candidate, BASE, ends.upper + shift).p_under
        assert (under < level) == (shift > 0)
        assert (against_limit(candidate, own.upper + shift).p_under < level) == (shift > 0)
        over = against_margin(candidate, BASE, ends.lower + shift).p_over
        assert (over < level) == (shift < 0)
        if own.lower > 1e-3:
            assert (against_limit(candidate, own.lower + shift).p_over < level) == (shift < 0)


def test_one_world_shows_nothing():
    one = WorldCounts(("a",), (50,), (50,))
    for found in (against_margin(one, one, 0.05), against_limit(one, 0.05)):
        assert (found.p_under, found.p_over) == (1, 1)
    assert (difference_bounds(one, one, level=0.05).upper, rate_bounds(one, level=0.05).lower) == (
        1,
        0,
    )


def test_paired_worlds_cancel_and_others_are_counted():
    moved = WorldCounts(tuple("abcdefgh"), (0, 6, 0, 0, 12, 0, 0, 6), (12,) * 8)
    elsewhere = WorldCounts(tuple("ijklmnop"), moved.bad, moved.of)
    paired, apart = (against_margin(moved, other, 0.1) for other in (moved, elsewhere))
    assert (paired.paired, apart.paired) == (1, 0)
    assert paired.p_under < apart.p_under
    assert paired.value == apart.value == 0


@pytest.mark.parametrize(
    ("bad", "of", "worlds"),
    [((), (), ()), ((1,), (0,), ("a",)), ((2,), (1,), ("a",)), ((0, 0), (1, 1), ("a", "a"))],
)
def test_wrong_counts(bad, of, worlds):
    with pytest.raises(ValueError, match="world"):
        WorldCounts(worlds, bad, of)


def test_information_of_looks():
    assert world_fractions([6, 12, 18, 24], 0) == pytest.approx((0.25, 0.5, 0.75, 1))
    # By hand: .9 / 24 + .1 = .1375 over .9 / 6 + .1 = .25.
    assert world_fractions([6, 24], 0.1) == pytest.approx((0.55, 1))


def drawn(rng, rate, icc, per_world, luck):
    shares = np.full(16, rate)
    if icc:
        scale = (1 - icc) / icc
        shares = stats.beta.ppf(luck, rate * scale, (1 - rate) * scale)
    bad = rng.binomial(per_world, shares)
    return WorldCounts(tuple(map(str, range(16))), tuple(map(int, bad)), (per_world,) * 16)


@pytest.mark.parametrize("icc", [0.0, 0.1, 0.3])
def test_false_passes_at_the_margin(icc):
    # The t rule alone passes 5, 8 and 10% here (README); this one must not.
    rng = np.random.default_rng(1)
    runs = 400
    passes = sum(
        against_margin(
            drawn(rng, 0.08, icc, 6, rng.random(16)), drawn(rng, 0.03, icc, 6, rng.random(16)), 0.05
        ).p_under
        < 0.05
        for _ in range(runs)
    )
    assert passes / runs <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / runs)


def test_correlation_by_the_analysis_of_variance():
    one = WorldCounts(tuple("abcd"), (0, 5, 1, 2), (6,) * 4)
    groups = [[1] * k + [0] * (6 - k) for k in one.bad]
    f = stats.f_oneway(*groups).statistic
    icc = (f - 1) / (f - 1 + 6)
    error = (1 - icc) * (1 + 5 * icc) / 6 * np.sqrt(2 * 23 / (20 * 3))
    assert raised_icc(one) == pytest.approx(icc + 0.674 * error)
    assert raised_icc(WorldCounts(("a", "b"), (0, 9), (9, 9))) == 1


@pytest.mark.parametrize(
    "counts", [NONE, WorldCounts(("a",), (3,), (9,)), WorldCounts(("a", "b"), (0, 1), (1, 1))]
)
def test_nothing_known_of_the_correlation(counts):
    assert raised_icc(counts) == 0


@pytest.mark.parametrize(
    ("rate", "icc", "least"), [(0.3, 0.1, 0.6), (0.3, 0.3, 0.6), (0.03, 0.3, 0.25), (0.03, 0.0, 1)]
)
def test_how_often_a_raised_correlation_is_enough(rate, icc, least):
    rng = np.random.default_rng(3)
    found = [raised_icc(drawn(rng, rate, icc, 12, rng.random(16))) for _ in range(200)]
    assert np.mean(np.asarray(found) >= icc) >= least


def test_pairing_gains_what_is_sure():
    ours = WorldCounts(tuple("abcdefgh"), (0, 6, 1, 0, 12, 0, 0, 6), (12,) * 8)
    theirs = WorldCounts(tuple("abcdefgh"), (0, 5, 0, 0, 12, 0, 1, 8), (12,) * 8)
    r = np.corrcoef(ours.bad, theirs.bad)[0, 1]
    low = np.tanh(np.arctanh(r) - stats.norm.ppf(0.95) / np.sqrt(8 - 3))
    assert lower_pairing(ours, theirs) == pytest.approx(low)
    half = WorldCounts(tuple("abcdstuv"), ours.bad, ours.of)
    assert lower_pairing(half, half) == pytest.approx(1)
    assert lower_pairing(half, ours) == pytest.approx(0.5)  # the four common worlds are the same
    assert lower_pairing(NONE, ours) == 0
    # Equal rates in worlds of unlike size differ by rounding only.
    level = WorldCounts(tuple("abcdefgh"), (1, 2, 3, 4, 5, 6, 7, 8), tuple(range(10, 90, 10)))
    assert lower_pairing(level, ours) == 0
    few = WorldCounts(("a", "b", "x"), (0, 6, 1), (12,) * 3)
    assert lower_pairing(few, ours) == 0
