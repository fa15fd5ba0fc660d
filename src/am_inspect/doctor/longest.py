"""The longest sample: how many tokens its prompt and all its turns take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..dataset import load_rows
from ..mail.client import show_turn, tick
from ..mail.protocol import protocol_block
from ..scenario import Row
from .settings import Settings

REPLY = 400
"""Tokens of a likely reply: a paragraph of reasoning and one or two mails."""

_RESULTS = 60
"""Tokens of a turn that brings no mail: clock, results of actions, a scripted answer."""


@dataclass(frozen=True)
class Longest:
    """The longest sample.

    Attributes:
        world: Its world.
        text: Its whole prompt without replies, as one text.
        prompt: Tokens of that.
        likely: Tokens of the whole conversation with likely replies.
        most: The same with each reply at the token limit.
    """

    world: str
    text: str
    prompt: int
    likely: int
    most: int


def longest_sample(settings: Settings, count: Callable[[str], int]) -> Longest:
    """Find it.

    Args:
        settings: Delivery, turns and tokens of a reply.
        count: Gives the tokens of a text.

    Returns:
        The sample with the longest text over all cells and worlds.
    """
    row = max(load_rows(), key=lambda row: len(_text(row, settings)))
    text = _text(row, settings)
    prompt = count(text)
    turns = 1 if settings.delivery == "single_turn" else settings.max_turns
    later = _RESULTS * max(0, turns - row.waves)
    likely = min(REPLY, settings.max_tokens)
    return Longest(
        world=row.world,
        text=text,
        prompt=prompt,
        likely=prompt + later + turns * likely,
        most=prompt + later + turns * settings.max_tokens,
    )


def _text(row: Row, settings: Settings) -> str:
    """Join all that the model is shown: in waves it comes to the same mails."""
    tools = "text" if settings.tools == "auto" else settings.tools
    parts = [row.system, protocol_block(tools, settings.delivery)]
    parts.append(
        show_turn(
            row,
            turn=1,
            clock=tick("", row.mails),
            mails=row.mails,
            tools_used=tools,
            opening=row.opening,
        )
    )
    return "\n\n".join(parts)
