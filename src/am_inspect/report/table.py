"""A table of the report: what is shown of it, and all of it as CSV."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["text", "number", "share", "rate", "code"]
"""How a column is set: words, a number, a share as a percentage, a rate (a share whose 0 is "none",
for no event seen is not 0%), or a command to copy."""


@dataclass(frozen=True)
class Column:
    """A column that is shown.

    Attributes:
        key: Of the records.
        label: Its heading.
        kind: How it is set.
    """

    key: str
    label: str
    kind: Kind = "text"


@dataclass(frozen=True)
class Table:
    """Records with the columns that a page shows of them.

    Attributes:
        name: Short name, also of the CSV file.
        caption: What it holds, in words.
        columns: What is shown, the heading of a row first.
        records: Plain values by key; the CSV has all keys. None or NaN is no value.
    """

    name: str
    caption: str
    columns: tuple[Column, ...]
    records: tuple[Mapping[str, Any], ...]

    def csv(self) -> str:
        """Give all records as CSV with a heading line, one line a record."""
        keys = list(dict.fromkeys(key for record in self.records for key in record))
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(keys)
        writer.writerows([_cell(record.get(key)) for key in keys] for record in self.records)
        return out.getvalue()

    def lines(self) -> list[list[str]]:
        """Give what is shown as text, a list a record in the order of the columns."""
        return [[shown(r.get(c.key), c.kind) for c in self.columns] for r in self.records]


def plain(value: Any) -> Any:
    """Give a value as JSON can hold it: no NaN, no infinity, floats to six places."""
    if isinstance(value, float):
        return round(value, 6) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(inner) for inner in value]
    return value


def shown(value: Any, kind: Kind) -> str:
    """Give a value as a reader sees it; a dash where there is none."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "–"
    if kind == "rate" and value == 0:
        return "none"
    if kind in ("share", "rate"):
        return percent(float(value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.3g}"
    return f"{value:,}" if isinstance(value, int) and kind == "number" else str(value)


def percent(share: float) -> str:
    """Give a share in percent to one place."""
    if math.isinf(share):
        return "∞" if share > 0 else "−∞"
    return f"{100 * share:.1f}%".replace("-", "−")


def _cell(value: Any) -> Any:
    value = plain(value)
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        # A spreadsheet would take it for a formula, and some of these texts are a model's.
        return f"'{value}"
    return "" if value is None else value
