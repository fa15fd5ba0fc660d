"""Calls in the wild: JSON objects of many shapes, and calls in Python's form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ._names import action_name, argument_name, normal
from ._values import Budget, Reader, UnreadableError, read_json

_KEYS = {
    "name": "action tool tool_name function function_name name action_name command action_type "
    "type api",
    "arguments": "arguments parameters params args input tool_input action_input kwargs "
    "tool_arguments function_arguments function_args tool_args data payload inputs properties "
    "parameter argument",
    "list": "tool_calls function_calls calls actions tool_call function_call toolcalls call steps "
    "commands command response",
}
_NAME_KEYS, _ARGUMENT_KEYS, _LIST_KEYS = (tuple(keys.split()) for keys in _KEYS.values())
_SAYS_ACTION = ("action", "tool", "tool_name", "function", "function_name", "action_name")
_POSITIONAL = {
    "send_email": ("to", "subject", "body", "cc", "bcc"),
    "reply": ("id", "body"),
    "forward": ("id", "to", "body"),
    "read_email": ("id",),
    "search_inbox": ("query",),
    "finish": ("note",),
}
CALL_HEAD = re.compile(
    r"(?:\w{1,40}[ \t]{0,3}=[ \t]{0,3})?(?:await[ \t]{1,3})?(?P<print>print[ \t]{0,3}\(\s{0,9})?"
    r"(?:await[ \t]{1,3})?(?P<name>(?:[A-Za-z_]\w{0,40}\.){0,3}[A-Za-z_]\w{0,40})[ \t]{0,3}\("
)
_KEYWORD = re.compile(r"([A-Za-z_]\w{0,40})\s{0,9}=(?!=)")
_NAMED_JSON = re.compile(
    r"(?:(?:functions|tools|default_api)\.)?(?P<name>[A-Za-z][\w.-]{0,60})(?::\d{1,4})?\s{0,9}"
    r"(?:\[CALL_ID\][\w-]{0,40}\s{0,9})?"
    r"(?:\[ARGS\]|<\|tool_call_argument_begin\|>|<\|message\|>|<｜tool▁sep｜>"
    r"|(?:<\|constrain\|>)?\s?json\s?<\|message\|>|<\|constrain\|>\s?json\s?<\|message\|>)?"
    r"\s{0,9}(?:```(?:json)?\s{0,9})?(?=\{)"
)


@dataclass(frozen=True)
class RawCall:
    """A call as it was written: name and arguments, not yet judged."""

    name: str
    arguments: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Payload:
    """The calls at one place and the offset behind them."""

    calls: tuple[RawCall, ...]
    end: int
    open_ended: bool = False


def read_payload(text: str, start: int, budget: Budget) -> Payload:
    """Read the calls that stand at a place, in whichever form.

    Args:
        text: All of it.
        start: Where they begin, white space allowed.
        budget: Charged for what is read in vain.

    Returns:
        At least one call; it may name no action of ours.

    Raises:
        UnreadableError: If there is no call; the message says why.
    """
    reader = Reader(text, start)
    char = reader.skip()
    begin = reader.at
    if char == "[" and CALL_HEAD.match(text, _after_space(text, begin + 1)):
        return _call_list(text, begin, budget)
    if char in ("{", "["):
        return _json_run(text, begin, budget)
    named = _NAMED_JSON.match(text, begin)
    if named:
        read = read_json(text, named.end(), budget)
        call = RawCall(named["name"], arguments_of(read.value))
        return Payload((call,), read.end, read.open_ended)
    if CALL_HEAD.match(text, begin):
        return read_python(text, begin, budget)
    raise UnreadableError("no call stands there")


def read_python(text: str, start: int, budget: Budget) -> Payload:
    """Read one call in Python's form, with `print(...)` or `await` around it.

    Raises:
        UnreadableError: If the arguments cannot be read.
    """
    head = CALL_HEAD.match(text, start)
    if head is None or budget.spent:
        raise UnreadableError("no call stands there")
    reader = Reader(text, head.end(), names=lambda word: _assigned(text, word, start, budget))
    try:
        call = _arguments(reader, head["name"])
    except UnreadableError:
        budget.spend(reader.at - start)
        raise
    if head["print"] and reader.skip() == ")":
        reader.at += 1
    return Payload((call,), reader.at)


def calls_of(value: object) -> Iterator[RawCall]:
    """Find the calls in a JSON value. A mail without an action's name gives a call without one."""
    if isinstance(value, list):
        for item in value:
            yield from calls_of(item)
        return
    if not isinstance(value, dict):
        return
    keys = {normal(str(key)): item for key, item in value.items()}
    for key in _LIST_KEYS:
        if isinstance(keys.get(key), dict | list):
            yield from calls_of(keys[key])
            return
    for key in ("function", "action", "tool"):
        if isinstance(keys.get(key), dict):
            yield from calls_of(keys[key])
            return
    only = next(iter(value)) if len(value) == 1 else None
    if only is not None and action_name(str(only)):
        items = value[only] if isinstance(value[only], list) else [value[only]]
        for item in items:
            yield RawCall(str(only), arguments_of(item, str(only)))
        return
    names = [key for key in _NAME_KEYS if isinstance(keys.get(key), str) and keys[key]]
    best = next((key for key in names if action_name(keys[key])), names[0] if names else None)
    given = next((key for key in _ARGUMENT_KEYS if key in keys), None)
    if best is None and given is None:
        if sum(argument_name(key) in ("to", "subject", "body") for key in keys) >= 2:
            yield RawCall("", value)
        return
    name = keys[best] if best else ""
    if given is not None:
        yield RawCall(name, arguments_of(keys[given], name))
    elif best in _SAYS_ACTION or action_name(name):
        yield RawCall(name, {k: v for k, v in value.items() if normal(str(k)) != best})


