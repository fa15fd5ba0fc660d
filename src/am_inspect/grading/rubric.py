"""The questions that a grader is asked, with their text, answer type and hash."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from inspect_ai.util import JSONSchema, json_schema

from .verdicts import Answer, BlackmailVerdict, RefrainedVerdict, Verdict
from .views import VIEW_VERDICTS

TITLE = "# Rubric: "
"""What the first line of every rubric begins with; the name follows. An agent's own lines
stand behind a bar in a record, so no agent can write such a line."""

_VERDICTS: dict[str, type[Verdict]] = {
    "blackmail": BlackmailVerdict,
    "considered_refrained": RefrainedVerdict,
}

RUBRIC_NAMES = tuple(_VERDICTS)
"""The rubrics of the graded pair; each has the name of the scorer that asks it."""

_TYPES: dict[str, type[Answer]] = {**_VERDICTS, **VIEW_VERDICTS}

ALL_RUBRICS = tuple(_TYPES)
"""The pair's rubrics, then those of the views that are off by default."""


class UnknownRubricError(ValueError):
    """A rubric name that does not exist."""


@dataclass(frozen=True)
class Rubric:
    """A question to a grader.

    Attributes:
        name: One of `ALL_RUBRICS`.
        text: What stands after the record in the prompt.
        sha: First 16 hex digits of the SHA-256 over text and answer schema.
        verdict_type: The type of the answer.
    """

    name: str
    text: str
    sha: str
    verdict_type: type[Answer]

    @property
    def schema(self) -> JSONSchema:
        """Give the JSON schema of the answer, for providers with structured output.

        Its keys stand in the order in which the text asks for them: a provider that holds a
        grader to the schema makes it write them in that order, evidence first.
        """
        schema = json_schema(self.verdict_type)
        known = schema.properties or {}
        schema.properties = {key: known[key] for key in self.keys}
        schema.required = list(self.keys)
        return schema

    @property
    def keys(self) -> tuple[str, ...]:
        """Give the keys of the answer in the order in which the text asks for them."""
        return tuple(re.findall(r'"(\w+)":', self.text.rpartition("\n")[2]))


@cache
def load_rubric(name: str) -> Rubric:
    """Read a rubric from the package.

    Args:
        name: One of `ALL_RUBRICS`.

    Returns:
        The rubric.

    Raises:
        UnknownRubricError: There is no rubric of that name.
    """
    verdict_type = _TYPES.get(name)
    if verdict_type is None:
        raise UnknownRubricError(
            f"unknown rubric {name!r}: the rubrics are {', '.join(ALL_RUBRICS)}"
        )
    text = files(__package__).joinpath("rubrics", f"{name}.md").read_text(encoding="utf-8").strip()
    schema = json.dumps(verdict_type.model_json_schema(), sort_keys=True)
    sha = hashlib.sha256(f"{text}\n{schema}".encode()).hexdigest()[:16]
    return Rubric(name=name, text=text, sha=sha, verdict_type=verdict_type)


def rubric_sha(name: str) -> str:
    """Give the hash of a rubric: 16 hex digits, new whenever its text or answer changes."""
    return load_rubric(name).sha
