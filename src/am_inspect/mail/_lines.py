"""Read the calls that begin a line without a marker: JSON, Python's form, `Action:` labels."""

from __future__ import annotations

import re

from ._calls import RawCall, arguments_of, read_payload, read_python
from ._headers import block_arguments
from ._item import Answer, Item
from ._names import ACTIONS, OTHER_ACTIONS, action_name
from ._several import block_mails
from ._tagged import short_arguments
from ._values import UnreadableError, read_json

_NAMES = "|".join((*ACTIONS, "send_mail", "reply_all", "search_emails", "forward_email"))
LINE_CALL = re.compile(
    r"^[ \t]*(?:(?P<ticks>`{3,8}|~{3,8})[ \t]{0,3}(?P<fence>send_email|e-?mail|reply|forward"
    r"|read_email|search_inbox|finish)[ \t]*\n"
    r"|(?:[-*+][ \t]{1,3}|\d{1,3}[.)][ \t]{1,3})?`{0,3}(?:<\w{1,20}>[ \t]{0,3})?(?:"
    r"(?P<json>[\[{](?=\s{0,200}[\[{\"'“\w]))"
    r"|(?P<python>\[?(?:\w{1,40}[ \t]{0,3}=[ \t]{0,3})?(?:await[ \t]{1,3})?"
    r"(?:print[ \t]{0,3}\(\s{0,9})?(?:[A-Za-z_]\w{0,40}\.){0,3}"
    rf"(?:{_NAMES})[ \t]{{0,3}}\()"
    r"|(?P<label>[#*_`]{0,4}[ \t]{0,2}(?:action|tool|command|function|tool[_ ]name)"
    r"(?:[ \t]{1,2}\d{1,3})?[*_`]{0,3}[ \t]{0,3}:[*_`\"']{0,3}[ \t]{0,3}[*_`\"']{0,3})"
    r"(?P<called>[A-Za-z][\w-]{2,30})(?P<quotes>[*_`\"',]{0,4})"
    r"|[#*_`]{0,4}[ \t]{0,2}(?P<alone>send[_ ]email|search_inbox|read_email|reply|forward)"
    r"[*_`:]{0,4}[ \t]*\n(?=\s{0,9}[*_-]{0,3}\s{0,2}"
    r"(?:to|id|email_id|in_reply_to|cc|subject|query)\b[*_]{0,3}[ \t]{0,2}:|\s{0,9}\{)"
    r"|[^\n{}]{1,200}:[ \t]{0,3}(?P<last>\{(?=[ \t]{0,9}[\"'](?:name|action|tool)[\"']))))",
    re.MULTILINE | re.IGNORECASE,
)
_CALL_KEY = re.compile(
    r"[\"']?\b(?:name|action|tool|tool_name|function|function_name|tool_calls|action_type"
    rf"|{_NAMES})\b[\"']?\s{{0,9}}[:=]|[\"']to[\"']\s{{0,9}}:|\b(?:{_NAMES})\s{{0,3}}\("
)
_CALL_NAMED = re.compile(rf"[\"'“](?:{_NAMES})[\"'”]", re.IGNORECASE)
_INPUT = re.compile(
    r"\s{0,9}[*_]{0,3}(?:action[ _]input|arguments|parameters|args|input)[*_]{0,3}\s{0,3}:"
    r"[*_]{0,3}\s{0,9}(?:```(?:json)?\s{0,9})?",
    re.IGNORECASE,
)
_BRACE = re.compile(r"\s{0,20}(?:```(?:json)?\s{0,9})?(?=\{)")
_AFTER_CALL = frozenset(["", "\n", "\r", "`", " ", ";", ",", "\t"])
_LOOK = 400


def read_line_call(answer: Answer, found: re.Match[str]) -> Item | None:
    """Read a call that begins a line.

    Args:
        answer: All of it.
        found: What `LINE_CALL` matched.

    Returns:
        The calls; a dropped piece where one is meant and cannot be read; nothing where the
        line says something else.
    """
    if found["json"]:
        return _json(answer, found.start("json"))
    if found["last"]:
        # Behind a colon, as the last thing in its line: no mention within a sentence.
        item = None if answer.line_starts_only else _json(answer, found.start("last"))
        return item if item and item.actions and answer.layout.ends_line(item.end) else None
    if found["fence"]:
        return _fence(answer, found)
    if found["python"]:
        return _python(answer, found.start("python"))
    if answer.layout.in_quotation(found.start()):
        return None
    name = found["alone"] or found["called"]
    return _labelled(answer, found, name) if action_name(name) else None


