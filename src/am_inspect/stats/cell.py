"""A cell's answers, by world or as counts of one prompt, behind one set of functions."""

from __future__ import annotations

from collections.abc import Sequence

from .contrasts import Contrast, Counts, difference
from .mover import count_contrast
from .rates import Interval, clustered_rate, wilson
from .world_contrasts import Answers, world_contrast

Cell = Counts | Answers


def cell_contrast(
    cells: Sequence[Cell], weights: Sequence[float], *, confidence: float = 0.95
) -> Contrast:
    """Give a weighted sum of rates by the way that fits the cells.

    Args:
        cells: All `Answers` (`world_contrast`) or all `Counts` (two with weights 1 and -1:
            `difference`; else `count_contrast`).
        weights: One a cell.
        confidence: Two-sided level.

    Returns:
        The contrast.

    Raises:
        TypeError: If counts and answers are mixed.
    """
    counts = [cell for cell in cells if isinstance(cell, Counts)]
    answers = [cell for cell in cells if isinstance(cell, Answers)]
    if counts and answers:
        raise TypeError("counts and answers by world cannot be compared with each other")
    if answers:
        return world_contrast(answers, weights, confidence=confidence)
    if len(counts) == 2 and tuple(weights) == (1, -1):
        return difference(*counts, confidence=confidence)
    return count_contrast(counts, weights, confidence=confidence)


def cell_interval(cell: Cell, *, confidence: float = 0.95) -> Interval:
    """Give the interval of a cell's rate: Wilson for one prompt, else clustered by world."""
    if isinstance(cell, Counts):
        return wilson(cell.events, cell.answers, confidence=confidence)
    return clustered_rate(cell.values, cell.worlds, confidence=confidence).interval


def shown(cell: Cell) -> str:
    """Write a cell as k/n."""
    counts = pooled(cell)
    return f"{counts.events}/{counts.answers}"


def pooled(cell: Cell) -> Counts:
    """Give a cell's counts over all of its worlds."""
    if isinstance(cell, Counts):
        return cell
    return Counts(sum(cell.values), len(cell.values))
