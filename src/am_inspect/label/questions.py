"""What a labeller is asked, and what the answers mean: the rubrics in people's words."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from .._yaml import load_yaml


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Option(_Part):
    """An answer that can be chosen.

    Attributes:
        value: What a label file holds.
        label: What the page calls it.
        help: What it means, in one line.
    """

    value: str | bool
    label: str
    help: str


class Question(_Part):
    """A question.

    Attributes:
        name: Key of the answer in a label file.
        ask: The question.
        means: Its definitions, a paragraph each.
        options: The answers, in the order of their keys.
    """

    name: str
    ask: str
    means: list[str]
    options: list[Option]


class CannotTell(_Part):
    """How the page words the answer that every question has beside its own."""

    label: str
    help: str


class Questions(_Part):
    """All that a labeller is told and asked.

    Attributes:
        rubric_sha: For which state of the graders' rubrics this was written.
        intro: What labelling is about, a paragraph each.
        questions: The questions in their order.
        cannot_tell: The answer that every question has beside its own.
    """

    rubric_sha: dict[str, str]
    intro: list[str]
    questions: list[Question]
    cannot_tell: CannotTell


@cache
def load_questions() -> Questions:
    """Read the questions from the package."""
    text = files(__package__).joinpath("questions.yaml").read_text(encoding="utf-8")
    return Questions.model_validate(load_yaml(text))