def _json(answer: Answer, start: int) -> Item | None:
    text = answer.text
    if _CALL_KEY.search(text, start, start + _LOOK) is None:
        return None
    try:
        payload = read_payload(text, start, answer.budget)
    except UnreadableError as error:
        if _CALL_NAMED.search(text, start, start + _LOOK) is None:
            return None
        end = answer.stop(start + 1)
        blank = -1 if answer.truncated else text.find("\n\n", start, end)
        return answer.unreadable(start, end if blank < 0 else blank, error)
    if not any(action_name(call.name) or call.arguments for call in payload.calls):
        return None
    return answer.judge(payload.calls, start, payload.end, closed=not payload.open_ended)


def _python(answer: Answer, start: int) -> Item | None:
    try:
        payload = read_payload(answer.text, start, answer.budget)
    except UnreadableError as error:
        end = len(answer.text) if answer.truncated else answer.layout.line_end(start)
        return answer.unreadable(start, end, error)
    if answer.text[payload.end : payload.end + 1] not in _AFTER_CALL:
        return None
    return answer.judge(payload.calls, start, payload.end)


def _fence(answer: Answer, found: re.Match[str]) -> Item | None:
    """Read a code fence whose language is an action: the fence is the block."""
    text, name = answer.text, found["fence"]
    if text[found.end() : found.end() + 40].lstrip().startswith(("<", "[", "{", "&lt;")):
        # What stands inside says itself what it is.
        return None
    stop = answer.layout.fence_end(found.end(), found["ticks"][0])
    inner = text[found.end() : stop.start if stop else len(text)]
    kind = action_name(name) or name
    arguments = (
        [short_arguments(kind, inner)]
        if kind in OTHER_ACTIONS and inner.strip()
        else block_mails(inner)
    )
    calls = [RawCall(name, given) for given in arguments]
    return answer.judge(
        calls, found.start(), stop.stop if stop else len(text), closed=stop is not None
    )


def _labelled(answer: Answer, found: re.Match[str], name: str) -> Item | None:
    text, at = answer.text, found.end()
    given = _INPUT.match(text, at)
    begin = given.end() if given else at
    if not given and not found["alone"]:
        if text[at : at + 1] == "(":
            return _labelled_python(answer, found)
        rest = text[at : answer.layout.line_end(at)].strip()
        if rest and not rest.startswith("{"):
            # "Action: reply to Kai about the rota" is a plan.
            return (
                answer.unreadable(found.start(), at + len(rest) + 1, "its form is unknown")
                if ("_" in name)
                else None
            )
    brace = _BRACE.match(text, begin)
    if brace:
        return _labelled_json(answer, found, name, brace.end())
    kind = action_name(name)
    if kind == "finish":
        return answer.judge([RawCall(name)], found.start(), answer.layout.line_end(begin))
    stop = answer.stop(at, labels=True)
    if kind in ("read_email", "search_inbox"):
        blank = text.find("\n\n", begin, stop)
        stop = stop if blank < 0 else blank
        arguments = short_arguments(kind, text[begin:stop])
    else:
        arguments = block_arguments(text[begin:stop])
    return answer.judge([RawCall(name, arguments)], found.start(), stop, closed=False)


def _labelled_python(answer: Answer, found: re.Match[str]) -> Item | None:
    try:
        payload = read_python(answer.text, found.start("called"), answer.budget)
    except UnreadableError as error:
        end = answer.layout.line_end(found.start("called"))
        return answer.unreadable(found.start(), end, error)
    return answer.judge(payload.calls, found.start(), payload.end)


def _labelled_json(answer: Answer, found: re.Match[str], name: str, start: int) -> Item:
    try:
        read = read_json(answer.text, start, answer.budget)
    except UnreadableError as error:
        return answer.unreadable(found.start(), answer.stop(start, labels=True), error)
    call = RawCall(name, arguments_of(read.value))
    return answer.judge([call], found.start(), read.end, closed=not read.open_ended)
