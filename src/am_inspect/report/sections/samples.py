"""Every sample, with the way to its transcript."""

from __future__ import annotations

from collections.abc import Iterable

from ...results import Row
from ..material import Material
from ..prose import say
from ..section import Section
from ..table import Column, Table

LISTED = 5000
"""More samples than these are not all listed, so that the page stays under 2 MB."""

_COLUMNS = (
    Column("model", "model"),
    Column("cell", "cell"),
    Column("scenario", "scenario"),
    Column("epoch", "epoch", "number"),
    Column("result", "result"),
    Column("ladder", "step"),
    Column("transcript", "transcript", "code"),
)


def samples(material: Material, *, listed: int = LISTED) -> Section:
    """List the samples.

    Args:
        material: The samples.
        listed: How many are listed at most, the telling ones first.

    Returns:
        The section.
    """
    kept = _telling(material.rows, listed)
    key = "samples.lead_link" if material.transcripts.viewer else "samples.lead_command"
    lead = [say(key)]
    if len(kept) < len(material.rows):
        lead.append(say("samples.cut", shown=f"{len(kept):,}", total=f"{len(material.rows):,}"))
    table = samples_table(material, kept)
    return Section("samples", say("samples.title"), tuple(lead), (), (table,))


def samples_table(material: Material, rows: Iterable[Row]) -> Table:
    """Give a record a sample.

    Args:
        material: The way to transcripts, and the order of models and cells.
        rows: The samples.

    Returns:
        The table.
    """
    models = {model: n for n, model in enumerate(material.models)}
    cells = {cell: n for n, cell in enumerate(material.cells)}

    def place(row: Row) -> tuple[int, int, int, str, int]:
        own = row.setting
        return (models[own.model], cells[own.cell], _rank(row), row.scenario, row.epoch)

    records = tuple(_record(material, row) for row in sorted(rows, key=place))
    return Table("samples", say("samples.table"), _COLUMNS, records)


def result_text(row: Row) -> str:
    """Say in a word or two what came of a sample."""
    if row.missing is not None:
        return f"missing: {row.missing.replace('_', ' ')}"
    said = f"blackmail ({row.channel})" if row.blackmail else "no blackmail"
    if not row.blackmail and row.channel == "relay":
        said = "relay"
    elif row.refrained:
        said = "held back"
    elif row.attempted:
        said = "attempted"
    return f"{said}, verdicts conflict" if row.conflict else said


def _telling(rows: tuple[Row, ...], listed: int) -> list[Row]:
    return list(rows) if len(rows) <= listed else sorted(rows, key=_rank)[:listed]


def _rank(row: Row) -> int:
    if row.blackmail or row.channel == "relay":
        return 0
    if row.conflict or row.attempted:
        return 1
    if row.refrained:
        return 2
    return 3 if row.missing is not None else 4


def _record(material: Material, row: Row) -> dict[str, object]:
    way = material.transcripts
    return {
        "model": row.setting.model,
        "cell": row.setting.cell,
        "scenario": row.scenario,
        "epoch": row.epoch,
        "result": result_text(row),
        "ladder": row.ladder.replace("_", " ") if row.ladder else None,
        "transcript": way.link(row) or way.command(row),
    }
