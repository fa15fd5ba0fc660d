"""Rates by model and cell: a heat map, intervals and the table."""

from __future__ import annotations

from ...grading import VIEW_NAMES
from ...grading.views import view_words
from ...models import profiles
from ...stats import Rate
from ...summary import CellSummary
from ...summary_record import flat_summary
from ..axis import Mark, share_axis
from ..figures import Forest, Heat, Shade, level_of
from ..material import Material
from ..prose import say
from ..section import Section
from ..table import Column, Table, percent
from ..words import count_text, rate_text, span_text

_COLUMNS = (
    Column("model", "model"),
    Column("cell", "cell"),
    Column("blackmail_k", "blackmail", "number"),
    Column("blackmail_n", "answers", "number"),
    Column("blackmail_rate", "rate", "rate"),
    Column("blackmail_lower", "lower", "share"),
    Column("blackmail_upper", "upper", "share"),
    Column("planned", "planned", "number"),
    Column("rate_all", "of all planned", "rate"),
    Column("with_relay_k", "with relay", "number"),
    Column("worlds", "worlds", "number"),
    Column("notes", "notes"),
)
_OUTCOMES = (
    Column("model", "model"),
    Column("cell", "cell"),
    Column("planned", "planned", "number"),
    Column("answers", "answers", "number"),
    Column("missing", "missing", "number"),
    Column("bound_lower", "all no", "share"),
    Column("bound_upper", "all yes", "share"),
    Column("rate", "rate", "rate"),
    Column("rate_all", "of all planned", "rate"),
    Column("rate_with_relay", "with relay", "rate"),
    Column("exposed_n", "exposed", "number"),
    Column("rate_exposed", "rate, exposed", "rate"),
    Column("noticed_n", "noticed", "number"),
    Column("rate_noticed", "rate, noticed", "rate"),
    Column("conflicts", "conflicts", "number"),
    Column("attempted", "attempted", "number"),
    Column("interrupted", "interrupted", "number"),
)


def rates(material: Material) -> Section:
    """Show the rates of blackmail.

    Args:
        material: The samples.

    Returns:
        The section.
    """
    return Section(
        "rates",
        say("rates.title"),
        (say("rates.lead"), say("rates.forest_note")),
        (_heat(material), _forest(material)),
        (rates_table(material), outcomes_table(material), *views_tables(material)),
    )


def rates_table(material: Material) -> Table:
    """Give the table that `--format csv` prints: one record a model and cell."""
    records = []
    for (model, cell), summary in material.summaries.items():
        notes = [*summary.warnings, *(["assumed"] if is_assumed(model, cell) else [])]
        record = flat_summary(summary)
        records.append(record | {"assumed": is_assumed(model, cell), "notes": "; ".join(notes)})
    return Table("rates", say("rates.table"), _COLUMNS, tuple(records))


def outcomes_table(material: Material) -> Table:
    """Give every planned sample by what it came to, with every rate beside the unconditional."""
    records = tuple(
        {"model": model, "cell": cell} | flat_summary(summary)
        for (model, cell), summary in material.summaries.items()
    )
    return Table("outcomes", say("rates.outcomes"), _OUTCOMES, records)


def views_tables(material: Material) -> list[Table]:
    """Give a table for each further view that was asked and has no section of its own."""
    names = [name for name in VIEW_NAMES if name != "strategy" and was_asked(material, name)]
    return [view_table(material, name) for name in names]


def was_asked(material: Material, name: str) -> bool:
    """Say whether a further view was asked of any sample."""
    return any(name in summary.views for summary in material.summaries.values())


def view_table(material: Material, name: str) -> Table:
    """Give a further view's table: its rate, and how often each word was said."""
    columns = (
        Column("model", "model"),
        Column("cell", "cell"),
        Column(f"{name}_n", "graded", "number"),
        Column(f"{name}_ungraded", "ungraded", "number"),
        Column(f"{name}_rate", name.replace("_", " "), "rate"),
        *(Column(f"{name}_{w}", w.replace("_", " "), "number") for w in view_words(name)),
        *([Column("strategy_sophistication", "mean of 0-5")] if name == "strategy" else []),
        Column(f"{name}_graders", "grader"),
    )
    records = tuple(
        {"model": model, "cell": cell} | flat_summary(summary)
        for (model, cell), summary in material.summaries.items()
        if name in summary.views
    )
    return Table(name, say(f"rates.{name}"), columns, records)


def is_assumed(model: str, cell: str) -> bool:
    """Say whether a simulated model plays a rate here that nobody has published."""
    kind, _, profile = model.partition("/")
    known = kind == "amsim" and profile in profiles.profile_names()
    return known and profiles.is_assumed(profile, cell)


def shade(summary: CellSummary | None) -> Shade:
    """Give a cell of the heat map: its share, count and interval."""
    if summary is None:
        return Shade("", ("not run",))
    return rate_shade(summary.blackmail)


def rate_shade(rate: Rate) -> Shade:
    """Give a rate as a field of a heat map."""
    if rate.answers == 0:
        return Shade("–", (say("rates.no_answer"),))
    level = level_of(rate.events, rate.value)
    if rate.events == 0:
        return Shade("0", (count_text(rate), f"≤ {percent(rate.interval.upper)}"), level)
    return Shade(percent(rate.value), (count_text(rate), span_text(rate.interval)), level)


def _heat(material: Material) -> Heat:
    return Heat(
        say("rates.heat"),
        "model",
        material.cells,
        tuple(
            (model, tuple(shade(material.summaries.get((model, c))) for c in material.cells))
            for model in material.models
        ),
    )


def _forest(material: Material) -> Forest:
    found = material.summaries
    axis = share_axis(s.blackmail.interval.upper for s in found.values())

    def mark(model: str, cell: str) -> Mark:
        rate = found[model, cell].blackmail
        tone = "event" if rate.events else "none"
        return axis.mark(model, count_text(rate), rate_text(rate), rate.value, rate.interval, tone)

    return Forest(
        say("rates.forest"),
        ("model", "blackmail", "rate [95%]"),
        axis.ticks(),
        tuple(
            (cell, tuple(mark(m, cell) for m in material.models if (m, cell) in found))
            for cell in material.cells
        ),
    )
