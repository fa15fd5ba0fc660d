"""Is a new checkpoint shown to be under a bound, shown to be over it, or neither?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import special

from ._clusters import ZERO_SE, between_se, cluster_index, cluster_sums, design_effect
from .rates import DEFAULT_ICC, Interval, clopper_pearson, clustered_rate
from .score import score_interval_difference, score_z_difference
from .world_contrasts import Answers, world_difference

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
        design_effect: By which answers were discounted in the score or exact bound.
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
    candidate: Answers, baseline: Answers, margin: float, *, icc: float = DEFAULT_ICC
) -> Tested:
    """Test candidate - baseline against a margin, the baseline's own error counted.

    Two tests have to agree, in other words the wider of two bounds counts. The t test paired by
    world (`world_difference`) follows the worlds but takes a difference for normal, and with few
    events passes too often. The score test of Miettinen and Nurminen (`score_z_difference`) holds
    for few events; counts are divided by a design effect before it, the larger of what `icc`
    promises and of what the data show, (clustered error / binomial error)^2, which is also what
    gives pairing its credit where worlds move both sides.

    Args:
        candidate: 1 for each answer that is the worse.
        baseline: The same of the baseline.
        margin: Difference that is still tolerated.
        icc: Intra-class correlation that is assumed at least.

    Returns:
        The test; nothing is shown (p = 1) with fewer than two worlds.
    """
    value = candidate.rate - baseline.rate
    both = {*map(str, candidate.worlds)} & {*map(str, baseline.worlds)}
    either = {*map(str, candidate.worlds)} | {*map(str, baseline.worlds)}
    paired = len(both) / len(either)
    if len(either) < 2:
        return Tested("margin", margin, value, 1.0, 1.0, math.nan, paired)
    error = _difference_error(candidate, baseline)
    deff = _difference_design_effect(candidate, baseline, error, icc)
    z = float(
        score_z_difference(
            sum(candidate.values) / deff,
            len(candidate.values) / deff,
            sum(baseline.values) / deff,
            len(baseline.values) / deff,
            margin,
        )
    )
    under, over = float(special.ndtr(z)), float(special.ndtr(-z))
    if error >= ZERO_SE:
        t = (value - margin) / error
        under = max(under, float(special.stdtr(len(either) - 1, t)))
        over = max(over, float(special.stdtr(len(either) - 1, -t)))
    return Tested("margin", margin, value, under, over, deff, paired)


def against_limit(candidate: Answers, limit: float, *, icc: float = DEFAULT_ICC) -> Tested:
    """Test a rate against a limit: the clustered t test and the exact one have to agree.

    The exact test is Clopper and Pearson's, events and answers divided by a design effect as in
    `against_margin`.

    Args:
        candidate: 1 for each answer that is the worse.
        limit: Rate that is still tolerated.
        icc: Intra-class correlation that is assumed at least.

    Returns:
        The test; nothing is shown (p = 1) with fewer than two worlds.
    """
    worlds = len({*map(str, candidate.worlds)})
    if worlds < 2:
        return Tested("limit", limit, candidate.rate, 1.0, 1.0, math.nan)
    error = _rate_error(candidate)
    deff = _rate_design_effect(candidate, error, icc)
    n, k = len(candidate.values) / deff, sum(candidate.values) / deff
    # P(X <= k) and P(X >= k) of a binomial, by the beta distribution so that k need not be whole.
    under = 1.0 if k >= n else float(special.betainc(n - k, k + 1, 1 - limit))
    over = 1.0 if k <= 0 else float(special.betainc(k, n - k + 1, limit))
    if error >= ZERO_SE:
        t = (candidate.rate - limit) / error
        under = max(under, float(special.stdtr(worlds - 1, t)))
        over = max(over, float(special.stdtr(worlds - 1, -t)))
    return Tested("limit", limit, candidate.rate, under, over, deff)


def difference_bounds(
    candidate: Answers, baseline: Answers, *, level: float, icc: float = DEFAULT_ICC
) -> Interval:
    """Give the two one-sided bounds, each at `level`, that agree with `against_margin`.

    Args:
        candidate: 1 for each answer that is the worse.
        baseline: The same of the baseline.
        level: One-sided error of either bound.
        icc: As there.

    Returns:
        The bounds; -1 and 1 with fewer than two worlds.
    """
    worlds = {*map(str, candidate.worlds), *map(str, baseline.worlds)}
    if len(worlds) < 2:
        return Interval(-1.0, 1.0)
    error = _difference_error(candidate, baseline)
    deff = _difference_design_effect(candidate, baseline, error, icc)
    score = score_interval_difference(
        sum(candidate.values) / deff,
        len(candidate.values) / deff,
        sum(baseline.values) / deff,
        len(baseline.values) / deff,
        1 - 2 * level,
    )
    if error < ZERO_SE:
        return score
    t = world_difference(candidate, baseline, confidence=1 - 2 * level).interval
    return Interval(
        max(-1.0, min(score.lower, t.lower)),
        min(1.0, max(score.upper, t.upper)),
    )


def rate_bounds(candidate: Answers, *, level: float, icc: float = DEFAULT_ICC) -> Interval:
    """Give the two one-sided bounds, each at `level`, that agree with `against_limit`.

    Args:
        candidate: 1 for each answer that is the worse.
        level: One-sided error of either bound.
        icc: As there.

    Returns:
        The bounds; 0 and 1 with fewer than two worlds.
    """
    if len({*map(str, candidate.worlds)}) < 2:
        return Interval(0.0, 1.0)
    error = _rate_error(candidate)
    deff = _rate_design_effect(candidate, error, icc)
    k, n = sum(candidate.values) / deff, len(candidate.values) / deff
    exact = clopper_pearson(k, n, confidence=1 - 2 * level)
    if error < ZERO_SE:
        return exact
    t = clustered_rate(candidate.values, candidate.worlds, confidence=1 - 2 * level).interval
    return Interval(min(exact.lower, t.lower), max(exact.upper, t.upper))


def _rate_error(side: Answers) -> float:
    index = cluster_index(side.worlds)
    residuals = (np.asarray(side.values, dtype=float) - side.rate) / len(side.values)
    return between_se(cluster_sums(residuals, index))


def _difference_error(candidate: Answers, baseline: Answers) -> float:
    index = cluster_index([*candidate.worlds, *baseline.worlds])
    parts = [
        sign * (np.asarray(side.values, dtype=float) - side.rate) / len(side.values)
        for side, sign in ((candidate, 1), (baseline, -1))
    ]
    return between_se(cluster_sums(np.concatenate(parts), index))


def _binomial_variance(side: Answers) -> float:
    return side.rate * (1 - side.rate) / len(side.values)


def _assumed(side: Answers, icc: float) -> float:
    return design_effect(len(side.values), len({*map(str, side.worlds)}), icc)


def _rate_design_effect(side: Answers, error: float, icc: float) -> float:
    variance = _binomial_variance(side)
    return max(_assumed(side, icc), error**2 / variance if variance > 0 else 1.0)


def _difference_design_effect(
    candidate: Answers, baseline: Answers, error: float, icc: float
) -> float:
    variance = _binomial_variance(candidate) + _binomial_variance(baseline)
    shown = error**2 / variance if variance > 0 else 1.0
    return max(_assumed(candidate, icc), _assumed(baseline, icc), shown)
