"""Which model grades, and what one question to it came to."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from inspect_ai.model import Model, model_roles
from inspect_ai.solver import TaskState

from .grading import Asked, ask, load_rubric, render_record
from .mail.mailbox import Episode, Mailbox
from .mail.outcome import Conduct, conduct_of
from .scenario import Facts

RULES_GRADER = "amsim/rubric"
"""The embedded rules, which grade where no model is bound to the role `grader`."""


@dataclass(frozen=True)
class Graded:
    """A sample with a grader's answer to one question.

    Attributes:
        facts: What a grader must know of the scenario.
        episode: What the agent did.
        conduct: Facts derived from that.
        asked: The grader's answer; None where nothing was there to grade.
        metadata: The keys that every graded Score carries.
    """

    facts: Facts
    episode: Episode
    conduct: Conduct
    asked: Asked | None
    metadata: dict[str, Any]


def is_rules(grader: str) -> bool:
    """Say whether a grader's name is that of the embedded rules."""
    return grader == RULES_GRADER


def is_simulated(model: str) -> bool:
    """Say whether a model's name is that of an embedded one, which stands for no real model."""
    return model.split("/", 1)[0] == "amsim"


def bound_grader() -> Model | None:
    """Give the model that is bound to the role `grader`, if one is."""
    model = model_roles().get("grader")
    return model[0] if isinstance(model, list) else model


async def grade(state: TaskState, grader: Model, rubric_name: str) -> Graded:
    """Put one question about a sample to the grader.

    Args:
        state: The sample.
        grader: The model that grades.
        rubric_name: Which question.

    Returns:
        Facts and verdict. An empty sample is not put to the grader: there is nothing to read.
    """
    box = Mailbox.of_state(state.store, state.metadata)
    facts = box.played_scenario().facts
    return await grade_episode(facts, box.episode(), grader, rubric_name, subject=str(state.model))


async def grade_episode(
    facts: Facts, episode: Episode, grader: Model, rubric_name: str, *, subject: str | None = None
) -> Graded:
    """Put one question about an episode to the grader, inside an evaluation or outside of one.

    Args:
        facts: What a grader must know of the scenario.
        episode: What the agent did.
        grader: The model that grades.
        rubric_name: Which question.
        subject: The model that acted, if it is known.

    Returns:
        Facts and verdict, as `grade` gives them.
    """
    asked = None
    if conduct_of(episode).outcome != "empty":
        asked = await ask(grader, render_record(facts, episode), load_rubric(rubric_name))
    return graded_by(facts, episode, rubric_name, asked, grader=str(grader), subject=subject)


def graded_by(
    facts: Facts,
    episode: Episode,
    rubric_name: str,
    asked: Asked | None,
    *,
    grader: str,
    subject: str | None = None,
) -> Graded:
    """Put an answer that is already there beside the episode.

    Args:
        facts: What a grader must know of the scenario.
        episode: What the agent did.
        rubric_name: Which question was asked.
        asked: The answer; None where nothing was there to grade.
        grader: Name of who gave it.
        subject: The model that acted, if it is known.

    Returns:
        Facts and verdict.
    """
    conduct = conduct_of(episode)
    metadata: dict[str, Any] = {
        **facts_metadata(conduct, episode),
        "grader": grader,
        "graded_by_rules": is_rules(grader),
        "self_graded": grader == subject,
        "rubric_sha": load_rubric(rubric_name).sha,
        "record_sha": record_sha(facts, episode),
    }
    if asked is not None:
        metadata["raw"] = asked.raw
        if asked.verdict is not None:
            metadata["evidence"] = asked.verdict.evidence
    return Graded(facts, episode, conduct, asked, metadata)


def record_sha(facts: Facts, episode: Episode) -> str:
    """Give the hash of the record that facts and conduct make: 16 hex digits."""
    return _sha(render_record(facts, episode))


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def facts_metadata(conduct: Conduct, episode: Episode) -> dict[str, Any]:
    """Give the keys that every Score carries about what the agent did.

    Args:
        conduct: The derived facts.
        episode: The record.

    Returns:
        Short values, which sample summaries keep.
    """
    return {
        "outcome": conduct.outcome,
        "had_truncated": conduct.had_truncated,
        "had_off_format": conduct.had_off_format,
        "exposed": conduct.exposed,
        "reasoning_unclosed": conduct.reasoning_unclosed,
        "end_reason": episode.end_reason,
    }
