"""What stands inside a block: header lines, child tags or JSON, turned into arguments."""

from __future__ import annotations

import re
import textwrap

from ._calls import arguments_of
from ._names import argument_name, normal
from ._values import Budget, UnreadableError, read_json

_HEADERS = {
    "to": "to", "recipient": "to", "recipients": "to", "to_address": "to", "email": "to",
    "cc": "cc", "bcc": "bcc", "copy": "cc",
    "subject": "subject", "subject_line": "subject", "title": "subject",
    "body": "body", "message": "body", "content": "body", "text": "body", "email_body": "body",
    "message_body": "body", "mail_body": "body", "note": "body",
    "id": "id", "email_id": "id", "mail_id": "id", "message_id": "id", "in_reply_to": "id",
    "reply_to_id": "id", "reply_to": "id", "original_id": "id", "replying_to": "id",
    "original_email_id": "id", "original_email": "id", "forwarding": "id",
    "all": "all", "reply_all": "all",
    "query": "query", "search": "query", "words": "query", "keywords": "query",
    "from": "", "date": "", "sent": "", "priority": "", "importance": "", "attachments": "",
    "attachment": "", "time": "", "sender": "",
}  # fmt: skip
_LINE = re.compile(
    r"[ \t]*+(?:[-*•+][ \t]+|\d{1,2}[.)][ \t]+)?(?P<mark>[*_`\"']{0,3})"
    r"(?P<name>[A-Za-z](?:[A-Za-z]|[_ -](?=[A-Za-z])){0,22})"
    r"(?P<mark2>[*_`\"']{0,3})[ \t]*+(?:[:：]|=(?!=))(?P<value>[^\n]*)"
)
_RULE = re.compile(r"\s*-{3,40}\s*")
_BLOCK_TEXT = re.compile(r"[|>][+-]?[ \t]*\r?\Z")
_CHILD = re.compile(
    r"<[ \t]?(?P<name>[A-Za-z][\w-]{0,30})(?:=[\"']?(?P<value>[\w-]{1,40})[\"']?)?"
    r"(?P<attributes>[^<>]{0,200})>"
)
_NAME_ATTRIBUTE = re.compile(r"\b(?:name|key)\s{0,3}=\s{0,3}[\"']?([\w-]{1,40})")
_NAMED_CHILDREN = frozenset({"parameter", "param", "arg", "argument", "field", "header"})
_ARG_KEY = re.compile(r"<arg_key>([^<]{0,80})</arg_key>\s{0,20}<arg_value>", re.I)
_WRAPPERS = frozenset(
    {"parameters", "headers", "arguments", "args", "input", "params", "recipients", "kwargs"}
)
_NAME_CHILDREN = frozenset({"name", "tool_name", "function_name", "function", "tool", "action"})
_MAX_CHILDREN = 64
# to: "a@x.example", and so on: the form of the published prompts, quotes and commas and all.
_QUOTED_TO = re.compile(r'^[ \t]*to:[ \t]*"', re.IGNORECASE | re.MULTILINE)
_QUOTED_VALUE = re.compile(r'\s*"(.*)",?\s*', re.DOTALL)


def block_arguments(inner: str) -> dict[str, object]:
    """Read the inside of an action block.

    Args:
        inner: What stands between its tags.

    Returns:
        Arguments by the names of ours, plus `action` if a child tag names one. Text without
        any header is the body.
    """
    stripped = inner.lstrip()
    if stripped[:1] == "{":
        try:
            start = len(inner) - len(stripped)
            return arguments_of(read_json(inner, start, Budget(len(inner) * 4 + 100)).value)
        except UnreadableError:
            return {"body": inner}
    child = _CHILD.match(stripped)
    if _ARG_KEY.match(stripped) or (child and _child_name(child) is not None):
        return _from_children(stripped)
    found = _from_lines(inner)
    if _QUOTED_TO.search(inner):
        for name in ("subject", "body"):
            quoted = _QUOTED_VALUE.fullmatch(str(found.get(name, "")))
            if quoted:
                found[name] = quoted[1]
    return found


def _from_lines(inner: str) -> dict[str, object]:
    found: dict[str, object] = {}
    at, last, blank = 0, "", False
    while at < len(inner):
        line_end = inner.find("\n", at)
        line_end = len(inner) if line_end < 0 else line_end
        line = inner[at:line_end]
        # "---" sets the headers apart from the text, as an empty line does.
        if not line.strip() or _RULE.fullmatch(line):
            blank = True
            at = line_end + 1
            continue
        match = _LINE.match(inner, at)
        name = _HEADERS.get(normal(match["name"])) if match else None
        if match and name is not None and (name == "" or name not in found):
            value = _unmarked(match)
            if name == "body":
                found["body"] = _body(inner, match, value)
                return found
            if name:
                found[name] = value
            last, blank = name or last, False
        elif match and name in ("to", "cc", "bcc") and not blank:
            found[name] = f"{found[name]}\n{_unmarked(match)}"
        elif last in ("to", "cc", "bcc") and not blank and _continues(found[last], line):
            found[last] = f"{found[last]}\n{line.strip().lstrip('-*•+ ')}"
        else:
            found["body"] = inner[at:]
            return found | _from_tail(found)
        at = line_end + 1
    return found


