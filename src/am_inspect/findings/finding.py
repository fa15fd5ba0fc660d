"""What a test of a published claim takes and what it says."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ..stats import Cell, Interval

Verdict = Literal["supported", "contradicted", "not_identified"]


@dataclass(frozen=True)
class Restraint:
    """Of the answers that considered the lever, those that did not use it.

    Attributes:
        held_back: Events are the answers that held back, of those that considered it.
        measure: `graded`: by the ladder of a grader. `keywords`: one of the study's words and no
            blackmail, which also fires where there is nothing to consider.
    """

    held_back: Cell
    measure: Literal["graded", "keywords"]


@dataclass(frozen=True)
class ModelCell:
    """One row: a model's answers in one cell.

    Attributes:
        model: Which.
        family: Whose.
        size_b: Parameters in billions; NaN if not known.
        cell: Which cell of the design.
        blackmail: Answers with blackmail: counts of one prompt, or answers by world.
        restraint: None where nobody considered it or it was not asked.
        forms: How many blackmailing answers took which form; empty where no form was graded.
    """

    model: str
    family: str
    size_b: float
    cell: str
    blackmail: Cell
    restraint: Restraint | None = None
    forms: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Finding:
    """A claim put to rows.

    Attributes:
        claim: The claim, in words.
        estimate: What was estimated, in the unit that `measured` names; NaN if nothing could be.
        interval: Its 95% interval; NaN likewise.
        measured: What the estimate is.
        p_value: Of the test that the function names; NaN without one.
        verdict: `supported`, `contradicted`, or `not_identified` where the rows can tell neither.
        sentence: The result in one plain sentence, no stronger than the test.
        of_models: The same by model, where the claim is about each.
    """

    claim: str
    estimate: float
    interval: Interval
    measured: str
    p_value: float
    verdict: Verdict
    sentence: str
    of_models: tuple[tuple[str, Finding], ...] = ()


def unknown(claim: str, measured: str, why: str) -> Finding:
    """Give the finding that nothing can be said."""
    nothing = Interval(math.nan, math.nan)
    return Finding(claim, math.nan, nothing, measured, math.nan, "not_identified", why)


def of_cell(rows: Sequence[ModelCell], cell: str) -> dict[str, ModelCell]:
    """Give the rows of a cell by model.

    Raises:
        ValueError: If a model has two.
    """
    found: dict[str, ModelCell] = {}
    for row in rows:
        if row.cell == cell:
            if row.model in found:
                raise ValueError(f"{row.model} has two rows of {cell}: pool them before")
            found[row.model] = row
    return found


def percent(value: float) -> str:
    """Write a share as percent, an endless one in words."""
    if math.isnan(value):
        return "not defined"
    return f"{100 * value:.0f}%" if math.isfinite(value) else "no bound"


def span(interval: Interval) -> str:
    """Write an interval of shares as `[6%, 69%]`."""
    return f"[{percent(interval.lower)}, {percent(interval.upper)}]"
