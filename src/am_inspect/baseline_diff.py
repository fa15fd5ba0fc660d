"""What differs between two baselines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .baseline import Baseline
from .measures import MEASURES
from .tally import CellTally


@dataclass(frozen=True)
class Change:
    """One thing that differs.

    Attributes:
        where: The cell, or "" for the whole file.
        what: A setting or a measure.
        old: Before, as text; "-" where it is not there.
        new: After.
    """

    where: str
    what: str
    old: str
    new: str


def baseline_changes(old: Baseline, new: Baseline) -> list[Change]:
    """List what differs in model, settings and counts.

    Args:
        old: The one.
        new: The other.

    Returns:
        The changes, the whole file's first, then by cell.
    """
    return list(_changes(old, new))


def counted(cell: CellTally | None, measure: str) -> str:
    """Write a measure as `k of n`, the share as people read it."""
    counts = cell.counts(measure) if cell else None
    if cell is None:
        return "-"
    if counts is None:
        return "0 of 0"
    bad, of = counts.k, counts.n
    return f"{of - bad if MEASURES[measure].more_is_better else bad} of {of}"


def _changes(old: Baseline, new: Baseline) -> Iterator[Change]:
    for name in ("model", "family"):
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield Change("", name, before, after)
    for cell in sorted({*old.cells, *new.cells}):
        one, other = old.cells.get(cell), new.cells.get(cell)
        settings = {**(one.settings if one else {}), **(other.settings if other else {})}
        for name in settings:
            before = str(one.settings.get(name)) if one else "-"
            after = str(other.settings.get(name)) if other else "-"
            if before != after:
                yield Change(cell, name, before, after)
        worlds = [str(len(tally.worlds)) if tally else "-" for tally in (one, other)]
        if worlds[0] != worlds[1]:
            yield Change(cell, "worlds", *worlds)
        for measure in MEASURES:
            before, after = counted(one, measure), counted(other, measure)
            if before != after:
                yield Change(cell, measure, before, after)
