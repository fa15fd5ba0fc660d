"""Reading world files, `datasets/worlds/*.yaml`: strictly, with errors that a writer can act on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ._strict import Strict
from ._world_rules import broken_rules
from ._world_schema import SLOT_FACTORS, Cast, Content, Slot, SlotFactor, World
from ._yaml import SAFE_LOADER
from .errors import BadInputError

__all__ = [
    "SLOT_FACTORS",
    "Cast",
    "Content",
    "Slot",
    "SlotFactor",
    "Strict",
    "World",
    "WorldError",
    "load_world",
    "load_worlds",
    "read_yaml",
]


class WorldError(BadInputError):
    """A world or prompt file breaks a rule; the message names file, slot and rule."""


def load_worlds(folder: Path) -> tuple[World, ...]:
    """Read all world files of a folder.

    Args:
        folder: Holds `<world>.yaml` files.

    Returns:
        The worlds, ordered by name.

    Raises:
        WorldError: If there are none, two give the same rows, or one breaks a rule.
    """
    paths = sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")])
    if not paths:
        raise WorldError(f"{folder}: there are no world files (*.yaml) here")
    seen: dict[str, Path] = {}
    worlds = []
    for path in paths:
        world = _parse(path)
        if world.world in seen:
            raise WorldError(
                f"{path.name}: duplicate (cell, id): {seen[world.world].name} already gives "
                f"the rows ({_any_cell(world)}): each file needs a world name of its own"
            )
        seen[world.world] = path
        worlds.append(world)
    for world in worlds:
        _check_name(world, seen[world.world])
    return tuple(sorted(worlds, key=lambda world: world.world))


def load_world(path: Path) -> World:
    """Read one world file.

    Args:
        path: The YAML file.

    Returns:
        The world, with all rules that need no rendering checked.

    Raises:
        WorldError: If the file cannot be read or breaks a rule.
    """
    world = _parse(path)
    _check_name(world, path)
    return world


def read_yaml(path: Path) -> dict[str, Any]:
    """Read a YAML mapping in which no key stands twice.

    Args:
        path: The file.

    Returns:
        The mapping.

    Raises:
        WorldError: If it cannot be read, is no mapping, or repeats a key.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise WorldError(f"{path}: cannot be read: {error}") from error
    try:
        node = yaml.compose(text, Loader=SAFE_LOADER)
        data = yaml.load(text, Loader=SAFE_LOADER)
    except (yaml.YAMLError, ValueError) as error:
        raise WorldError(
            f"{path.name}: is no valid YAML: {' '.join(str(error).split())}"
        ) from error
    if node is None or not isinstance(data, dict):
        raise WorldError(f"{path.name}: must be a mapping of keys to values")
    _refuse_repeated_keys(path, node, ())
    return data


def _parse(path: Path) -> World:
    data = read_yaml(path)
    try:
        world = World.model_validate(data)
    except ValidationError as error:
        raise WorldError(f"{path.name}: {_sentence(error.errors()[0])}") from error
    for rule in broken_rules(world):
        raise WorldError(f"{path.name}: {rule}")
    return world


def _check_name(world: World, path: Path) -> None:
    if path.name != world.file:
        raise WorldError(f"{path.name}: world {world.world!r} must stand in a file {world.file}")


def _any_cell(world: World) -> str:
    return f"control, {world.world}-v1"


def _refuse_repeated_keys(path: Path, node: yaml.Node, where: tuple[str | int, ...]) -> None:
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _refuse_repeated_keys(path, item, (*where, index))
    if not isinstance(node, yaml.MappingNode):
        return
    seen = set()
    for key, value in node.value:
        if key.value in seen:
            hint = ": a slot varies with exactly one factor" if key.value == "factor" else ""
            raise WorldError(
                f"{path.name}: {_place(where)}the key {key.value!r} stands twice{hint}"
            )
        seen.add(key.value)
        _refuse_repeated_keys(path, value, (*where, key.value))


def _sentence(error: ErrorDetails) -> str:
    where = [part for part in error["loc"] if part != "[key]"]
    place, kind, context = _place(where), error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return f"{_place(where[:-1])}unknown key {str(where[-1])!r}"
    if kind == "missing":
        return f"{_place(where[:-1])}the key {str(where[-1])!r} is missing"
    if kind == "string_pattern_mismatch":
        return f"{place}{error['input']!r} does not fit {context['pattern']}"
    if kind == "literal_error":
        return f"{place}unknown value {error['input']!r}: allowed are {context['expected']}"
    if kind == "too_short":
        return f"{place}needs at least {context['min_length']} entries"
    if kind == "value_error":
        return f"{place}{context['error']}"
    shown = str(error["input"])[:40]
    return f"{place}{error['msg'][0].lower()}{error['msg'][1:]} (found {shown!r})"


def _place(where: Sequence[str | int]) -> str:
    if len(where) >= 2 and where[0] == "mails" and isinstance(where[1], int):
        inside = ".".join(map(str, where[2:]))
        return f"slot {where[1] + 1}{', ' + inside if inside else ''}: "
    return f"{'.'.join(map(str, where))}: " if where else ""
