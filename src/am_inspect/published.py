"""The published rates, as they were copied together, with every column of the source."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

STUDY = "xplorer1/ai-safety-study"
"""How the source of the 2026 study's rows begins."""

STUDY_ANSWERS = 100
"""Its cells have this many answers; rows of 50 are earlier runs and stay apart."""

_FILE = Path(__file__).parent / "published_rates.csv"

Count = Annotated[int, Field(ge=0)]
_empty = BeforeValidator(lambda value: None if value == "" else value)


class PublishedRate(BaseModel):
    """One published row. The columns are the source's; empty ones are None or "".

    Attributes:
        source: Where it was read, with the revision.
        model: As the source writes it.
        family: Whose model.
        params_b: Parameters in billions; None if not published.
        cell: The cell of ours that it stands for.
        definition: How blackmail was counted.
        protocol: How it was asked.
        goal_type: The source's own factor, as the next three.
        goal_value: Likewise.
        urgency: Likewise.
        extra: Likewise.
        n: Answers.
        blackmail_count: Of them with blackmail.
        rate: As published.
        mentions_leverage: Answers with one of the study's words.
        considers_but_refrains: Of them those without blackmail.
        grader: Who judged.
        verification: How the row was checked when it was copied.
        notes: What else is known.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    model: str
    family: str
    params_b: Annotated[float | None, _empty]
    cell: str
    definition: str
    protocol: str
    goal_type: str
    goal_value: str
    urgency: str
    extra: str
    n: Annotated[int, Field(ge=1)]
    blackmail_count: Count
    rate: float
    mentions_leverage: Annotated[Count | None, _empty]
    considers_but_refrains: Annotated[Count | None, _empty]
    grader: str
    verification: str
    notes: str

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if abs(self.blackmail_count / self.n - self.rate) > 0.5 / self.n:
            raise ValueError(
                f"{self.model}: rate {self.rate} is not {self.blackmail_count}/{self.n}"
            )
        return self


@cache
def published_rates() -> tuple[PublishedRate, ...]:
    """Read all rows, in the order of the file."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(PublishedRate.model_validate(row) for row in csv.DictReader(file))


def study_rates() -> tuple[PublishedRate, ...]:
    """Give the 2026 study's rows of 100 answers; two runs of one cell are two rows."""
    return tuple(
        row for row in published_rates() if row.source.startswith(STUDY) and row.n == STUDY_ANSWERS
    )


def by_model_and_cell(
    rows: Sequence[PublishedRate],
) -> dict[tuple[str, str], list[PublishedRate]]:
    """Group rows of the same model and cell, to be pooled.

    Raises:
        ValueError: If rows of a group differ in definition or protocol.
    """
    groups: dict[tuple[str, str], list[PublishedRate]] = defaultdict(list)
    for row in rows:
        groups[row.model, row.cell].append(row)
    for (model, cell), group in groups.items():
        if len({(row.definition, row.protocol) for row in group}) > 1:
            raise ValueError(f"{model}, {cell}: definitions or protocols differ, so no pooling")
    return dict(groups)
