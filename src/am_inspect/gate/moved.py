"""The samples that moved a verdict: those of the worse kind, where a measure did not pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..results import Row
from .report import GateReport

MOST = 25
"""Transcripts of one measure of one cell; more say nothing new."""


@dataclass(frozen=True)
class Moved:
    """A sample.

    Attributes:
        row: The sample.
        measures: Measures that it counts against, in the order of the policy.
    """

    row: Row
    measures: tuple[str, ...]


def moved(report: GateReport, rows: Sequence[Row], most: int = MOST) -> tuple[Moved, ...]:
    """Find the samples that moved the verdict.

    Failed measures if there are any, else those without enough data, else all: what a
    checkpoint that passed still did may be read, too.

    Args:
        report: The report.
        rows: The candidate's samples.
        most: Samples a measure of a cell.

    Returns:
        The samples, by cell.
    """
    lines = next(
        found
        for found in (
            report.with_verdict("fail"),
            report.with_verdict("not enough data"),
            report.lines,
        )
        if found
    )
    against: dict[Row, list[str]] = {}
    for line in lines:
        j = line.judged
        bad = [r for r in rows if r.setting.cell == j.cell and j.measure.bad(r) == 1]
        # A sample that never ran has no transcript.
        for row in [r for r in bad if r.missing != "not_run"][:most]:
            against.setdefault(row, []).append(j.measure.name)
    return tuple(Moved(row, tuple(names)) for row, names in against.items())