def arguments_of(value: object, name: str = "") -> dict[str, object]:
    """Give arguments as a mapping: from an object, or from text that holds one."""
    if isinstance(value, dict):
        return {str(key): item for key, item in value.items()}
    if isinstance(value, str):
        if value.lstrip()[:1] == "{":
            try:
                read = read_json(value, len(value) - len(value.lstrip()), Budget(len(value) * 4))
            except UnreadableError:
                return {}
            return arguments_of(read.value, name)
        first = _POSITIONAL.get(action_name(name) or "", ("",))[0]
        return {first: value} if first and first != "to" and value.strip() else {}
    return {}


def _json_run(text: str, start: int, budget: Budget) -> Payload:
    calls: list[RawCall] = []
    end, open_ended, begin = start, False, start
    while text[begin : begin + 1] in ("{", "[") and text[begin : begin + 1]:
        try:
            read = read_json(text, begin, budget)
        except UnreadableError:
            if calls:
                break
            raise
        found = list(calls_of(read.value))
        if not found:
            break
        calls += found
        end, open_ended = read.end, read.open_ended
        begin = _after_space(text, end)
        if text[begin : begin + 1] in (",", ";"):
            begin = _after_space(text, begin + 1)
    if not calls:
        raise UnreadableError("it names no action")
    return Payload(tuple(calls), end, open_ended)


def _call_list(text: str, start: int, budget: Budget) -> Payload:
    calls: list[RawCall] = []
    reader = Reader(text, start + 1)
    while reader.skip() not in ("]", ""):
        read = read_python(text, reader.at, budget)
        calls += read.calls
        reader.at = read.end
        reader.comma()
    if not calls:
        raise UnreadableError("no call stands there")
    return Payload(tuple(calls), reader.at + 1 if reader.skip() else reader.at)


def _arguments(reader: Reader, name: str) -> RawCall:
    arguments: dict[str, object] = {}
    order = iter(_POSITIONAL.get(action_name(name) or "", ()))
    while (char := reader.skip()) != ")":
        if not char:
            raise UnreadableError("the call has no end")
        keyword = _KEYWORD.match(reader.text, reader.at)
        if keyword:
            reader.at = keyword.end()
            arguments[keyword[1]] = reader.value()
        else:
            while reader.skip() == "*":
                reader.at += 1
            value = reader.value()
            if isinstance(value, dict):
                arguments |= value
            else:
                arguments[next(order, f"extra_{reader.at}")] = value
        reader.comma()
        if reader.text.startswith("#", reader.at):
            line_end = reader.text.find("\n", reader.at)
            reader.at = line_end if line_end >= 0 else len(reader.text)
    reader.at += 1
    return RawCall(name, arguments)


def _assigned(text: str, word: str, before: int, budget: Budget) -> str | None:
    """Give the text that a variable was given above, as `body = \"\"\"...\"\"\"`."""
    if budget.spent:
        return None
    budget.spend(before)
    pattern = rf"^[ \t]*{re.escape(word)}[ \t]*=[ \t]*(?=[rRfFuU]?[\"'(])"
    *_, last = [None, *re.finditer(pattern, text[:before], re.MULTILINE)]
    if last is None:
        return None
    try:
        return Reader(text, last.end()).literal()
    except UnreadableError:
        return None


def _after_space(text: str, at: int) -> int:
    reader = Reader(text, at)
    reader.skip()
    return reader.at
