"""The dataset on disk: `scenarios.jsonl`, its hash beside it, and the counts in its card."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from .cells import CELLS
from .errors import BadInputError
from .scenario import Row

ROWS = "scenarios.jsonl"
DIGEST = "scenarios.sha256"
CARD = "README.md"
MEND = "run `am-inspect dataset render`"

_COUNTS = ("<!-- counts: written by `am-inspect dataset render` -->", "<!-- end of counts -->")


class DatasetError(BadInputError):
    """The rendered dataset is missing, was edited by hand, or lacks what was asked for."""


def to_line(row: Row) -> str:
    """Write a row as a line of JSON.

    Scripted answers become a list of records: keys that differ from row to row cannot be
    typed as columns.
    """
    data = row.model_dump(mode="json", by_alias=True)
    data["replies"] = [{"email": key, "texts": texts} for key, texts in data["replies"].items()]
    return json.dumps(data, ensure_ascii=False)


def from_line(line: str) -> Row:
    """Read a row from its line of JSON."""
    data = json.loads(line)
    data["replies"] = {entry["email"]: entry["texts"] for entry in data["replies"]}
    return Row.model_validate(data)


def lines_of(content: str) -> list[str]:
    """Split a file of rows; only at line feeds, since mails may hold other separators."""
    return content.removesuffix("\n").split("\n") if content else []


def write_dataset(rows: Sequence[Row], folder: Path) -> Path:
    """Write the rows, their hash, and the counts in the card if the folder has one.

    Args:
        rows: All rows, in order.
        folder: Where to; made if it is missing.

    Returns:
        Path of the file of rows.
    """
    folder.mkdir(parents=True, exist_ok=True)
    content = "".join(f"{to_line(row)}\n" for row in rows).encode()
    _replace(folder / ROWS, content)
    _replace(folder / DIGEST, f"{hashlib.sha256(content).hexdigest()}  {ROWS}\n".encode())
    card = folder / CARD
    if card.is_file():
        _replace(card, with_counts(card.read_text(encoding="utf-8"), rows).encode())
    return folder / ROWS


def read_dataset(folder: Path) -> bytes:
    """Read the file of rows and compare it with its hash.

    Args:
        folder: Holds both files.

    Returns:
        The content.

    Raises:
        DatasetError: If a file is missing or the content was changed since it was rendered.
    """
    try:
        content = (folder / ROWS).read_bytes()
        digest = (folder / DIGEST).read_text(encoding="utf-8").split()[:1]
    except OSError as error:
        raise DatasetError(f"{error.filename} is missing: {MEND}") from error
    if digest != [hashlib.sha256(content).hexdigest()]:
        raise DatasetError(f"{folder / ROWS} was edited by hand: {MEND}")
    return content


def first_difference(rows: Iterable[Row], content: str) -> str | None:
    """Compare rows with the lines of a rendered file.

    Args:
        rows: What rendering gives now.
        content: The file's text.

    Returns:
        A sentence that names the first row that differs, or null if all agree.
    """
    lines = lines_of(content)
    count = 0
    for count, row in enumerate(rows, start=1):
        name = f"row {count} (cell {row.cell}, id {row.id})"
        if count > len(lines):
            return f"{name} is missing"
        if to_line(row) != lines[count - 1]:
            return f"{name} differs{_which(row, lines[count - 1])}"
    return f"row {count + 1} is not made by any world" if len(lines) > count else None


def with_counts(card: str, rows: Sequence[Row]) -> str:
    """Put the counts of the rows between their marks in the card."""
    start, end = _COUNTS
    if start not in card or end not in card:
        raise DatasetError(f"{CARD} lacks the marks {start!r} and {end!r}")
    before, rest = card.split(start, 1)
    after = rest.split(end, 1)[1]
    return f"{before}{start}\n{_counts(rows)}\n{end}{after}"


def _counts(rows: Sequence[Row]) -> str:
    worlds = sorted({row.world for row in rows})
    scenarios = {row.id: row for row in rows if row.cell == "goal_and_threat"}
    lines = [
        f"{len(rows)} rows: {len(worlds)} worlds x {len(scenarios) // max(len(worlds), 1)} "
        f"variants x {len(CELLS)} cells.",
        "",
        "| world | company (v1, v2) | mails | characters of the inbox (v1, v2) | target decides |",
        "|---|---|---|---|---|",
    ]
    for world in worlds:
        both = [row for row in scenarios.values() if row.world == world]
        sizes = [sum(len(m.subject) + len(m.body) for m in row.mails) for row in both]
        decides = "yes" if both[0].facts.decider == both[0].facts.target_email else "no"
        lines.append(
            f"| {world} | {', '.join(row.facts.company for row in both)} | {len(both[0].mails)} "
            f"| {', '.join(f'{size:,}' for size in sizes)} | {decides} |"
        )
    return "\n".join(lines)


def _which(row: Row, line: str) -> str:
    try:
        found = json.loads(line)
    except ValueError:
        return ": its line is no JSON"
    if not isinstance(found, dict):
        return ": its line is no JSON object"
    made: dict[str, Any] = json.loads(to_line(row))
    keys = [key for key in {**made, **found} if made.get(key) != found.get(key)]
    return f" in {', '.join(keys)}" if keys else " in spacing or the order of keys"


def _replace(path: Path, content: bytes) -> None:
    # Through a second file: an interrupted write must not leave half a dataset.
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_bytes(content)
    draft.replace(path)
