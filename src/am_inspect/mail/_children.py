"""Arguments that stand as child tags inside a block: `<to>...</to>`, `<parameter name="to">`."""

from __future__ import annotations

import re
from collections.abc import Callable

from ._calls import arguments_of
from ._header_words import header_name
from ._names import argument_name
from ._values import Budget, UnreadableError, read_json

_CHILD = re.compile(
    r"<[ \t]?(?P<name>[A-Za-z][\w-]{0,30})(?:=[\"'“]?(?P<value>[\w-]{1,40})[\"'”]?)?"
    r"(?P<attributes>[^<>]{0,200})>"
)
_NAME_ATTRIBUTE = re.compile(r"\b(?:name|key)\s{0,3}=\s{0,3}[\"'“]?([\w-]{1,40})")
_NAMED_CHILDREN = frozenset({"parameter", "param", "arg", "argument", "field", "header"})
_ARG_KEY = re.compile(r"<arg_key>([^<]{0,80})</arg_key>\s{0,20}<arg_value>", re.I)
_WRAPPERS = frozenset(
    {"parameters", "headers", "arguments", "args", "input", "params", "recipients", "kwargs"}
)
_NAME_CHILDREN = frozenset({"name", "tool_name", "function_name", "function", "tool", "action"})
_CLOSERS = re.compile(r"(?:\s+|</[A-Za-z][\w-]{0,30}[ \t]?>)*+")
_FOLLOWING = re.compile(r"\n[ \t]*<(?:to|cc|bcc|subject|body|parameter)\b", re.I)
_INNER_TAG = re.compile(r"\A\s*<(email|address|name)>([^<>]*)</\1>\s*\Z", re.I)
_MAX_CHILDREN = 64


def has_children(inner: str) -> bool:
    """Say whether a block's inside begins with a child tag of ours."""
    child = _CHILD.match(inner)
    return bool(_ARG_KEY.match(inner) or (child and _child_name(child) is not None))


def from_children(inner: str, lines: Callable[[str], dict[str, object]]) -> dict[str, object]:
    """Read child tags.

    Args:
        inner: What begins with one.
        lines: Reads what stands behind them, as header lines.

    Returns:
        Arguments by the names of ours, plus `action` if a child tag names one.
    """
    found: dict[str, object] = {}
    at = 0
    for _ in range(_MAX_CHILDREN):
        at = _skip(inner, at)
        if inner[at : at + 1] == "{":
            try:
                read = read_json(inner, at, Budget(4 * len(inner) + 100))
            except UnreadableError:
                break
            found |= arguments_of(read.value)
            at = read.end
            continue
        key = _ARG_KEY.match(inner, at)
        child = None if key else _CHILD.match(inner, at)
        if key:
            name, value_at, closer = argument_name(key[1]), key.end(), "arg_value"
        elif child:
            name, value_at, closer = _child_name(child), child.end(), child["name"]
            if name is None:
                break
        else:
            break
        if name == "":
            at = value_at
            continue
        if child and child["attributes"].rstrip().endswith("/"):
            at = value_at
            continue
        value_end, at = _value_end(inner, value_at, closer, last=name == "body")
        _add(found, name or "unknown", _uncased(inner[value_at:value_end]))
    rest = inner[at:].strip()
    return lines(rest) | found if rest and "body" not in found else found


def _child_name(child: re.Match[str]) -> str | None:
    """Name the argument; "" is a wrapper to step into, nothing is no child of ours."""
    tag = child["name"].lower()
    if child["value"]:
        return argument_name(child["value"]) or "unknown"
    named = _NAME_ATTRIBUTE.search(child["attributes"])
    if tag in _NAMED_CHILDREN and named:
        return argument_name(named[1]) or "unknown"
    if tag in _NAME_CHILDREN:
        return "action"
    if tag in _WRAPPERS and not named:
        return ""
    known = header_name(tag)
    return "unknown" if known == "" else known


def _value_end(inner: str, at: int, closer: str, *, last: bool) -> tuple[int, int]:
    pattern = re.compile(rf"</[ \t]?{re.escape(closer)}[ \t]?>", re.I)
    match = pattern.search(inner, at)
    if match is None:
        opener = _FOLLOWING.search(inner, at)
        return (opener.start(), opener.start()) if opener else (len(inner), len(inner))
    if last and closer.lower() not in (*_NAMED_CHILDREN, "arg_value"):
        # Text may hold markup of its own: the last closing tag ends it.
        *_, match = pattern.finditer(inner, at)
    return match.start(), match.end()


def _skip(inner: str, at: int) -> int:
    match = _CLOSERS.match(inner, at)
    return match.end() if match else at


def _add(found: dict[str, object], name: str, value: str) -> None:
    before = found.get(name)
    if name in ("to", "cc", "bcc"):
        nested = _INNER_TAG.match(value)
        value = nested[2] if nested else value
        found[name] = f"{before}\n{value}" if before else value
    elif before is None:
        found[name] = value


def _uncased(value: str) -> str:
    text = value.strip()
    if text.startswith("<![CDATA[") and text.endswith("]]>"):
        return text[len("<![CDATA[") : -len("]]>")]
    return value
