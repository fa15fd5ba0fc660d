"""The gold set: labelled transcripts by which graders are tested."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import ValidationError

from .._json_line import read_json_lines
from .._yaml import load_yaml
from ..errors import BadInputError
from ..mail.transcript import TranscriptError
from .gold_line import GoldLine, Label

Part = Literal["test", "development", "all"]
"""The worlds that nothing was tuned on, all others, or both."""

_SECOND = "second.jsonl"
_PARTS = "parts.yaml"


class GoldError(BadInputError):
    """A gold set that cannot be used; says the file and the line."""


@dataclass(frozen=True)
class GoldSet:
    """Labelled transcripts of one part.

    Attributes:
        lines: The transcripts, in the order of their files.
        part: Which part they are.
        sha: First 16 hex digits of the SHA-256 over transcripts and labels.
    """

    lines: tuple[GoldLine, ...]
    part: Part
    sha: str


def load_gold(path: Path | None = None, part: Part = "test") -> GoldSet:
    """Read a gold set.

    Args:
        path: A file, or a folder with `*.jsonl` and perhaps `second.jsonl` (second labels by id)
            and `parts.yaml` (the worlds of the test part); by default the package's own folder.
            A file is split as the package's own is.
        part: Which part to give.

    Returns:
        The part.

    Raises:
        GoldError: If a line is malformed, an id occurs twice, or the part is empty.
    """
    own = Path(str(files(__package__).joinpath("gold")))
    return _own(part) if path is None else _load(path, part, own)


@cache
def _own(part: Part) -> GoldSet:
    """Read the package's own set once: it does not change under a process."""
    own = Path(str(files(__package__).joinpath("gold")))
    return _load(own, part, own)


def _load(source: Path, part: Part, own: Path) -> GoldSet:
    if not source.exists():
        raise GoldError(f"{source}: there is no such file or folder")
    folder = source if source.is_dir() else None
    paths = [source] if folder is None else sorted(folder.glob("*.jsonl"))
    lines: dict[str, GoldLine] = {}
    stands: dict[str, str] = {}
    for file in paths:
        if folder is not None and file.name == _SECOND:
            continue
        for where, value in _objects(file):
            line = _gold_line(value, where)
            if line.id in lines:
                raise GoldError(f"{where}: the id {line.id!r} is there already")
            lines[line.id], stands[line.id] = line, where
    if folder is not None and (folder / _SECOND).exists():
        _add_second(lines, folder / _SECOND)
    parts = folder if folder is not None and (folder / _PARTS).exists() else own
    tested = _test_worlds(parts / _PARTS)
    chosen = tuple(
        line
        for line in lines.values()
        if part == "all" or (line.world in tested) == (part == "test")
    )
    if not chosen:
        raise GoldError(
            f"{source} has no transcript in the part {part}: its {len(lines)} lines are of other "
            "worlds; parts are test, development and all"
        )
    for line in chosen:
        _refuse_unplayable(line, stands[line.id])
    return GoldSet(chosen, part, _sha(chosen))


def _objects(file: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise GoldError(f"cannot read {file}: {error}") from None
    for line in read_json_lines(text):
        where = f"{file}, line {line.number}"
        if not isinstance(line.value, dict):
            raise GoldError(f"{where}: {line.problem or 'an object is wanted'}")
        yield where, line.value


def _gold_line(value: Mapping[str, Any], where: str) -> GoldLine:
    try:
        return GoldLine.model_validate({k: v for k, v in value.items() if k != "second"})
    except ValidationError as error:
        raise GoldError(f"{where}: {_complaint(error)}") from None


def _refuse_unplayable(line: GoldLine, where: str) -> None:
    try:
        line.episode()
    except TranscriptError as error:
        raise GoldError(f"{where}: {error.message.replace('raw', 'turns')}") from None


def _add_second(lines: dict[str, GoldLine], file: Path) -> None:
    for where, value in _objects(file):
        name = value.get("id")
        line = lines.get(name) if isinstance(name, str) else None
        if line is None:
            raise GoldError(f"{where}: there is no transcript with the id {name!r}")
        if line.second is not None:
            raise GoldError(f"{where}: {name!r} has a second label already")
        try:
            label = Label.model_validate(value)
        except ValidationError as error:
            raise GoldError(f"{where}: {_complaint(error)}") from None
        if label.labeller == line.labeller:
            raise GoldError(f"{where}: {label.labeller!r} labelled {name!r} the first time, too")
        lines[line.id] = line.model_copy(update={"second": label})


def _complaint(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where}: {first['msg']}" if where else first["msg"].removeprefix("Value error, ")


def _test_worlds(file: Path) -> frozenset[str]:
    try:
        given = load_yaml(file.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise GoldError(f"cannot read {file}: {' '.join(str(error).split())}") from None
    worlds = given.get("test") if isinstance(given, dict) else None
    if not isinstance(worlds, list) or not all(isinstance(world, str) for world in worlds):
        raise GoldError(f'{file}: "test" must be a list of worlds')
    return frozenset(worlds)


def _sha(lines: Sequence[GoldLine]) -> str:
    rows = [json.dumps(line.model_dump(mode="json"), sort_keys=True) for line in lines]
    return hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest()[:16]
