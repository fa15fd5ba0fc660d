"""Labelled transcripts for the further views: most from the gold set, some newly written."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import BaseModel, ConfigDict

from ..mail.mailbox import Episode
from .gold_line import GoldLine
from .gold_set import load_gold
from .verdicts import Answer
from .views import VIEW_VERDICTS


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    of: str
    world: str
    labeller: str
    label: dict[str, Any]
    reason: str
    turns: tuple[str, ...] | None = None


@dataclass(frozen=True)
class ViewCase:
    """A transcript with a label for one view.

    Attributes:
        id: Its name.
        transcript: The transcript, with the facts of the gold line from which it is taken, or
            which lends its facts to a newly written text.
        label: What the labeller says.
        labeller: Who labelled; a model, never a person.
        reason: Why.
    """

    id: str
    transcript: GoldLine
    label: Answer
    labeller: str
    reason: str

    def episode(self) -> Episode:
        """Play the transcript."""
        return self.transcript.episode()


@cache
def view_gold(view: str) -> tuple[ViewCase, ...]:
    """Read the labelled transcripts of a view.

    Args:
        view: Its name.

    Returns:
        The cases, in the order of the file.
    """
    lines = {line.id: line for line in load_gold(part="all").lines}
    text = files(__package__).joinpath("gold", "views", f"{view}.jsonl").read_text("utf-8")
    return tuple(_case(view, _Line.model_validate_json(raw), lines) for raw in text.splitlines())


def _case(view: str, line: _Line, lines: dict[str, GoldLine]) -> ViewCase:
    given = lines[line.of]
    if line.turns is not None:
        given = given.model_copy(update={"turns": line.turns, "messages": None, "tags": ()})
    label = json.dumps({"evidence": "", **line.label})
    verdict = VIEW_VERDICTS[view].model_validate_json(label)
    return ViewCase(line.id, given, verdict, line.labeller, line.reason)
