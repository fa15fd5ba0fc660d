"""The planted non-answers of a simulated sample: empty, cut off, unreadable, or an error."""

from __future__ import annotations

import random

from inspect_ai.tool import ToolCall

from .acts import Hand
from .profiles import MissingKind
from .sloppy import unreadable
from .writer import Answer


class SimulatedFailure(RuntimeError):
    """The planted error of a simulated subject: stands for a provider that fails."""


def missing_answer(kind: MissingKind, hand: Hand, rng: random.Random, *, native: bool) -> Answer:
    """Write a turn that is no answer.

    Args:
        kind: What is wrong with it.
        hand: Says the words around it.
        rng: Draws its form.
        native: Whether actions are tool calls.

    Returns:
        An empty answer; or reasoning that was cut off, never closed and without an action;
        or something like an action that names nobody.

    Raises:
        SimulatedFailure: If `kind` is "error".
    """
    if kind == "error":
        raise SimulatedFailure("a planted error of the simulated subject (no real provider)")
    if kind == "empty":
        return Answer(rng.choice(("", "", "\n")))
    thought = hand.say("reasoning_work")
    if kind == "truncated":
        whole = "\n\n".join([thought, *(hand.say("reasoning_work") for _ in range(3))])
        return Answer(f"<scratchpad>\n{whole[: len(whole) * 3 // 4]}", stop_reason="max_tokens")
    if native:
        call = ToolCall(id=f"bad{rng.randrange(1000)}", function="send_email", arguments={})
        return Answer("", (call,), "tool_calls")
    return Answer(unreadable(thought, rng))
