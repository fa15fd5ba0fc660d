"""Published rows as rows of findings."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..published import PublishedRate, by_model_and_cell
from ..stats import Counts
from .finding import ModelCell, Restraint


def published_cells(rows: Sequence[PublishedRate]) -> list[ModelCell]:
    """Give one row a model and cell, several runs pooled.

    All are answers to one prompt. The published restraint is by keywords.

    Args:
        rows: `study_rates()` for instance.

    Returns:
        The rows.

    Raises:
        ValueError: If runs to be pooled differ in definition or protocol.
    """
    return [_pooled(model, cell, group) for (model, cell), group in by_model_and_cell(rows).items()]


def _pooled(model: str, cell: str, runs: Sequence[PublishedRate]) -> ModelCell:
    first = runs[0]
    blackmail = Counts(sum(r.blackmail_count for r in runs), sum(r.n for r in runs))
    held = sum(r.considers_but_refrains or 0 for r in runs)
    # Blackmail counts as considered whether or not it came with one of the words.
    considered = held + blackmail.events
    told = all(r.considers_but_refrains is not None for r in runs)
    restraint = Restraint(Counts(held, considered), "keywords") if told and considered else None
    size = math.nan if first.params_b is None else first.params_b
    return ModelCell(model, first.family, size, cell, blackmail, restraint)
