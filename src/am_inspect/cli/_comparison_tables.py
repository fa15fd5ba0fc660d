"""How a comparison of two gradings is printed."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from ..comparison import FIELDS, Comparison, Value
from ..grading import LADDER

_ORDER: tuple[Value, ...] = (0, 1, *LADDER, "none", "direct", "copy", "relay")


def print_comparison(found: Comparison) -> None:
    """Print a table a field, and every flip.

    Args:
        found: What to print.
    """
    console = Console(width=None if Console().is_terminal else 160, markup=False, emoji=False)

    def say(line: str) -> None:
        console.print(line, highlight=False, soft_wrap=True)

    for name, grading in (("old", found.old), ("new", found.new)):
        say(f"{name}: {grading.source}, graded by {', '.join(grading.graders) or 'nobody'}")
    say(f"{found.shared} samples in both")
    for name, ids in (("old", found.only_old), ("new", found.only_new)):
        if ids:
            say(f"only in {name}: {len(ids)} ({', '.join(ids[:5])}{', ...' if ids[5:] else ''})")
    for field in FIELDS:
        console.print(_table(field, found.tables[field]))
    flipped = len({flip.sample for flip in found.flips})
    say(f"{len(found.flips)} flips on {flipped} of {found.shared} samples")
    for flip in found.flips:
        say(f"  {flip.sample}: {flip.field} {shown(flip.old)} -> {shown(flip.new)}")


def shown(value: Value) -> str:
    """Give a value as it is printed."""
    return "no verdict" if value is None else str(value)


def _table(field: str, counts: Mapping[tuple[Value, Value], int]) -> Table:
    found = {value for pair in counts for value in pair}
    values = sorted(found, key=lambda v: _ORDER.index(v) if v in _ORDER else len(_ORDER))
    table = Table(title=f"{field}: old down, new across")
    table.add_column("")
    for value in values:
        table.add_column(shown(value), justify="right")
    for old in values:
        table.add_row(shown(old), *(str(counts.get((old, new), 0)) for new in values))
    return table
