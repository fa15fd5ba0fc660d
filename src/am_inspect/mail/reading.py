"""Read one reply of a model: its reasoning, its words, its actions, and whether it was cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inspect_ai.model import ContentReasoning, ContentText, ModelOutput
from inspect_ai.tool import ToolCall

from ..reasoning import split_reasoning
from .actions import Dropped, tidy_calls
from .text_protocol import first_complete_action, parse_text

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
    split = split_reasoning(text, truncated=truncated, first_action=first_complete_action)
    reasoning = "\n\n".join(piece for piece in (*returned, split.reasoning) if piece.strip())
    native = output.message.tool_calls
    if native:
        tidy = tidy_calls(native)
        words, calls, dropped = split.visible.strip(), tidy.calls, tidy.dropped
    else:
        parsed = parse_text(split.visible, truncated=truncated)
        words, calls, dropped = parsed.words, tuple(parsed.calls), tuple(parsed.dropped)
    return Reading(
        reasoning=reasoning,
        words=words,
        calls=calls,
        native=bool(native),
        dropped=dropped,
        truncated=truncated,
        reasoning_unclosed=split.unclosed,
        reasoning_returned=any(piece.strip() for piece in returned),
    )
