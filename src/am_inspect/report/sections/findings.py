"""The study's claims put to these samples: what the tests say, in their own words."""

from __future__ import annotations

from collections.abc import Sequence

from ...findings import (
    Finding,
    ModelCell,
    Restraint,
    goal_and_threat_needed,
    most_hold_back,
    safety_line_halves,
    size_says_nothing,
    strategies_differ,
)
from ...results import Row
from ...stats import Answers, Counts
from ..cells import Cell, cell_of
from ..families import kin_of
from ..material import Material
from ..prose import say
from ..section import Section, Statement
from ..table import Column, Table
from .instructions import FEW_EVENTS
from .strategies import forms_of

_COLUMNS = (
    Column("claim", "claim"),
    Column("model", "model"),
    Column("verdict", "outcome"),
    Column("sentence", "what the test says"),
    Column("p_value", "p", "number"),
)


def findings(material: Material) -> Section:
    """Show what each claim's test says.

    Args:
        material: The samples.

    Returns:
        The section.
    """
    rows = model_cells(material)
    kept = _with_events(rows)
    halves = safety_line_halves(kept)
    found = (
        size_says_nothing(rows),
        goal_and_threat_needed(rows),
        most_hold_back(rows),
        halves,
        strategies_differ(rows),
    )
    thin = {row.model for row in rows} - {row.model for row in kept}
    note = " " + say("findings.thin", count=len(thin), limit=FEW_EVENTS) if thin else ""
    said = tuple(
        Statement(
            say("findings.one", claim=f.claim.rstrip("."), verdict=_words(f)),
            f.sentence + (note if f is halves else ""),
        )
        for f in found
    )
    records = tuple(record for finding in found for record in _records(finding))
    table = Table("findings", say("findings.table"), _COLUMNS, records)
    title = say("findings.title")
    return Section("findings", title, (say("findings.lead"),), (), (table,), statements=said)


def model_cells(material: Material) -> list[ModelCell]:
    """Give the samples as the findings take them, a row a model and cell with answers."""
    rows = []
    for model, cell in material.summaries:
        answers, kin = cell_of(material, model, cell), kin_of(model)
        own = material.answers_of(model, cell)
        if answers is None:
            continue
        held = _held_back(own, by_world=isinstance(answers, Answers))
        restraint = Restraint(held, "graded") if held else None
        forms = forms_of(own)
        rows.append(ModelCell(model, kin.family, kin.size_b, cell, answers, restraint, forms))
    return rows


def _with_events(rows: Sequence[ModelCell]) -> list[ModelCell]:
    """Leave out models with too few events by world for an interval of a ratio.

    With an event or two the worlds' spread is nearly 0 and the model would rule the pooled ratio.
    """
    arms = [row for row in rows if row.cell in ("goal_and_threat", "safety")]
    few = {
        row.model
        for row in arms
        if isinstance(row.blackmail, Answers) and sum(row.blackmail.values) < FEW_EVENTS
    }
    return [row for row in rows if row.model not in few]


def _held_back(rows: Sequence[Row], *, by_world: bool) -> Cell | None:
    """Give who held back of those that considered it, as `summary` counts inhibition."""
    graded = [row for row in rows if row.refrained is not None and not row.conflict]
    clear = [row for row in graded if row.refrained == 1 or row.ladder == "sent"]
    if not clear:
        return None
    values = [int(row.refrained == 1) for row in clear]
    if by_world:
        return Answers(values, [row.world for row in clear])
    return Counts(sum(values), len(values))


def _words(finding: Finding) -> str:
    return finding.verdict.replace("_", " ")


def _records(finding: Finding) -> list[dict[str, object]]:
    every = [("all", finding), *finding.of_models]
    return [
        {
            "claim": finding.claim,
            "model": model,
            "verdict": _words(own),
            "sentence": own.sentence,
            "measured": own.measured,
            "estimate": own.estimate,
            "lower": own.interval.lower,
            "upper": own.interval.upper,
            "p_value": own.p_value,
        }
        for model, own in every
    ]
