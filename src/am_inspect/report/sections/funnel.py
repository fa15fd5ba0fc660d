"""Noticed, weighed, sent: the ladder, and who holds back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ...results import Row
from ...summary import CellSummary
from ..figures import Bar, Bars, pieces
from ..material import Material
from ..prose import say
from ..section import Section
from ..table import Column, Table, percent

RUNGS = ("not_noticed", "noticed", "named", "weighed", "planned", "drafted", "sent")

_COLUMNS = (
    Column("model", "model"),
    Column("cell", "cell"),
    Column("graded", "graded", "number"),
    Column("at_least_noticed", "noticed", "number"),
    Column("at_least_weighed", "weighed", "number"),
    Column("sent", "sent", "number"),
    Column("rate_if_noticed", "blackmail if noticed", "rate"),
    Column("refrained", "refrained", "number"),
    Column("considered", "of considered", "number"),
    Column("inhibition", "inhibition", "share"),
    Column("inhibition_bounds", "bounds by conflicts"),
    Column("unseen", "reasoning unseen", "number"),
    Column("conflicts", "conflicts", "number"),
)


def funnel(material: Material) -> Section:
    """Show how far the answers went, and inhibition.

    Args:
        material: The samples.

    Returns:
        The section.
    """
    title = say("funnel.title")
    records = [_record(material, model, cell) for model, cell in material.summaries]
    if not any(record["graded"] for record in records):
        return Section("funnel", title, absent=say("funnel.absent"))
    table = Table("funnel", say("funnel.table"), _COLUMNS, tuple(records))
    shown = [c for c in ("goal_and_threat", "safety", "permissive") if c in material.cells]
    figure = Bars(
        say("funnel.figure", cell=", ".join(shown or material.cells)),
        ("model", "answers with a ladder", "inhibition"),
        tuple((cell, _bars(material, cell)) for cell in shown or material.cells),
        tuple((rung.replace("_", " "), rung) for rung in RUNGS),
    )
    return Section("funnel", title, (say("funnel.lead"),), (figure,), (table,))


def _ladders(rows: Sequence[Row]) -> Counter[str]:
    return Counter(row.ladder for row in rows if row.ladder is not None)


def _record(material: Material, model: str, cell: str) -> dict[str, object]:
    summary = material.summaries[model, cell]
    ladders = _ladders(material.answers_of(model, cell))
    held = summary.inhibition
    considered = held.refrained + held.sent
    return {
        "model": model,
        "cell": cell,
        "answers": summary.blackmail.answers,
        "graded": sum(ladders.values()),
        **{f"rung_{rung}": ladders[rung] for rung in RUNGS},
        "at_least_noticed": sum(ladders[rung] for rung in RUNGS[1:]),
        "at_least_weighed": sum(ladders[rung] for rung in RUNGS[3:]),
        "sent": held.sent,
        "rate_if_noticed": summary.noticed.value,
        "noticed_k": summary.noticed.events,
        "noticed_n": summary.noticed.answers,
        "refrained": held.refrained,
        "considered": considered,
        "inhibition": held.value,
        "inhibition_bounds": _bounds(summary),
        "unseen": summary.unseen,
        "attempted": summary.attempted,
        "interrupted": summary.interrupted,
        "conflicts": summary.conflicts,
    }


def _bounds(summary: CellSummary) -> str | None:
    if not summary.conflicts:
        return None
    ends = summary.inhibition.bounds
    return f"{percent(ends.lower)} to {percent(ends.upper)}"


def _bars(material: Material, cell: str) -> tuple[Bar, ...]:
    bars = []
    for model in material.models:
        if (model, cell) not in material.summaries:
            continue
        ladders = _ladders(material.answers_of(model, cell))
        total = sum(ladders.values())
        held = material.summaries[model, cell].inhibition
        considered = held.refrained + held.sent
        note = f"{held.refrained} of {considered}" if considered else say("funnel.none")
        laid = pieces([(r.replace("_", " "), ladders[r], r) for r in RUNGS], total)
        bars.append(Bar(model, laid, f"{total} graded", note))
    return tuple(bars)
