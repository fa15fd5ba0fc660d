"""Read the blocks that tags make."""

from __future__ import annotations

import re

from ._blocks import Tag, is_action, is_mail, unescaped
from ._calls import RawCall, read_payload
from ._headers import block_arguments
from ._item import LEFT_OVER, Answer, Item
from ._names import action_name
from ._several import block_mails
from ._values import UnreadableError

_FENCE_END = re.compile(r"\n[ \t]*```\s*\Z")
_MARKS = re.compile(r"[ \t]{0,3}(?:[*_#]{1,4}|`)[ \t]{0,3}")
_MARKS_AFTER = re.compile(r"\A(?:[*_]{1,3}|`)[ \t]*(?=\n)")
_REST_OF_LINE = re.compile(r"[^\n<]{0,300}")
_ENDS_SENTENCE = (".", ":", "!", "?", ")")
_SHORT_INNER = 2000


def read_block(answer: Answer, tag: Tag, position: int) -> Item | None:
    """Read the block that a tag begins.

    Args:
        answer: All of it.
        tag: The tag.
        position: What stands before this offset is read.

    Returns:
        The actions or dropped pieces; nothing if the tag is mere talk.
    """
    text, layout = answer.text, answer.layout
    at_start = layout.starts_line(tag.start) or (
        position > 0 and not text[position : tag.start].strip(" \t`*")
    )
    if tag.closes:
        # A closing tag that nothing opened is no word of the agent's.
        return Item(tag.start, tag.end) if at_start else None
    if layout.in_quotation(tag.start) or (answer.line_starts_only and not at_start):
        return None
    if not tag.name:
        return _nameless(answer, tag) if at_start else None
    if not is_mail(tag.kind) and action_name(tag.name) is not None:
        return _short(answer, tag, at_start=at_start)
    closer = None if tag.void else answer.tags.closer(tag)
    closed = closer is not None or tag.void
    if not closed and not at_start:
        return None
    inner, end = _inside(answer, tag, closer)
    if not closed and not inner.strip() and not tag.attributes:
        # An opening tag where the closing one was meant.
        return Item(tag.start, end)
    if not tag.void and answer.tags.encloses(tag, end):
        # <email> around <send_email>: what stands inside is read on its own.
        return Item(tag.start, tag.end)
    mails = block_mails(inner) if is_action(tag.kind) else [block_arguments(inner)]
    calls = [RawCall(tag.name, {**mail, **_filled(tag, inner)}) for mail in mails]
    item = answer.judge(calls, tag.start, end, closed=closed)
    return item if at_start or item.actions else None


def _inside(answer: Answer, tag: Tag, closer: Tag | None) -> tuple[str, int]:
    if tag.void:
        return "", tag.end
    if closer is not None:
        # **</send_email>**: the mark before it is the tag's, not the text's.
        line = answer.layout.line_start(closer.start)
        marked = line > tag.end and _MARKS.fullmatch(answer.text[line : closer.start])
        inner, end = answer.text[tag.end : line if marked else closer.start], closer.end
    else:
        end = answer.stop(tag.end)
        inner = LEFT_OVER.split(answer.text[tag.end : end], maxsplit=1)[0]
        if answer.layout.fence_before(tag.start) is not None:
            inner = _FENCE_END.sub("", inner)
    inner = _MARKS_AFTER.sub("", inner)
    return unescaped(inner) if tag.escaped else inner, end


def _short(answer: Answer, tag: Tag, *, at_start: bool) -> Item | None:
    text, layout = answer.text, answer.layout
    closer = None if tag.void else answer.tags.closer(tag)
    following = answer.tags.next_block(tag.end)
    near = closer is not None and closer.start - tag.end <= _SHORT_INNER
    if closer is not None and near and (following is None or following >= closer.start):
        inner, end = text[tag.end : closer.start], closer.end
    elif tag.void or tag.attributes or tag.kind == "finish":
        inner, end = "", tag.end
    else:
        line = _REST_OF_LINE.match(text, tag.end)
        end = line.end() if line else tag.end
        inner = text[tag.end : end]
    if not layout.ends_line(end) and layout.is_item(tag.start):
        # "- <finish/>: ends the session" lists what can be done.
        return None
    if not at_start:
        before = text[max(0, tag.start - 8) : tag.start].rstrip(" \t")
        if not layout.ends_line(end) or not before.endswith(_ENDS_SENTENCE):
            return None
    arguments = dict(tag.attributes)
    if inner.strip():
        inner = unescaped(inner) if tag.escaped else inner
        arguments = {**short_arguments(tag.kind, inner), **arguments}
    return answer.judge([RawCall(tag.name, arguments)], tag.start, end)


def _nameless(answer: Answer, tag: Tag) -> Item:
    closer = answer.tags.closer(tag)
    inner, end = _inside(answer, tag, closer)
    closed = closer is not None
    try:
        payload = read_payload(inner, 0, answer.budget)
        return answer.judge(payload.calls, tag.start, end, closed=closed)
    except UnreadableError:
        pass
    name = inner.strip().strip("\"'`*")
    if closed and len(name) < 40 and action_name(name):
        # <action>send_email</action>, and what belongs to it below.
        stop = answer.stop(end)
        arguments = block_arguments(answer.text[end:stop])
        return answer.judge([RawCall(name, arguments)], tag.start, stop, closed=False)
    arguments = block_arguments(inner)
    stated = str(arguments.pop("action", "")).strip()
    if not stated:
        # Some other tag of that name: what stands inside is looked at on its own.
        return Item(tag.start, tag.end)
    return answer.judge([RawCall(stated, arguments)], tag.start, end, closed=closed)


def short_arguments(kind: str, inner: str) -> dict[str, object]:
    """Read the inside of a block that carries an id, a query or a note."""
    arguments = block_arguments(inner)
    if set(arguments) - {"body"}:
        return arguments
    text = str(arguments.get("body", inner)).strip().strip("\"'`*")
    return {{"read_email": "id", "search_inbox": "query"}.get(kind, "note"): text}


def _filled(tag: Tag, inner: str) -> dict[str, object]:
    return {key: value for key, value in tag.attributes.items() if value or not inner}
