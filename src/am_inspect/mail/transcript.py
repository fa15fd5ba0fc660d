"""Somebody else's transcript, as raw outputs or chat messages, read into replies of a model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from inspect_ai.model import (
    ChatCompletionChoice,
    ChatMessageAssistant,
    Content,
    ContentReasoning,
    ContentText,
    ModelOutput,
)
from inspect_ai.tool import ToolCall

from ..errors import BadInputError
from ._calls import arguments_of

_AGENT = ("assistant", "model")
_OTHERS = ("system", "developer", "user", "tool", "function")
_REASONING = ("reasoning", "reasoning_content", "thinking", "redacted_thinking")
_CALLS = ("tool_use", "tool_call", "function_call")
_CUT = ("length", "max_tokens", "model_length")


class TranscriptError(BadInputError):
    """A transcript that cannot be read; says what stands where and what is allowed."""


def replies_of(line: Mapping[str, Any]) -> list[ModelOutput]:
    """Read the replies of a transcript, one a turn.

    Args:
        line: Holds either `raw`, one output or a list of them, or `messages`, chat messages in
            OpenAI's form. Messages of other roles than the assistant's are passed over. Text
            may be a string or a list of parts; reasoning may stand in parts, in
            `reasoning_content` or `reasoning`, or between tags in the text; tool calls may have
            their arguments as JSON text or as an object. `truncated: true` says that the last
            reply was cut, a message's own `finish_reason: length` that this one was.

    Returns:
        The replies.

    Raises:
        TranscriptError: If there is no such transcript.
    """
    raw, messages = line.get("raw"), line.get("messages")
    if (raw is None) == (messages is None):
        raise TranscriptError('either "raw" or "messages" is wanted, and one of them only')
    if not isinstance(line.get("truncated"), bool | None):
        raise TranscriptError('"truncated" must be true or false')
    said = _texts(raw) if raw is not None else _spoken(messages)
    replies = [_output(message, cut=cut) for message, cut in said]
    if line.get("truncated"):
        replies[-1].choices[0].stop_reason = "max_tokens"
    return replies


def reply_of(text: str, *, cut: bool = False) -> ModelOutput:
    """Give a text as the reply that it is, cut at the token limit or not."""
    return _output(text, cut=cut)


def _output(said: str | ChatMessageAssistant, *, cut: bool) -> ModelOutput:
    message = ChatMessageAssistant(content=said) if isinstance(said, str) else said
    choice = ChatCompletionChoice(message=message, stop_reason="max_tokens" if cut else "stop")
    return ModelOutput(choices=[choice])


def _texts(raw: object) -> Iterator[tuple[str, bool]]:
    texts = [raw] if isinstance(raw, str) else raw
    if not isinstance(texts, list) or not texts or not all(isinstance(t, str) for t in texts):
        raise TranscriptError('"raw" must be a string or a list of strings, one a turn')
    yield from ((text, False) for text in texts)


def _spoken(messages: object) -> Iterator[tuple[ChatMessageAssistant, bool]]:
    if not isinstance(messages, list):
        raise TranscriptError('"messages" must be a list of chat messages')
    found = False
    for number, message in enumerate(messages, 1):
        role = message.get("role") if isinstance(message, dict) else None
        if role not in (*_AGENT, *_OTHERS):
            raise TranscriptError(
                f'message {number} of "messages" has the role {role!r}: allowed are '
                f"{', '.join((*_AGENT, *_OTHERS))}"
            )
        if role in _AGENT:
            found = True
            stop = message.get("finish_reason") or message.get("stop_reason")
            yield _message(message, f'message {number} of "messages"'), stop in _CUT
    if not found:
        raise TranscriptError('"messages" holds no message of the role assistant')


def _message(message: Mapping[str, Any], where: str) -> ChatMessageAssistant:
    # Some servers give the same reasoning under two names.
    thought = _first_text(message, _REASONING)
    parts: list[Content] = [ContentReasoning(reasoning=thought)] if thought else []
    calls: list[ToolCall] = []
    for part in _parts(message, where):
        kind = str(part.get("type", "text"))
        if kind in _CALLS:
            calls.append(_call(part, f"p{len(calls) + 1}", where))
        elif kind in _REASONING:
            text = _first_text(part, (kind, "text", "summary"))
            parts += [ContentReasoning(reasoning=text)] if text else []
        elif text := _first_text(part, ("text", "refusal")):
            parts.append(ContentText(text=text))
    given = message.get("tool_calls") or []
    if not isinstance(given, list) or not all(isinstance(call, dict) for call in given):
        raise TranscriptError(f'"tool_calls" of {where} must be a list of objects')
    if isinstance(message.get("function_call"), dict):
        given = [*given, message["function_call"]]
    calls += [_call(call, f"c{number}", where) for number, call in enumerate(given, 1)]
    return ChatMessageAssistant(content=parts, tool_calls=calls or None)


def _parts(message: Mapping[str, Any], where: str) -> Iterator[Mapping[str, Any]]:
    content = message.get("content")
    if content is None or isinstance(content, str):
        yield {"text": content or message.get("refusal")}
        return
    for part in content if isinstance(content, list) else [None]:
        if not isinstance(part, dict | str):
            raise TranscriptError(f'"content" of {where} must be a string or a list of parts')
        yield {"text": part} if isinstance(part, str) else part


def _first_text(part: Mapping[str, Any], keys: Sequence[str]) -> str:
    return next((part[key] for key in keys if isinstance(part.get(key), str) and part[key]), "")


def _call(call: Mapping[str, Any], fallback: str, where: str) -> ToolCall:
    function = call.get("function")
    named = function if isinstance(function, dict) else call
    name = function if isinstance(function, str) else named.get("name")
    if not isinstance(name, str):
        raise TranscriptError(f"a tool call of {where} has no function name")
    given = next((named[k] for k in ("arguments", "input", "args") if k in named), None)
    arguments = arguments_of(given, name)
    blank = given in (None, {}) or (isinstance(given, str) and given.strip() in ("", "{}", "null"))
    unread = not arguments and not blank
    return ToolCall(
        id=str(call.get("id") or fallback),
        function=name,
        arguments={"text": given} if unread else dict(arguments),
        parse_error="The arguments are no JSON object." if unread else None,
    )
