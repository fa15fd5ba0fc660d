"""A strict base for parts of a file, and one sentence for what does not fit."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from ..errors import BadInputError


class StudyError(BadInputError):
    """A study's file, or its folder of logs, that cannot be used."""


class StrictKeys(BaseModel):
    """Base of the parts of a study's file: frozen; an unknown key is named with the known ones."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _known(cls, data: object) -> object:
        if isinstance(data, Mapping):
            for key in data:
                if key not in cls.model_fields:
                    raise ValueError(
                        f"unknown key {key!r}: allowed are {', '.join(cls.model_fields)}"
                    )
        return data


def read_mapping(path: Path) -> Mapping[str, Any]:
    """Read a YAML file that holds one mapping.

    Args:
        path: The file.

    Returns:
        What it holds.

    Raises:
        StudyError: If it cannot be read, is no YAML, holds a key twice, or is no mapping.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise StudyError(f"{path}: cannot be read ({error})") from None
    try:
        found = yaml.load(text, Loader=_OnceLoader)
    except yaml.YAMLError as error:
        raise StudyError(f"{path}: is no YAML: {' '.join(str(error).split())}") from None
    if not isinstance(found, dict):
        raise StudyError(f"{path}: a mapping of keys is wanted, this is none")
    return found


def sentence(path: Path, error: ValidationError) -> str:
    """Say in one sentence what is wrong first: file, key, and what is allowed.

    Args:
        path: The file.
        error: What pydantic found.

    Returns:
        The sentence.
    """
    first, *others = error.errors()
    place = ".".join(str(part) for part in first["loc"])
    said = first["msg"].removeprefix("Value error, ")
    if first["type"] == "missing":
        said = "is missing"
    where = f"{path}: {place}: " if place else f"{path}: "
    more = f" (and {len(others)} more)" if others else ""
    return f"{where}{said[:1].lower()}{said[1:]}{more}"


class _OnceLoader(yaml.SafeLoader):
    """YAML in which no key stands twice: the plain loader keeps the last without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key in keys:
            if key != "<<" and keys.count(key) > 1:
                line = node.start_mark.line + 1
                raise yaml.YAMLError(f"key {key!r} stands twice in the mapping at line {line}")
        return super().construct_mapping(node, deep)
