"""The text protocol: from what an agent wrote to tool calls, tolerantly."""

from __future__ import annotations

from dataclasses import dataclass

from inspect_ai.tool import ToolCall

from ._blockless import OUTSIDE, mail_outside
from ._item import CUT
from ._plain import plain
from ._scan import scan
from .actions import Dropped


@dataclass(frozen=True)
class ParsedText:
    """What an answer asks for.

    Attributes:
        calls: Actions in order of appearance, ids `t1`, `t2` ..., each of them readable.
        dropped: What looks like an action and is none, with the reason.
        words: The rest.
    """

    calls: list[ToolCall]
    dropped: list[Dropped]
    words: str


def parse_text(text: str, *, truncated: bool = False) -> ParsedText:
    """Read the actions in an answer. Never raises; linear in time.

    Args:
        text: The answer without its private reasoning (see `am_inspect.reasoning`).
        truncated: Whether it was cut at the token limit: a last block without an end is then
            dropped, for nobody knows what it would have said.

    Returns:
        Actions, dropped pieces, and words. Actions in quoted lines or named in the middle of
        a sentence are words.
    """
    text = plain(text)
    calls: list[ToolCall] = []
    dropped: list[Dropped] = []
    words: list[str] = []
    position = 0
    for item in scan(text, truncated=truncated):
        words.append(text[position : item.start])
        position = item.end
        dropped += item.dropped
        for action in item.actions:
            calls.append(ToolCall(f"t{len(calls) + 1}", action.action, action.arguments()))
    words.append(text[position:])
    for number, piece in enumerate(words):
        start = mail_outside(piece)
        if start is not None:
            dropped.append(
                Dropped(
                    text=piece[start:].strip(),
                    reason=CUT if truncated and number == len(words) - 1 else OUTSIDE,
                )
            )
            words[number] = piece[:start]
    pieces = (piece.strip() for piece in words)
    return ParsedText(calls, dropped, "\n\n".join(piece for piece in pieces if piece))


def first_complete_action(text: str) -> int | None:
    """Find the first action at a line's start that is complete, its closing tag included.

    Args:
        text: An answer, or what follows an opening tag of reasoning that nothing closes, as
            `plain` gives it.

    Returns:
        Offset of the action's first character; nothing if there is none.
    """
    items = scan(text, truncated=True, line_starts_only=True)
    return next((item.start for item in items if item.actions and item.closed), None)
