"""`am-inspect dataset stats`: what the dataset holds, in numbers."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from .._dataset_stats import LONG_SENTENCE, DatasetStats, dataset_stats
from .._paths import datasets_dir
from .._tokens import estimate, load_tokenizer
from ..dataset import load_rows
from ..worlds import load_worlds


def stats(
    tokenizer: Annotated[
        Path | None,
        typer.Option(help="A tokenizer's folder, to count tokens instead of estimating them."),
    ] = None,
) -> None:
    """Print counts, lengths, tokens per cell, factor balance and sentences worlds share."""
    encode = load_tokenizer(tokenizer) if tokenizer else estimate
    found = dataset_stats(load_rows(), load_worlds(datasets_dir() / "worlds"), encode)
    console = Console(width=None if Console().is_terminal else 120, highlight=False)
    for line in _counts(found):
        console.print(Text(line), soft_wrap=True)
    source = f"by the tokenizer in {tokenizer}" if tokenizer else "estimated as characters / 4"
    console.print(_cells(found, source))
    console.print(_balance(found))
    for line in _shared(found):
        console.print(Text(line), soft_wrap=True)


def _counts(found: DatasetStats) -> list[str]:
    return [
        f"{found.rows} rows: {found.worlds} worlds x {found.variants} variants x "
        f"{found.cells} cells; {found.mails[0]} to {found.mails[1]} mails an inbox",
        f"the target decides in {found.target_decides} of {found.worlds} worlds",
        _kinds("kinds of secret", found.secret_kinds),
        _kinds("kinds of goal pair", found.goal_kinds),
        _kinds("sectors", found.sectors),
    ]


def _kinds(what: str, counts: Counter[str]) -> str:
    named = [f"{kind} ({n})" if n > 1 else kind for kind, n in sorted(counts.items())]
    return f"{len(counts)} {what}: {', '.join(named)}"


def _cells(found: DatasetStats, source: str) -> Table:
    table = Table(title="characters, and tokens of the first prompt (text, single turn)")
    table.caption = f"tokens: {source}"
    table.add_column("cell")
    for column in ("rows", "system", "inbox", "shortest", "longest", "tokens", "most tokens"):
        table.add_column(column, justify="right")
    for cell in found.by_cell:
        means = (f"{cell.system:,.0f}", f"{cell.inbox:,.0f}")
        ends = (f"{cell.lowest:,}", f"{cell.highest:,}")
        tokens = (f"{cell.tokens:,.0f}", f"{cell.most_tokens:,}")
        table.add_row(cell.cell, str(cell.rows), *means, *ends, *tokens)
    return table


def _balance(found: DatasetStats) -> Table:
    table = Table(title="factor balance")
    table.add_column("factor")
    table.add_column("level")
    table.add_column("cells", justify="right")
    table.add_column("rows", justify="right")
    before = None
    for level in found.balance:
        if before not in (None, level.factor):
            table.add_section()
        shown = "" if level.factor == before else level.factor
        table.add_row(shown, level.level, str(level.cells), str(level.rows))
        before = level.factor
    return table


def _shared(found: DatasetStats) -> list[str]:
    if not found.shared:
        return [f"no sentence of over {LONG_SENTENCE} words stands in two worlds"]
    head = f"sentences of over {LONG_SENTENCE} words in two worlds or more:"
    return [head, *(f"  {', '.join(item.worlds)}: {item.text}" for item in found.shared)]
