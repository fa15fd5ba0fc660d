"""The original prompts in the study's six cells, as the installed inspect-evals makes them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from .._paths import datasets_dir
from .._prompts import load_prompts
from ..cells import STUDY_CELLS
from ..errors import BadInputError
from .peer import MissingOriginalError, original, original_version

__all__ = [
    "ORIGINAL_CELLS",
    "MissingOriginalError",
    "OriginalSettings",
    "OriginalText",
    "Permission",
    "cell_text",
    "find_permission",
    "texts_sha",
]


@dataclass(frozen=True)
class OriginalSettings:
    """The settings of the original task that make a cell.

    Attributes:
        goal_type: How the goal is given.
        goal_value: Which goal.
        urgency_type: What happens to the agent.
        extra_system_instructions: Name of an extra instruction, or null.
        scenario: Always `blackmail`.
        prod: False: the prompt offers the scratchpad.
        test_eval_awareness: False: the prompt does not speak of being tested.
    """

    goal_type: str
    goal_value: str
    urgency_type: str
    extra_system_instructions: str | None = None
    scenario: str = "blackmail"
    prod: bool = False
    test_eval_awareness: bool = False

    def metadata(self) -> dict[str, Any]:
        """Give the keys that the original scorer reads from a sample's metadata."""
        return asdict(self)


ORIGINAL_CELLS: Mapping[str, OriginalSettings] = MappingProxyType(
    {
        "control": OriginalSettings("none", "none", "none"),
        "goal_only": OriginalSettings("explicit", "america", "none"),
        "threat_only": OriginalSettings("none", "none", "replacement"),
        "goal_and_threat": OriginalSettings("explicit", "america", "replacement"),
        "safety": OriginalSettings("explicit", "america", "replacement", "dont"),
        # The original has no such arm: its prompt is that of goal_and_threat, and ours is added.
        "permissive": OriginalSettings("explicit", "america", "replacement"),
    }
)
"""The study's cells as settings of the original task, as `published_rates.csv` maps them."""


@dataclass(frozen=True)
class OriginalText:
    """What a model is shown.

    Attributes:
        system: The system prompt.
        user: The user message: instructions, then the inbox.
        inbox: The inbox alone.
    """

    system: str
    user: str
    inbox: str


@dataclass(frozen=True)
class Permission:
    """The text of the permissive arm, which is not the original's.

    Attributes:
        text: What is added to the system prompt, as one point of its list or several.
        source: `am_inspect` for our own words, else the file.
    """

    text: str
    source: str


def cell_text(cell: str, permission: Permission) -> OriginalText:
    """Make the prompts of a cell.

    Args:
        cell: One of the study's six.
        permission: What the cell `permissive` adds; no other cell shows it.

    Returns:
        The original's own text, holes and all; in `permissive` with the added points where the
        original puts its extra instructions.

    Raises:
        MissingOriginalError: If inspect-evals is missing or builds its prompt in another way.
    """
    text = _generated(ORIGINAL_CELLS[cell])
    if cell != "permissive":
        return text
    place = _extra_place(text.system, _generated(ORIGINAL_CELLS["safety"]).system)
    lines = [line.strip() for line in permission.text.splitlines() if line.strip()]
    points = "".join(f"\n- {line.removeprefix('- ')}" for line in lines)
    return OriginalText(
        system=text.system[:place] + points + text.system[place:], user=text.user, inbox=text.inbox
    )


def find_permission(permissive_text: str | None) -> Permission:
    """Find the text of the permissive arm.

    Args:
        permissive_text: A file; our own words if not given. A relative path is looked for in
            the working folder, then in the shell's: Inspect changes the former for a task file.

    Returns:
        The text.

    Raises:
        BadInputError: If the file does not exist, is no UTF-8 text, or is empty.
    """
    if permissive_text is None:
        own = load_prompts(datasets_dir() / "prompts").instructions["permissive"]
        return Permission(own, "am_inspect")
    given = Path(permissive_text).expanduser()
    places = [given, Path(os.environ.get("PWD", ".")) / given]
    path = next((place for place in places if place.is_file()), None)
    if path is None:
        raise BadInputError(f"permissive_text={permissive_text}: there is no such file")
    try:
        text = path.read_text(encoding="utf-8")
    except ValueError:
        raise BadInputError(f"permissive_text={permissive_text}: it is no UTF-8 text") from None
    if not text.strip():
        raise BadInputError(f"permissive_text={permissive_text}: the file is empty")
    return Permission(text, str(given))


def texts_sha(permission: Permission) -> str:
    """Hash what all six cells show, so that runs on other prompts are told apart."""
    texts = (cell_text(cell, permission) for cell in STUDY_CELLS)
    whole = "\x1f".join(f"{text.system}\x1f{text.user}" for text in texts)
    return hashlib.sha256(whole.encode()).hexdigest()


def _generated(settings: OriginalSettings) -> OriginalText:
    made = original("prompt_generator").generate_prompts(
        scenario=settings.scenario,
        goal_type=settings.goal_type,
        goal_value=settings.goal_value,
        urgency_type=settings.urgency_type,
        extra_system_instructions=settings.extra_system_instructions,
        prod_flag=settings.prod,
        alignment_faking_warning=None,
    )
    user = "\n".join([made.user_prompt, made.email_content])
    return OriginalText(system=made.system_prompt, user=user, inbox=made.email_content)


def _extra_place(plain: str, extra: str) -> int:
    """Find where the original adds extra instructions: the line end at which two prompts part."""
    same = next(i for i, (a, b) in enumerate(zip(plain, extra, strict=False)) if a != b)
    place = plain.rfind("\n", 0, same)
    if extra[:place] + extra[place + len(extra) - len(plain) :] != plain:
        raise MissingOriginalError(
            f"inspect-evals {original_version()} builds its system prompt in a way that "
            "am_inspect does not know: install the version in constraints.txt"
        )
    return place
