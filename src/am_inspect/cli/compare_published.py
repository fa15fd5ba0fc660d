"""`am-inspect compare-published`: our rates beside published ones."""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from ..errors import BadInputError
from ..published_comparison import PublishedComparison, compare_published
from ..report import Section, published_section, refused_records, section_markdown
from ..report.table import plain
from ..results import LeftOut, read_results

_SHOWN = ("model", "cell", "definition", "ours", "published", "difference")
"""Columns on a terminal; the other formats have all."""


class ComparisonFormat(StrEnum):
    """How the comparison is printed."""

    table = "table"
    md = "md"
    csv = "csv"
    json = "json"


class NothingComparedError(BadInputError):
    """No rate of these logs may be put beside a published one."""


def compare(
    logs: Annotated[list[Path], typer.Argument(help="Logs, or folders of logs.")],
    against: Annotated[
        list[str] | None,
        typer.Option(
            help="MODEL=NAME: the published name of a model of ours; may be given several times."
        ),
    ] = None,
    format: Annotated[
        ComparisonFormat, typer.Option(help="table, md, csv or json.")
    ] = ComparisonFormat.table,
) -> None:
    """Print rates of the published protocol beside the published rates.

    Only the same model, cell, definition and protocol are compared; what is not says why. Exit
    code 2 if nothing could be compared.
    """
    read = read_results(logs)
    found = compare_published(read.rows, read.runs, dict(map(_pair, against or ())))
    section = published_section(found)
    if format is ComparisonFormat.table:
        _print_table(found, section, read.left_out)
    elif format is ComparisonFormat.json:
        typer.echo(_json(found, section, read.left_out))
    else:
        markdown = format is ComparisonFormat.md
        for table in section.tables[: 0 if markdown else 1]:
            typer.echo(table.csv(), nl=False)
        if markdown:
            typer.echo(section_markdown(section), nl=False)
        for line in _left_out(read.left_out):
            typer.echo(line, err=True)
    if not found.beside:
        why = "; ".join(dict.fromkeys(one.why for one in found.refused))
        raise NothingComparedError(f"nothing was compared: {why}")


def _pair(given: str) -> tuple[str, str]:
    ours, equals, name = given.partition("=")
    if not (ours and equals and name):
        raise NothingComparedError(f"--against {given}: MODEL=NAME is wanted")
    return ours, name


def _print_table(found: PublishedComparison, section: Section, left_out: Sequence[LeftOut]) -> None:
    console = Console(
        width=None if Console().is_terminal else 160, markup=False, emoji=False, highlight=False
    )
    if found.beside:
        (table, *_) = section.tables
        grid = Grid(title=table.caption)
        columns = [c for c in table.columns if c.key in _SHOWN]
        for column in columns:
            grid.add_column(column.label, overflow="fold")
        for record in table.records:
            grid.add_row(*(Text(str(record[c.key])) for c in columns))
        console.print(grid)
        for note in dict.fromkeys(note for one in found.beside for note in one.notes):
            console.print(note, soft_wrap=True)
        for line in section.lead[:1]:
            console.print(line, soft_wrap=True)
        for one in found.refused:
            said = f"not compared: {one.setting.model} {one.setting.cell}: {one.why}"
            console.print(said, soft_wrap=True)
    for line in _left_out(left_out):
        console.print(line, soft_wrap=True)


def _json(found: PublishedComparison, section: Section, left_out: Sequence[LeftOut]) -> str:
    tables = {table.name: list(table.records) for table in section.tables}
    whole = {
        "schema": 1,
        "compared": tables.get("published", []),
        "refused": refused_records(found.refused),
        "left_out": [{"log": item.log, "why": item.why} for item in left_out],
    }
    return json.dumps(plain(whole), indent=1, ensure_ascii=False, allow_nan=False)


def _left_out(left_out: Sequence[LeftOut]) -> list[str]:
    return [f"left out: {item.log}: {item.why}" for item in left_out]
