"""A file of results, one JSON object a line, that a later run of the same kind goes on with."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ._json_line import json_line
from .errors import BadInputError


class LedgerError(BadInputError):
    """A file that cannot be gone on with."""


class Ledger:
    """Results on disk, each written when it is there, with a note beside of how they were made.

    The note is the file's name with `.run.json` behind it.

    Args:
        path: The file.
        run: What must be equal for results to stand in one file, such as grader and rubric.

    Raises:
        LedgerError: If the file holds another run's results, or cannot be read or written.
    """

    def __init__(self, path: Path, run: Mapping[str, Any]) -> None:
        self.path = path
        self._note = path.with_name(path.name + ".run.json")
        self._run = {"schema": 1, **run}
        self.lines: list[dict[str, Any]] = self._read() if path.exists() else []
        if self.lines:
            self._refuse_other_run()

    def keep(self, lines: Sequence[Mapping[str, Any]]) -> None:
        """Write the file anew with these lines, all or none of them, and the note."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            _replace(self._note, json.dumps(self._run, indent=2, ensure_ascii=False) + "\n")
            _replace(self.path, "".join(f"{json_line(line)}\n" for line in lines))
        except OSError as error:
            raise LedgerError(f"cannot write {self.path}: {error.strerror or error}") from None
        self.lines = [dict(line) for line in lines]

    def add(self, line: Mapping[str, Any]) -> None:
        """Append a result; it is on disk when this returns."""
        self.lines.append(dict(line))
        with self.path.open("a", encoding="utf-8") as file:
            file.write(f"{json_line(line)}\n")

    def move_to(self, path: Path) -> None:
        """Give the file, which is complete, another name; the note goes."""
        os.replace(self.path, path)
        self._note.unlink(missing_ok=True)

    def _read(self) -> list[dict[str, Any]]:
        try:
            text = self.path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise LedgerError(f"cannot read {self.path}: {error}") from None
        found = []
        pieces = text.split("\n")
        for number, piece in enumerate(pieces, 1):
            if not piece.strip():
                continue
            try:
                line = json.loads(piece)
            except ValueError:
                line = None
            # A last line without its end is what a run that was cut off leaves.
            if line is None and number == len(pieces):
                continue
            if not isinstance(line, dict):
                raise LedgerError(
                    f"{self.path}, line {number}: no result of an earlier run; give another file"
                )
            found.append(line)
        return found

    def _refuse_other_run(self) -> None:
        try:
            held = json.loads(self._note.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise LedgerError(
                f"{self.path} holds results, and {self._note.name}, which says how they were made, "
                "cannot be read: give another file"
            ) from None
        for key, value in self._run.items():
            other = held.get(key) if isinstance(held, dict) else None
            if other != value:
                raise LedgerError(
                    f"{self.path} holds results with another {key.replace('_', ' ')} "
                    f"({_short(other)}, now {_short(value)}): give another file, or remove it"
                )


def _short(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _replace(path: Path, text: str) -> None:
    new = path.with_name(path.name + ".new")
    new.write_text(text, encoding="utf-8")
    os.replace(new, path)
