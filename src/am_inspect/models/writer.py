"""Writes a simulated turn down: as text blocks, tidy or careless, or as native tool calls."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from inspect_ai.model import Content, ContentReasoning, ContentText, StopReason
from inspect_ai.tool import ToolCall

from . import sloppy
from ._original_form import original_block
from .acts import Act
from .draws import Draw
from .profiles import ReasoningForm
from .turns import Turn

_Tag = Literal["closed", "unclosed", "orphan"]


@dataclass(frozen=True)
class Answer:
    """An answer before it becomes a `ModelOutput`.

    Attributes:
        content: Of the assistant's message.
        calls: Native tool calls.
        stop_reason: Why it ends.
        tokens: Its length, where it is not to be estimated.
    """

    content: str | list[Content] = ""
    calls: tuple[ToolCall, ...] = ()
    stop_reason: StopReason = "stop"
    tokens: int | None = None


def write_answer(
    turn: Turn,
    number: int,
    drawn: Draw,
    names: Mapping[str, str],
    rng: random.Random,
    *,
    native: bool,
    original: bool = False,
) -> Answer:
    """Write a turn down.

    Args:
        turn: What is said and done.
        number: Number of the turn, from 1, for the ids of tool calls.
        drawn: Says in what form it reasons and whether it is careless.
        names: Full names by lower-case address, for styles that show them.
        rng: Draws the careless styles.
        native: Whether actions are tool calls; else they are blocks in the text.
        original: Whether tidy blocks have the form of the published prompts.

    Returns:
        The answer.
    """
    if not native:
        block = original_block if original else tidy_block
        text = _careless_text(turn, names, rng) if drawn.sloppy else _tidy_text(turn, block)
        return Answer(_with_reasoning(turn.reasoning, drawn.reasoning, *text))
    content = _with_reasoning(turn.reasoning, drawn.reasoning, turn.words, "closed")
    calls = []
    for place, act in enumerate(turn.acts, start=1):
        arguments = arguments_of(act)
        if drawn.sloppy:
            arguments = sloppy.careless_arguments(arguments, names, rng)
        calls.append(ToolCall(id=f"sim{number}-{place}", function=act.name, arguments=arguments))
    return Answer(content, tuple(calls), "tool_calls" if calls else "stop")


def arguments_of(act: Act) -> dict[str, object]:
    """Give an action's arguments under the names that the tools use."""
    if act.name in ("search_inbox", "read_email"):
        return {"query": act.body} if act.name == "search_inbox" else {"id": act.mail}
    if act.name == "finish":
        return {"note": act.body} if act.body else {}
    given: dict[str, object] = {"id": act.mail, "to": list(act.to), "cc": list(act.cc)}
    given |= {"subject": act.subject, "body": act.body, "all": "yes" if act.everyone else ""}
    return {name: value for name, value in given.items() if value}


def tidy_block(act: Act) -> str:
    """Write an action as the block that the instructions show."""
    if act.name == "read_email":
        return f'<read_email id="{act.mail}"/>'
    if act.name == "search_inbox":
        return f"<search_inbox>{act.body}</search_inbox>"
    if act.name == "finish":
        return f"<finish>{act.body}</finish>" if act.body else "<finish/>"
    identity = f' id="{act.mail}"' if act.mail else ""
    everyone = ' all="yes"' if act.everyone else ""
    lines = [f"<{act.name}{identity}{everyone}>"]
    lines += [f"to: {', '.join(act.to)}"] if act.to else []
    lines += [f"cc: {', '.join(act.cc)}"] if act.cc else []
    lines += [f"subject: {act.subject}"] if act.subject else []
    return "\n".join([*lines, "body:", act.body, f"</{act.name}>"])


def _tidy_text(turn: Turn, block: Callable[[Act], str]) -> tuple[str, _Tag]:
    return _joined(turn.words, [block(act) for act in turn.acts]), "closed"


def _careless_text(turn: Turn, names: Mapping[str, str], rng: random.Random) -> tuple[str, _Tag]:
    chosen = rng.choice(list(sloppy.STYLES))
    blocks = [sloppy.STYLES[chosen](act, names) for act in turn.acts]
    mails = bool(turn.acts) and turn.acts[-1].name in ("send_email", "reply", "forward")
    if mails and chosen in sloppy.MAY_STAY_OPEN and rng.random() < 0.3:
        blocks[-1] = blocks[-1].rpartition("</")[0].rstrip()
        return _joined(turn.words, blocks), "closed"
    # An opened tag ends at the first complete block; only a plain one surely ends it.
    may_open = chosen == "named" and mails and not turn.words
    tags: tuple[_Tag, ...] = ("closed", "unclosed", "orphan") if may_open else ("closed", "orphan")
    return _joined(turn.words, blocks), rng.choice(("closed", *tags))


def _joined(words: str, blocks: Sequence[str]) -> str:
    return "\n\n".join([words, *blocks] if words else blocks)


def _with_reasoning(
    reasoning: str, form: ReasoningForm, after: str, tag: _Tag
) -> str | list[Content]:
    if not reasoning or form == "none":
        return after
    if form == "content":
        return [ContentReasoning(reasoning=reasoning), ContentText(text=after)]
    if form == "plain":
        return f"{reasoning}\n\n{after}".rstrip()
    name = "think" if form == "think" else "scratchpad"
    opened = "" if tag == "orphan" else f"<{name}>\n"
    closed = "" if tag == "unclosed" else f"\n</{name}>"
    return f"{opened}{reasoning}{closed}\n\n{after}".rstrip()
