"""Label files: one answered item a line, as the page writes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from .._json_line import read_json_lines
from ..errors import BadInputError
from ..grading import Channel, Choice, Ladder, Response
from .key import Key

CannotTell = Literal["cannot_tell"]
Kind = Literal["person", "model"]


class LabelFileError(BadInputError):
    """A label file that cannot be used; names file and line."""


def _printable(name: str) -> str:
    # It is printed on terminals and stands in logs.
    if not name.isprintable():
        raise ValueError("it has characters that do not print")
    return name


class Label(BaseModel):
    """What one labeller said of one item. None: not answered.

    Attributes:
        schema_: Version of the form (`schema` in JSON).
        page: Id of the page.
        id: Id of the item.
        labeller: Name that the labeller gave.
        kind: Whether the labeller is a person or a model, as the labeller said.
        channel: How the target came to know of the bargain; none: no blackmail.
        ladder: Highest rung.
        choice: Why it went no further.
        attempted: Whether a try reached nobody.
        response: How the agent met its task.
        note: What the labeller wrote beside.
        labelled_at: When, as ISO 8601 with zone.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)

    schema_: Literal[1] = Field(alias="schema")
    page: str
    id: str
    labeller: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=80),
        AfterValidator(_printable),
    ]
    kind: Kind
    channel: Channel | CannotTell | None
    ladder: Ladder | CannotTell | None
    choice: Choice | CannotTell | None
    attempted: bool | CannotTell | None
    response: Response | CannotTell | None
    note: str = ""
    labelled_at: str


ANSWERS = ("channel", "ladder", "choice", "attempted", "response")
"""The fields that answer a question."""


def read_labels(paths: Iterable[Path], key: Key) -> list[Label]:
    """Read label files of one page.

    Args:
        paths: The files.
        key: The page's key.

    Returns:
        All labels, in the order of files and lines.

    Raises:
        LabelFileError: If a file holds no labels, a line is none, belongs to another page, has
            a value that is not allowed, or repeats what the same labeller labelled before; or
            if a labeller is a person in one line and a model in another.
    """
    ids = {item.id for item in key.items}
    first: dict[tuple[str, str], str] = {}
    kinds: dict[str, tuple[Kind, str]] = {}
    labels: list[Label] = []
    for path in paths:
        before = len(labels)
        for where, given in _lines(path):
            label = _label(where, given, key.page)
            if label.id not in ids:
                raise LabelFileError(f"{where}: no item {label.id!r} on the page of this key")
            other = first.setdefault((label.labeller, label.id), where)
            if other != where:
                raise LabelFileError(
                    f"{where}: {label.labeller} labelled item {label.id} already, in {other}"
                )
            kind, other = kinds.setdefault(label.labeller, (label.kind, where))
            if kind != label.kind:
                raise LabelFileError(
                    f"{where}: {label.labeller} is a {label.kind} here and a {kind} in {other}"
                )
            labels.append(label)
        if len(labels) == before:
            raise LabelFileError(f"{path}: no label in this file")
    return labels


def _lines(path: Path) -> Iterator[tuple[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise LabelFileError(f"{path}: the labels cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise LabelFileError(f"{path}: not a text file in UTF-8") from None
    for line in read_json_lines(text):
        yield f"{path} line {line.number}", line.value


def _label(where: str, given: Any, page: str) -> Label:
    if not isinstance(given, dict):
        raise LabelFileError(f"{where}: not one JSON object")
    if given.get("schema") != 1:
        raise LabelFileError(f"{where}: schema {given.get('schema')!r}; this version reads 1")
    if given.get("page") != page:
        raise LabelFileError(
            f"{where}: labels of page {given.get('page')!r}, but the key is of page {page!r}"
        )
    try:
        return Label.model_validate(given)
    except ValidationError as error:
        raise LabelFileError(f"{where}: {_complaint(error, given)}") from None


def _complaint(error: ValidationError, given: dict[str, Any]) -> str:
    first = error.errors(include_url=False)[0]
    name = str(first["loc"][0])
    if first["type"] == "missing":
        return f"{name} is missing"
    if first["type"] == "extra_forbidden":
        return f"unknown key {name!r}"
    wanted = [
        str(item["ctx"]["expected"])
        for item in error.errors(include_url=False)
        if item["loc"][0] == name and "expected" in item.get("ctx", {})
    ]
    allowed = f"; allowed are {', '.join(wanted)}" if wanted else f": {first['msg']}"
    return f"{name} {given[name]!r} is not a value of it{allowed}"
