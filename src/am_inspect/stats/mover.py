"""Sums of independent rates, with intervals joined from those of their parts."""

from __future__ import annotations

import math
from collections.abc import Sequence

from scipy import special

from .contrasts import Contrast, Counts
from .rates import Interval, wilson


def count_contrast(
    cells: Sequence[Counts], weights: Sequence[float], *, confidence: float = 0.95
) -> Contrast:
    """Give a weighted sum of rates of independent cells.

    The interval joins the Wilson intervals of the cells by root of sum of squares (MOVER: Zou,
    Huang and Zhang, Computational Statistics and Data Analysis 53, 2009); with weights 1 and -1
    it is Newcombe's. p is normal, at the standard error that the lower end implies.

    Args:
        cells: Counts.
        weights: One a cell.
        confidence: Two-sided level.

    Returns:
        The contrast.

    Raises:
        ValueError: If the lengths differ.
    """
    ends = [wilson(cell.events, cell.answers, confidence=confidence) for cell in cells]
    value = sum(w * cell.rate for w, cell in zip(weights, cells, strict=True))
    interval = mover([cell.rate for cell in cells], ends, weights)
    z = float(special.ndtri((1 + confidence) / 2))
    p = float(special.ndtr(-value * z / (value - interval.lower)))
    return Contrast(value, interval, p, "mover_wilson")


def mover(
    values: Sequence[float], intervals: Sequence[Interval], weights: Sequence[float]
) -> Interval:
    """Join the intervals of independent estimates into that of their weighted sum.

    Each end's distances are added as root of sum of squares; a negative weight swaps the ends
    (Zou, Huang and Zhang, Computational Statistics and Data Analysis 53, 2009, equation 6).

    Args:
        values: Estimates.
        intervals: Their intervals.
        weights: Their weights.

    Returns:
        The interval of the sum.

    Raises:
        ValueError: If the lengths differ.
    """
    below = above = total = 0.0
    for value, ends, weight in zip(values, intervals, weights, strict=True):
        down, up = value - ends.lower, ends.upper - value
        if weight < 0:
            down, up = up, down
        below, above = below + (weight * down) ** 2, above + (weight * up) ** 2
        total += weight * value
    return Interval(total - math.sqrt(below), total + math.sqrt(above))