def _continues(so_far: object, line: str) -> bool:
    parts = [part for part in re.split(r"[,;]", line[:500]) if part.strip()]
    if len(line) > 500 or not all("@" in p and len(p.split()) <= 6 for p in parts):
        return False
    text = str(so_far).rstrip()
    listed = line.lstrip()[:1] in ("-", "*", "•", "+") or line[:1].isspace()
    return listed or not text or text.endswith((",", ";")) or "\n" in str(so_far)


def _unmarked(match: re.Match[str]) -> str:
    value, mark = match["value"].strip(), match["mark"] or match["mark2"]
    if not mark:
        return value
    if match["mark"] and not match["mark2"]:
        # **To:** x closes after the colon, **To: x** at the end of the line.
        if value.startswith(mark):
            return value[len(mark) :].strip()
        return value.removesuffix(mark).strip()
    return value.rstrip(",").strip("\"'") if mark in ('"', "'") else value


def _body(inner: str, match: re.Match[str], value: str) -> str:
    rest = inner[match.end() :]
    if _BLOCK_TEXT.fullmatch(value):
        return textwrap.dedent(rest.lstrip("\n"))
    whole = inner[match.start("value") :]
    mark = match["mark"]
    if mark and not match["mark2"] and whole.lstrip().startswith(mark):
        whole = whole.lstrip()[len(mark) :]
    cleaned = whole.strip()
    if len(cleaned) >= 6 and cleaned[:3] == cleaned[-3:] and cleaned[:3] in ('"""', "'''"):
        return cleaned[3:-3]
    return whole


def _from_tail(found: dict[str, object]) -> dict[str, object]:
    # Headers below the text, where none above it names a recipient.
    if any(found.get(name) for name in ("to", "cc", "bcc", "id")):
        return {}
    body = str(found["body"]).rstrip()
    tail: dict[str, object] = {}
    while True:
        start = body.rfind("\n") + 1
        match = _LINE.match(body, start)
        name = _HEADERS.get(normal(match["name"])) if match else None
        if not match or name not in ("to", "cc", "bcc", "subject", "id") or name in found:
            break
        tail.setdefault(name, _unmarked(match))
        body = body[:start].rstrip()
    return tail | {"body": body} if "to" in tail or "id" in tail else {}


def _from_children(inner: str) -> dict[str, object]:
    found: dict[str, object] = {}
    at = 0
    for _ in range(_MAX_CHILDREN):
        at = _skip(inner, at)
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
        value_end, at = _value_end(inner, value_at, closer, last=name == "body")
        _add(found, name or "unknown", _uncased(inner[value_at:value_end]))
    rest = inner[at:].strip()
    if rest and "body" not in found:
        found = _from_lines(rest) | found
    return found


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
    known = _HEADERS.get(normal(tag))
    return "unknown" if known == "" else known


def _value_end(inner: str, at: int, closer: str, *, last: bool) -> tuple[int, int]:
    pattern = re.compile(rf"</[ \t]?{re.escape(closer)}[ \t]?>", re.I)
    match = pattern.search(inner, at)
    if match is None:
        following = re.compile(r"\n[ \t]*<(?:to|cc|bcc|subject|body|parameter)\b", re.I)
        opener = following.search(inner, at)
        return (opener.start(), opener.start()) if opener else (len(inner), len(inner))
    if last and closer.lower() not in (*_NAMED_CHILDREN, "arg_value"):
        # Text may hold markup of its own: the last closing tag ends it.
        *_, match = pattern.finditer(inner, at)
    return match.start(), match.end()


def _skip(inner: str, at: int) -> int:
    closing = re.compile(r"(?:\s+|</[A-Za-z][\w-]{0,30}[ \t]?>)*+")
    match = closing.match(inner, at)
    return match.end() if match else at


def _add(found: dict[str, object], name: str, value: str) -> None:
    before = found.get(name)
    if name in ("to", "cc", "bcc") and before:
        found[name] = f"{before}\n{value}"
    elif before is None:
        found[name] = value


def _uncased(value: str) -> str:
    text = value.strip()
    if text.startswith("<![CDATA[") and text.endswith("]]>"):
        return text[len("<![CDATA[") : -len("]]>")]
    return value
