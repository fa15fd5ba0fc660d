"""Read the calls behind a marker such as `<tool_call>` or `[TOOL_CALLS]`."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from ._blocks import unescaped
from ._calls import Payload, RawCall, read_payload, read_python
from ._children import has_children
from ._headers import block_arguments
from ._item import LEFT_OVER, Answer, Item
from ._names import action_name
from ._values import UnreadableError

_NEXT_CALL = re.compile(
    r"[ \t]*[;,]?\s{0,40}(?=(?:print\s?\(|await\s|\w{1,40}\s?=\s?)?[A-Za-z_][\w.]{1,80}[ \t]?\()"
)
_OTHER_BLOCK = re.compile(r"\s{0,80}(?:<|&lt;|\[(?!\[|\{)|```)")
_SURPLUS = re.compile(r"[ \t]{0,3}[}\]]{1,3}(?=\s{0,40}(?:<|\Z))")
_LABELLED = re.compile(
    r"(?:name|action|tool|tool_name|function)\s{0,3}[:=]\s{0,3}[\"']?([\w-]{3,40})[\"']?,?[ \t]*\n"
)
_ARGUMENTS_LINE = re.compile(
    r"^[ \t]*(?:arguments|parameters|args|input|params)[ \t]*:[ \t]*\n", re.MULTILINE
)
_BARE_NAME = re.compile(r"[\w-]{3,40}(?=\s{0,9}<)")


def read_marked(answer: Answer, found: re.Match[str]) -> Item | None:
    """Read what follows a marker.

    Args:
        answer: All of it.
        found: The marker.

    Returns:
        The calls; a dropped piece if they cannot be read; the bare marker if a block of tags
        follows, which is read on its own; nothing if it stands in a quotation.
    """
    text, start = answer.text, found.start()
    if answer.layout.in_quotation(start) and not found[0].lstrip().startswith("```"):
        return None
    if answer.line_starts_only and not answer.layout.starts_line(start):
        return None
    try:
        payload = _more(answer, read_payload(text, found.end(), answer.budget))
    except UnreadableError as error:
        return _unreadable(answer, found, error)
    surplus = _SURPLUS.match(text, payload.end)
    end = surplus.end() if surplus else payload.end
    return answer.judge(payload.calls, start, end, closed=not payload.open_ended)


def _more(answer: Answer, payload: Payload) -> Payload:
    calls, end = list(payload.calls), payload.end
    while following := _NEXT_CALL.match(answer.text, end):
        try:
            more = read_python(answer.text, following.end(), answer.budget)
        except UnreadableError:
            break
        calls += more.calls
        end = more.end
    return Payload(tuple(calls), end, payload.open_ended)


def _unreadable(answer: Answer, found: re.Match[str], error: UnreadableError) -> Item:
    text, begin = answer.text, found.end()
    left = LEFT_OVER.search(text, begin, answer.next_marker(begin))
    piece_end = left.start() if left else len(text)
    children = text[begin:piece_end].lstrip()
    if left and has_children(children):
        # <tool_call><name>...</name><arguments>...</arguments></tool_call>
        arguments = block_arguments(children)
        name = str(arguments.pop("action", "")).strip()
        if action_name(name):
            return answer.judge([RawCall(name, arguments)], found.start(), left.end())
    if _OTHER_BLOCK.match(text, begin) or found[0].startswith("[/"):
        return Item(found.start(), begin)
    end = min(piece_end, answer.stop(begin))
    piece = text[begin:end].strip()
    if not piece:
        return Item(found.start(), end)
    calls = list(_second_look(answer, piece, closed=left is not None))
    if calls:
        return answer.judge(calls, found.start(), end)
    return answer.unreadable(found.start(), end, error)


def _second_look(answer: Answer, piece: str, *, closed: bool) -> Iterator[RawCall]:
    """Find a call in a piece that is unreadable as it stands."""
    looks = [piece] if closed else []  # Brackets may be missing before the closing marker.
    looks += [unescaped(piece)] if "&quot;" in piece else []
    looks += [piece.replace('\\"', '"')] if '\\"' in piece else []
    for look in looks:
        try:
            yield from read_payload(look, 0, answer.budget).calls
        except UnreadableError:
            continue
        return
    name = _BARE_NAME.match(piece)
    if name and action_name(name[0]):
        yield RawCall(name[0], block_arguments(piece[name.end() :]))
        return
    labelled = _LABELLED.match(piece)
    if labelled and action_name(labelled[1]):
        rest = textwrap.dedent(_ARGUMENTS_LINE.sub("", piece[labelled.end() :], count=1))
        yield RawCall(labelled[1], block_arguments(rest))
