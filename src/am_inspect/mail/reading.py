"""Read one reply of a model: its reasoning, its words, its actions, and whether it was cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inspect_ai.model import ContentReasoning, ContentText, ModelOutput
from inspect_ai.tool import ToolCall

from ..reasoning import split_reasoning
from ._plain import own_turn, plain
from .actions import Dropped, tidy_calls
from .text_protocol import ParsedText, first_complete_action, parse_text

_BEYOND = "It stands behind the end of the agent's own turn."
_CUT = ("max_tokens", "model_length")


@dataclass(frozen=True)
class Reading:
    """What one reply holds.

    Attributes:
        reasoning: Private reasoning, from tags in the text or returned by the provider.
        words: Text outside reasoning and outside actions.
        calls: Actions, as tool calls.
        native: Whether the provider returned the calls as such.
        dropped: What looks like an action and cannot be read.
        truncated: Whether the reply was cut.
        reasoning_unclosed: Whether reasoning began and did not end.
        reasoning_returned: Whether the provider returned reasoning apart from the text.
    """

    reasoning: str
    words: str
    calls: Sequence[ToolCall]
    native: bool
    dropped: Sequence[Dropped]
    truncated: bool
    reasoning_unclosed: bool
    reasoning_returned: bool


@dataclass(frozen=True)
class TextReading:
    """What the text of one reply holds.

    Attributes:
        reasoning: Private reasoning between tags.
        unclosed: Whether it began and did not end.
        visible: The rest, as written.
        parsed: What the rest asks for.
    """

    reasoning: str
    unclosed: bool
    visible: str
    parsed: ParsedText


def read_text(text: str, *, truncated: bool = False) -> TextReading:
    """Read the text of a reply: its reasoning is split off first, nothing in it is an action.

    Args:
        text: All of it.
        truncated: Whether it was cut at the token limit.

    Returns:
        The reading. A model that was not stopped goes on to play the other speakers: what
        stands behind the end of its own turn is no act, and is dropped if it holds one.
    """
    own = own_turn(plain(text))
    truncated = truncated and not own.beyond
    split = split_reasoning(own.text, truncated=truncated, first_action=first_complete_action)
    parsed = parse_text(split.visible, truncated=truncated)
    if first_complete_action(own.beyond) is not None:
        parsed.dropped.append(Dropped(text=own.beyond.strip(), reason=_BEYOND))
    return TextReading(split.reasoning, split.unclosed, split.visible, parsed)


def read_output(output: ModelOutput, *, cut: bool = False) -> Reading:
    """Read a reply.

    Args:
        output: What the model returned.
        cut: Whether the caller knows that the reply was cut although no stop reason says so.

    Returns:
        The reading. Text actions are read wherever the provider returned no call of its own,
        also in a native run: a tool parser that leaves a call in the text must not lose mail.
    """
    if not output.choices:
        return Reading("", "", (), False, (), cut, False, False)
    truncated = cut or output.stop_reason in _CUT
    content = output.message.content
    parts = [ContentText(text=content)] if isinstance(content, str) else content
    text = "\n".join(part.text for part in parts if isinstance(part, ContentText))
    returned = [
        part.reasoning or part.summary or "" for part in parts if isinstance(part, ContentReasoning)
    ]
    read = read_text(text, truncated=truncated)
    reasoning = "\n\n".join(piece for piece in (*returned, read.reasoning) if piece.strip())
    native = output.message.tool_calls
    if native:
        tidy = tidy_calls(native)
        words, calls, dropped = read.visible.strip(), tidy.calls, tidy.dropped
    else:
        parsed = read.parsed
        words, calls, dropped = parsed.words, tuple(parsed.calls), tuple(parsed.dropped)
    return Reading(
        reasoning=reasoning,
        words=words,
        calls=calls,
        native=bool(native),
        dropped=dropped,
        truncated=truncated,
        reasoning_unclosed=read.unclosed,
        reasoning_returned=any(piece.strip() for piece in returned),
    )
