"""Rates compared world by world: the primary way, since worlds are the clusters."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from ._clusters import ZERO_SE, between_se, cluster_index, cluster_sums, design_effect, t_quantile
from .contrasts import Contrast
from .mover import mover
from .rates import DEFAULT_ICC, Interval, clopper_pearson


@dataclass(frozen=True)
class Answers:
    """The answers of one cell (or one model, or one checkpoint).

    Attributes:
        values: 0 or 1, one an answer; missing ones are left out before.
        worlds: The world of each answer.

    Raises:
        ValueError: If there is none, lengths differ, or a value is neither 0 nor 1.
    """

    values: Sequence[int]
    worlds: Sequence[Hashable]

    def __post_init__(self) -> None:
        if len(self.values) != len(self.worlds):
            raise ValueError(f"{len(self.values)} values but {len(self.worlds)} worlds")
        if not len(self.values) or any(value not in (0, 1) for value in self.values):
            raise ValueError("a cell needs answers, each 0 or 1: leave missing ones out before")

    @property
    def rate(self) -> float:
        """Share of events."""
        return float(sum(self.values)) / len(self.values)


def world_contrast(
    cells: Sequence[Answers],
    weights: Sequence[float],
    *,
    confidence: float = 0.95,
    icc: float = DEFAULT_ICC,
) -> Contrast:
    """Give a weighted sum of the rates of cells that were tried in the same worlds.

    Each rate is the ratio estimator k / n; its residuals are added up by world with the weights,
    so that what a world does to all cells alike cancels. SE = sqrt(W / (W - 1) x sum of squares)
    (Binder, International Statistical Review 51, 1983), t with W - 1 degrees of freedom. With
    equally many answers in each world and weights 1, -1 it is the paired t interval of the
    worlds' shares. Where that error is 0 (no event anywhere, or the same in every world), the
    cells' Clopper-Pearson intervals over their design effects are joined (`mover`) instead.

    Args:
        cells: The cells; between them at least two worlds.
        weights: One a cell, 1 and -1 for a difference.
        confidence: Two-sided level.
        icc: Intra-class correlation in the design effects.

    Returns:
        The contrast; `p_greater` is one-sided against 0.

    Raises:
        ValueError: If lengths differ or there are fewer than two worlds.
    """
    if len(cells) != len(weights):
        raise ValueError(f"{len(cells)} cells but {len(weights)} weights: one each is needed")
    index = cluster_index([world for cell in cells for world in cell.worlds])
    worlds = int(index.max()) + 1 if len(index) else 0
    if worlds < 2:
        raise ValueError(f"{worlds} worlds: at least two are needed")
    parts = [
        weight * (np.asarray(cell.values, dtype=float) - cell.rate) / len(cell.values)
        for cell, weight in zip(cells, weights, strict=True)
    ]
    value = sum(weight * cell.rate for cell, weight in zip(cells, weights, strict=True))
    error = between_se(cluster_sums(np.concatenate(parts), index))
    if error < ZERO_SE:
        ends = mover(
            [cell.rate for cell in cells], [_exact(c, confidence, icc) for c in cells], weights
        )
        return Contrast(value, ends, _p_from(value, ends, confidence), "clopper_pearson_deff")
    half = t_quantile(confidence, worlds - 1) * error
    p = float(special.stdtr(worlds - 1, -value / error))
    return Contrast(value, Interval(value - half, value + half), p, "clustered_t")


def world_difference(
    first: Answers, second: Answers, *, confidence: float = 0.95, icc: float = DEFAULT_ICC
) -> Contrast:
    """Give the difference of two rates, first less second, paired by world (`world_contrast`)."""
    return world_contrast([first, second], [1, -1], confidence=confidence, icc=icc)


def world_ratio(first: Answers, second: Answers, *, confidence: float = 0.95) -> Contrast:
    """Give the ratio of two rates, first over second, paired by world.

    The log of the ratio is linearized: a world's residual is r1 / k1 - r2 / k2 with the cells'
    residual totals r and events k (Binder 1983, as above); t with W - 1 degrees of freedom.

    Args:
        first: Numerator.
        second: Denominator.
        confidence: Two-sided level.

    Returns:
        The ratio; `p_greater` is one-sided against 1. Without an event on one of the sides, or
        without any spread, the interval is [0, infinity] and the method `not_defined`.

    Raises:
        ValueError: If there are fewer than two worlds.
    """
    index = cluster_index([*first.worlds, *second.worlds])
    worlds = int(index.max()) + 1
    if worlds < 2:
        raise ValueError(f"{worlds} worlds: at least two are needed")
    nothing = Interval(0.0, math.inf)
    if second.rate == 0:
        return Contrast(math.nan, nothing, math.nan, "not_defined")
    value = first.rate / second.rate
    if first.rate == 0:
        return Contrast(value, nothing, math.nan, "not_defined")
    parts = [
        sign * (np.asarray(cell.values, dtype=float) - cell.rate) / sum(cell.values)
        for cell, sign in ((first, 1), (second, -1))
    ]
    error = between_se(cluster_sums(np.concatenate(parts), index))
    if error < ZERO_SE:
        return Contrast(value, nothing, math.nan, "not_defined")
    half = math.exp(t_quantile(confidence, worlds - 1) * error)
    p = float(special.stdtr(worlds - 1, -math.log(value) / error))
    return Contrast(value, Interval(value / half, value * half), p, "clustered_log_t")


def _exact(cell: Answers, confidence: float, icc: float) -> Interval:
    n, k = len(cell.values), sum(cell.values)
    deff = design_effect(n, len(set(map(str, cell.worlds))), icc)
    return clopper_pearson(k / deff, n / deff, confidence=confidence)


def _p_from(value: float, ends: Interval, confidence: float) -> float:
    """Give the normal one-sided p at the standard error that the nearer end implies."""
    if value <= 0:
        return 1.0
    z = float(special.ndtri((1 + confidence) / 2))
    return float(special.ndtr(-value * z / (value - ends.lower)))
