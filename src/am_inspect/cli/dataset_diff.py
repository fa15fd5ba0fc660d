"""`am-inspect dataset diff`: what differs between two cells of one world."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from .._cell_diff import CellDiff, Line, MailDiff, Piece, cell_diff
from ..dataset import DatasetError, choose_rows
from ..scenario import Row

# Signs beside the colours: a pipe has none, and not everybody tells red from green.
_SIGNS = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}
_STYLES = {"same": "", "removed": "red", "added": "green"}


def diff(
    first: Annotated[str, typer.Argument(help="Name of a cell.")],
    second: Annotated[str, typer.Argument(help="Name of another.")],
    world: Annotated[str, typer.Option(help="Name of the world.")],
    variant: Annotated[int, typer.Option(help="Number of the variant.")] = 1,
) -> None:
    """Print what differs between two cells of one world: [-removed-] and {+added+}."""
    found = cell_diff(_row(first, world, variant), _row(second, world, variant))
    console = Console(highlight=False)
    blocks = list(_blocks(found))
    if not blocks:
        console.print(Text("no difference"), soft_wrap=True)
    for depth, text in blocks:
        if console.is_terminal:
            console.print(Padding(text, (0, 0, 0, 2 * depth)))
        else:
            console.print(Text("  " * depth) + text, soft_wrap=True)


def _row(cell: str, world: str, variant: int) -> Row:
    rows = choose_rows(cell, [world], variant)
    if len(rows) != 1:
        raise DatasetError(f"{cell}, {world}, variant {variant}: there are {len(rows)} such rows")
    return rows[0]


def _blocks(found: CellDiff) -> Iterator[tuple[int, Text]]:
    if found.system:
        yield 0, Text("system prompt", style="bold")
        yield from ((1, _text(line)) for line in found.system)
    for mail in found.mails:
        yield 0, _heading(mail)
        yield from ((1, _text(line)) for line in mail.lines)
        yield from ((1, Text(f"also differs: {part}")) for part in mail.other)
    for part in found.other:
        yield 0, Text(f"also differs: {part}", style="bold")


def _heading(mail: MailDiff) -> Text:
    return Text.assemble(
        (f"{mail.id}  from ", "bold"),
        _text(mail.sender),
        ("  subject: ", "bold"),
        _text(mail.subject),
    )


def _text(line: Line) -> Text:
    return Text(" ").join(_marked(piece) for piece in line)


def _marked(piece: Piece) -> Text:
    before, after = _SIGNS[piece.kind]
    words = " ".join(piece.text.split())
    return Text(f"{before}{words}{after}", style=_STYLES[piece.kind])
