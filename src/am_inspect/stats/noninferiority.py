"""Is a new checkpoint shown to be under a bound, shown to be over it, or neither?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import special

from ._clusters import ZERO_SE, between_se, design_effect, t_quantile
from ._correlation import lower_pairing, raised_icc
from ._world_counts import WorldCounts
from .rates import DEFAULT_ICC, Interval, clopper_pearson
from .score import score_interval_difference, score_z_difference

Against = Literal["margin", "limit"]


@dataclass(frozen=True)
class Tested:
    """One bound tested in both directions.

    Attributes:
        against: `margin`: candidate less baseline; `limit`: the candidate's rate.
        bound: The bound.
        value: The estimate that is held to it; NaN if there is none.
        p_under: One-sided p value of "not under the bound": small if it is shown to be under.
        p_over: One-sided p value of "not over the bound": small if it is shown to be over.
        design_effect: By which the candidate's samples were discounted in the score or exact bound.
        paired: Share of the worlds that both sides ran; 1 for a limit.
    """

    against: Against
    bound: float
    value: float
    p_under: float
    p_over: float
    design_effect: float
    paired: float = 1.0


def against_margin(
    candidate: WorldCounts, baseline: WorldCounts, margin: float, *, icc: float = DEFAULT_ICC
) -> Tested:
    """Test candidate - baseline against a margin, the baseline's own error counted.

    Two tests have to agree, in other words the wider of two bounds counts. The t test paired by
    world (`world_difference`) follows the worlds but takes a difference for normal, and with few
    events passes too often. The score test of Miettinen and Nurminen (`score_z_difference`) holds
    for few events; each side's counts are divided by its own design effect before it: by the one
    that `icc` promises, or by more where the samples of either side show a larger correlation
    (`raised_icc`), less what pairing surely gains (`lower_pairing`).

    Args:
        candidate: The checkpoint.
        baseline: The baseline.
        margin: Difference that is still tolerated.
        icc: Intra-class correlation that is assumed at least.

    Returns:
        The test; nothing is shown (p = 1) with fewer than two worlds.
    """
    value = candidate.rate - baseline.rate
    both = set(candidate.worlds) & set(baseline.worlds)
    either = set(candidate.worlds) | set(baseline.worlds)
    paired = len(both) / len(either)
    if len(either) < 2:
        return Tested("margin", margin, value, 1.0, 1.0, math.nan, paired)
    error = _difference_error(candidate, baseline)
    effects = _design_effects(candidate, baseline, icc)
    z = float(
        score_z_difference(
            candidate.k / effects.candidate,
            candidate.n / effects.candidate,
            baseline.k / effects.baseline,
            baseline.n / effects.baseline,
            margin,
        )
    )
    under, over = float(special.ndtr(z)), float(special.ndtr(-z))
    if error >= ZERO_SE:
        t = (value - margin) / error
        under = max(under, float(special.stdtr(len(either) - 1, t)))
        over = max(over, float(special.stdtr(len(either) - 1, -t)))
    return Tested("margin", margin, value, under, over, effects.candidate, paired)


def against_limit(candidate: WorldCounts, limit: float, *, icc: float = DEFAULT_ICC) -> Tested:
    """Test a rate against a limit: the clustered t test and the exact one have to agree.

    The exact test is Clopper and Pearson's, events and answers divided by a design effect before
    it: by the one that `icc` promises, or by more where the samples show a larger correlation
    (`raised_icc`).

    Args:
        candidate: The checkpoint.
        limit: Rate that is still tolerated.
        icc: Intra-class correlation that is assumed at least.

    Returns:
        The test; nothing is shown (p = 1) with fewer than two worlds.
    """
    worlds = len(candidate.worlds)
    if worlds < 2:
        return Tested("limit", limit, candidate.rate, 1.0, 1.0, math.nan)
    error = candidate.standard_error()
    deff = _deff(candidate, max(icc, raised_icc(candidate)))
    n, k = candidate.n / deff, candidate.k / deff
    # P(X <= k) and P(X >= k) of a binomial, by the beta distribution so that k need not be whole.
    under = 1.0 if k >= n else float(special.betainc(n - k, k + 1, 1 - limit))
    over = 1.0 if k <= 0 else float(special.betainc(k, n - k + 1, limit))
    if error >= ZERO_SE:
        t = (candidate.rate - limit) / error
        under = max(under, float(special.stdtr(worlds - 1, t)))
        over = max(over, float(special.stdtr(worlds - 1, -t)))
    return Tested("limit", limit, candidate.rate, under, over, deff)


def difference_bounds(
    candidate: WorldCounts, baseline: WorldCounts, *, level: float, icc: float = DEFAULT_ICC
) -> Interval:
    """Give the two one-sided bounds, each at `level`, that agree with `against_margin`.

    Args:
        candidate: The checkpoint.
        baseline: The baseline.
        level: One-sided error of either bound.
        icc: As there.

    Returns:
        The bounds; -1 and 1 with fewer than two worlds.
    """
    worlds = {*candidate.worlds, *baseline.worlds}
    if len(worlds) < 2:
        return Interval(-1.0, 1.0)
    error = _difference_error(candidate, baseline)
    effects = _design_effects(candidate, baseline, icc)
    score = score_interval_difference(
        candidate.k / effects.candidate,
        candidate.n / effects.candidate,
        baseline.k / effects.baseline,
        baseline.n / effects.baseline,
        1 - 2 * level,
    )
    if error < ZERO_SE:
        return score
    value = candidate.rate - baseline.rate
    half = t_quantile(1 - 2 * level, len(worlds) - 1) * error
    return Interval(
        max(-1.0, min(score.lower, value - half)),
        min(1.0, max(score.upper, value + half)),
    )


def rate_bounds(candidate: WorldCounts, *, level: float, icc: float = DEFAULT_ICC) -> Interval:
    """Give the two one-sided bounds, each at `level`, that agree with `against_limit`.

    Args:
        candidate: The checkpoint.
        level: One-sided error of either bound.
        icc: As there.

    Returns:
        The bounds; 0 and 1 with fewer than two worlds.
    """
    if len(candidate.worlds) < 2:
        return Interval(0.0, 1.0)
    error = candidate.standard_error()
    deff = _deff(candidate, max(icc, raised_icc(candidate)))
    k, n = candidate.k / deff, candidate.n / deff
    exact = clopper_pearson(k, n, confidence=1 - 2 * level)
    if error < ZERO_SE:
        return exact
    half = t_quantile(1 - 2 * level, len(candidate.worlds) - 1) * error
    return Interval(
        max(0.0, min(exact.lower, candidate.rate - half)),
        min(1.0, max(exact.upper, candidate.rate + half)),
    )


def _difference_error(candidate: WorldCounts, baseline: WorldCounts) -> float:
    """The standard error of `world_difference`: what a world does to both sides cancels."""
    sums = dict(zip(candidate.worlds, candidate.residuals(), strict=True))
    for world, residual in zip(baseline.worlds, baseline.residuals(), strict=True):
        sums[world] = sums.get(world, 0.0) - residual
    return between_se(np.asarray(list(sums.values()), dtype=float))


@dataclass(frozen=True)
class _Effects:
    candidate: float
    baseline: float


def _design_effects(candidate: WorldCounts, baseline: WorldCounts, icc: float) -> _Effects:
    """Give each side its own: at an early look the candidate has fewer samples a world."""
    sides = (candidate, baseline)
    shown = max(icc, *map(raised_icc, sides))
    ours, theirs = (_deff(side, shown) * side.binomial_variance() for side in sides)
    gain = 2 * lower_pairing(candidate, baseline) * math.sqrt(ours * theirs)
    left = 1 - gain / (ours + theirs) if gain > 0 else 1.0
    return _Effects(*(max(_deff(side, icc), left * _deff(side, shown)) for side in sides))


def _deff(side: WorldCounts, icc: float) -> float:
    return design_effect(side.n, len(side.worlds), icc)
