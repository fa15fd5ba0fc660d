"""Our rates beside published ones, where definition and protocol are the same."""

from __future__ import annotations

from collections.abc import Sequence

from ...published_comparison import Beside, PublishedComparison, Refused, compare_published
from ...stats import Counts, wilson
from ..axis import Mark, share_axis
from ..figures import Forest
from ..material import Material
from ..prose import names, say
from ..section import Section
from ..table import Column, Table, percent
from ..words import points_text, span_text

_COLUMNS = (
    Column("model", "model"),
    Column("cell", "cell"),
    Column("definition", "definition"),
    Column("ours", "ours"),
    Column("published", "published"),
    Column("difference", "ours less published, points"),
    Column("missing", "missing of ours"),
    Column("published_model", "published as"),
    Column("source", "source"),
    Column("notes", "what differs"),
)
_REFUSED = (Column("model", "model"), Column("cell", "cell"), Column("why", "why"))


def published(material: Material) -> Section:
    """Show published rates beside those of this batch.

    Args:
        material: The samples.

    Returns:
        The section.
    """
    return published_section(compare_published(material.rows, material.runs))


def published_section(found: PublishedComparison) -> Section:
    """Show a comparison, and what was refused with the reason.

    Args:
        found: The comparison.

    Returns:
        The section.
    """
    title = say("published.title")
    why = tuple(_reason(reason, found.refused) for reason in _reasons(found.refused))
    if not found.beside:
        reasons = " ".join(why) or say("published.nothing")
        return Section("published", title, absent=say("published.absent", why=reasons))
    tables = [
        Table(
            "published",
            say("published.table"),
            _COLUMNS,
            tuple(_record(one) for one in found.beside),
        )
    ]
    if found.refused:
        records = tuple(refused_records(found.refused))
        tables.append(Table("published_refused", say("published.refused"), _REFUSED, records))
    lead = (say("published.lead"), *why)
    return Section("published", title, lead, (_forest(found.beside),), tuple(tables))


def refused_records(refused: Sequence[Refused]) -> list[dict[str, object]]:
    """Give what was refused as plain values.

    Args:
        refused: The refusals.

    Returns:
        A record a refusal.
    """
    return [
        {
            "model": one.setting.model,
            "cell": one.setting.cell,
            "protocol": one.setting.protocol,
            "delivery": one.setting.delivery,
            "grader": one.setting.grader,
            "why": one.why,
        }
        for one in refused
    ]


def _reasons(refused: Sequence[Refused]) -> list[str]:
    return list(dict.fromkeys(one.why for one in refused))


def _reason(why: str, refused: Sequence[Refused]) -> str:
    pairs = [f"{r.setting.model} {r.setting.cell}" for r in refused if r.why == why]
    return say("published.refusal", pairs=names(pairs, 3), why=why)


def _record(one: Beside) -> dict[str, object]:
    first = one.rows[0]
    own = wilson(one.ours.events, one.ours.answers)
    theirs = wilson(one.published.events, one.published.answers)
    return {
        "model": one.setting.model,
        "cell": one.setting.cell,
        "score": one.score,
        "definition": one.definition,
        "protocol": first.protocol,
        "ours": _counted(one.ours),
        "ours_events": one.ours.events,
        "ours_answers": one.ours.answers,
        "ours_rate": one.ours.rate,
        "ours_lower": own.lower,
        "ours_upper": own.upper,
        "missing": one.missing,
        "published": _counted(one.published),
        "published_events": one.published.events,
        "published_answers": one.published.answers,
        "published_rate": one.published.rate,
        "published_lower": theirs.lower,
        "published_upper": theirs.upper,
        "published_rows": len(one.rows),
        "difference": points_text(one.contrast.value, one.contrast.interval),
        "difference_value": one.contrast.value,
        "difference_lower": one.contrast.interval.lower,
        "difference_upper": one.contrast.interval.upper,
        "published_model": first.model,
        "source": first.source,
        "verification": "; ".join(dict.fromkeys(row.verification for row in one.rows)),
        "published_notes": "; ".join(filter(None, (row.notes for row in one.rows))),
        "grader": one.setting.grader,
        "dataset_sha": one.setting.dataset_sha,
        "rubric_sha": one.setting.rubric_sha,
        "published_grader": first.grader,
        "notes": "; ".join(one.notes),
    }


def _counted(counts: Counts) -> str:
    ends = wilson(counts.events, counts.answers)
    if counts.events == 0:
        return f"0 of {counts.answers}; at most {percent(ends.upper)}"
    return f"{counts.events} of {counts.answers}, {percent(counts.rate)} {span_text(ends)}"


def _forest(found: Sequence[Beside]) -> Forest:
    sides = [counts for one in found for counts in (one.ours, one.published)]
    axis = share_axis(wilson(c.events, c.answers).upper for c in sides)

    def mark(label: str, counts: Counts) -> Mark:
        ends, tone = wilson(counts.events, counts.answers), "event" if counts.events else "none"
        count = f"{counts.events} of {counts.answers}"
        return axis.mark(label, count, _counted(counts), counts.rate, ends, tone)

    return Forest(
        say("published.forest"),
        ("whose", "blackmail", "rate [95%]"),
        axis.ticks(),
        tuple(
            (
                f"{one.setting.model}, {one.setting.cell}, {one.definition}",
                (mark("ours", one.ours), mark("published", one.published)),
            )
            for one in found
        ),
    )
