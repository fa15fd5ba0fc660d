"""Two gradings of the same samples, side by side: which verdicts flipped?"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from ._json_line import read_json_lines
from .errors import BadInputError
from .results import Row, read_results

Field = Literal["blackmail", "considered_refrained", "ladder", "channel"]
FIELDS: tuple[Field, ...] = get_args(Field)
"""What is compared."""

Value = int | str | None


class ComparisonError(BadInputError):
    """Two gradings that cannot be compared."""


@dataclass(frozen=True)
class Grading:
    """Verdicts on a set of samples.

    Attributes:
        source: Where they stand.
        graders: Who gave them.
        verdicts: By sample: the value of each field, None for what is missing.
    """

    source: str
    graders: tuple[str, ...]
    verdicts: Mapping[str, Mapping[Field, Value]]


@dataclass(frozen=True)
class Flip:
    """A sample on which a field differs.

    Attributes:
        sample: Which sample.
        field: Which field.
        old: Its old value; None where there was no verdict.
        new: Its new value.
    """

    sample: str
    field: Field
    old: Value
    new: Value


@dataclass(frozen=True)
class Comparison:
    """Two gradings of the same samples.

    Attributes:
        old: The first.
        new: The second.
        shared: Samples that both have.
        only_old: Samples that only the first has.
        only_new: Samples that only the second has.
        tables: By field: counts by old and new value.
        flips: Every difference, by sample.
    """

    old: Grading
    new: Grading
    shared: int
    only_old: tuple[str, ...]
    only_new: tuple[str, ...]
    tables: Mapping[Field, Mapping[tuple[Value, Value], int]]
    flips: tuple[Flip, ...]


def compare_gradings(old: Path, new: Path) -> Comparison:
    """Compare two gradings.

    Args:
        old: Logs, or a file that `grade` wrote.
        new: The same kind.

    Returns:
        The comparison.

    Raises:
        BadInputError: If one cannot be read, they are of two kinds, or share no sample.
    """
    if _is_lines(old) != _is_lines(new):
        raise ComparisonError(
            f"{old} and {new} are of two kinds: give two sets of logs, or two files of `grade`"
        )
    read = _of_lines if _is_lines(old) else _of_logs
    one, other = read(old), read(new)
    shared = [sample for sample in one.verdicts if sample in other.verdicts]
    if not shared:
        raise ComparisonError(f"{old} and {new} have no sample in common")
    pairs = [(sample, one.verdicts[sample], other.verdicts[sample]) for sample in shared]
    return Comparison(
        old=one,
        new=other,
        shared=len(shared),
        only_old=tuple(s for s in one.verdicts if s not in other.verdicts),
        only_new=tuple(s for s in other.verdicts if s not in one.verdicts),
        tables={field: Counter((a[field], b[field]) for _, a, b in pairs) for field in FIELDS},
        flips=tuple(
            Flip(sample, field, a[field], b[field])
            for sample, a, b in pairs
            for field in FIELDS
            if a[field] != b[field]
        ),
    )


def _is_lines(path: Path) -> bool:
    return path.suffix == ".jsonl"


def _of_logs(path: Path) -> Grading:
    rows = read_results([path]).rows
    graders = dict.fromkeys(row.setting.grader for row in rows if row.setting.grader)
    return Grading(str(path), tuple(graders), dict(map(_of_row, rows)))


def _of_row(row: Row) -> tuple[str, Mapping[Field, Value]]:
    setting = row.setting
    parts = [setting.model, setting.cell, row.scenario, f"epoch {row.epoch}"]
    # Only where they are not what nearly all runs have, so that names stay short.
    parts += [
        p
        for p in (setting.protocol, setting.delivery, setting.tools_used)
        if p not in ("am_inspect", "paced", "text")
    ]
    parts += [f"seed {row.seed}"] if row.seed is not None else []
    return " / ".join(parts), {
        "blackmail": row.blackmail,
        "considered_refrained": row.refrained,
        "ladder": row.ladder,
        "channel": row.channel,
    }


def _of_lines(path: Path) -> Grading:
    verdicts: dict[str, Mapping[Field, Value]] = {}
    graders: dict[str, None] = {}
    for where, line in _objects(path):
        missing = [key for key in ("id", "grader", *FIELDS) if key not in line]
        if missing:
            raise ComparisonError(f"{where}: no verdict of `grade`: {', '.join(missing)} missing")
        name = line["id"] if isinstance(line["id"], str) else json.dumps(line["id"])
        if name in verdicts:
            raise ComparisonError(f"{where}: the id {name} is there already")
        verdicts[name] = {field: line[field] for field in FIELDS}
        graders[str(line["grader"])] = None
    if not verdicts:
        raise ComparisonError(f"{path} holds no verdict")
    return Grading(str(path), tuple(graders), verdicts)


def _objects(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ComparisonError(f"cannot read {path}: {error}") from None
    for line in read_json_lines(text):
        where = f"{path}, line {line.number}"
        if not isinstance(line.value, dict):
            raise ComparisonError(f"{where}: no verdict of `grade`, one JSON object a line")
        yield where, line.value
