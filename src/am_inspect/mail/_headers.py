"""What stands inside a block: header lines, child tags or JSON, turned into arguments."""

from __future__ import annotations

import re
import textwrap

from ._calls import arguments_of
from ._children import from_children, has_children
from ._header_words import HeaderLine, header_line
from ._values import Budget, UnreadableError, read_json

_RULE = re.compile(r"\s*-{3,40}\s*|\s*\|[\s:|-]{3,60}\|?\s*|\s*</?(?:headers|header)>\s*")
_BLOCK_TEXT = re.compile(r"[|>][+-]?[ \t]*\Z")
# to: "a@x.example", and so on: the form of the published prompts, quotes and commas and all.
_QUOTED_TO = re.compile(r'^[ \t]*to:[ \t]*"', re.IGNORECASE | re.MULTILINE)
_QUOTED_VALUE = re.compile(r'\s*"(.*)",?\s*', re.DOTALL)
_BODY_TAG = re.compile(r"\s*<(body|message|content|text)>", re.IGNORECASE)
_BODY_END = re.compile(r"\s*</(body|message|content|text)>\s*\Z", re.IGNORECASE)
_FENCE = re.compile(r"\s*(`{3,8}|~{3,8})[\w+-]{0,20}[ \t]*\n")
_ESCAPED = re.compile(r"\s*(?:\\n)?\s*(?:to|cc|subject|id|body)\s?:[^\n]*\\n", re.I)
_ON_LINE = re.compile(r"[ \t]*[|,;]?[ \t]+(?=[*_]{0,2}(?:cc|bcc|subject)[*_]{0,2}[ \t]?:)", re.I)
_BODY_WORD = re.compile(r"[ \t]*[|,;]?[ \t]+([*_]{0,2}(?:body|message)[*_]{0,2}[ \t]?:)", re.I)
_SUBJECT_IN_TEXT = re.compile(
    r"\A\s*(?:\*\*)?subject(?:\*\*)?:(?:\*\*)?[ \t]*([^\n]{1,300})\n\s*(?=\S)", re.I
)
_REFERENCE = re.compile(
    r"\s*(?:(?:in )?reply(?:ing)? to|re|regarding|mail|e-?mail)[ :]{1,3}(?:e-?mail |mail )?"
    r"#?([mr]\d{1,4})[ \t]*[:.]?[ \t]*(?:\n|\Z)",
    re.I,
)


def block_arguments(inner: str) -> dict[str, object]:
    """Read the inside of an action block.

    Args:
        inner: What stands between its tags.

    Returns:
        Arguments by the names of ours, plus `action` if a child tag names one. Text without
        any header is the body.
    """
    inner = _single_lines(unfenced(inner))
    stripped = inner.lstrip()
    if stripped[:1] == "{":
        try:
            start = len(inner) - len(stripped)
            return arguments_of(read_json(inner, start, Budget(len(inner) * 4 + 100)).value)
        except UnreadableError:
            return {"body": inner}
    if has_children(stripped):
        return from_children(stripped, _from_lines)
    found = _from_lines(inner)
    if _QUOTED_TO.search(inner):
        for name in ("subject", "body"):
            quoted = _QUOTED_VALUE.fullmatch(str(found.get(name, "")))
            if quoted:
                found[name] = quoted[1]
    return _with_subject(found)


def unfenced(inner: str) -> str:
    """Take the code fence off that encloses all of a text."""
    opening = _FENCE.match(inner)
    if opening is None:
        return inner
    rest = inner[opening.end() :].rstrip()
    closing = rest.rfind("\n") + 1
    return rest[:closing] if rest[closing:].strip() == opening[1] else rest


def _single_lines(inner: str) -> str:
    """Give headers that stand on one line, or behind written-out line breaks, a line each."""
    if "\n" not in inner.strip() and _ESCAPED.match(inner):
        inner = inner.replace("\\n", "\n")
    start = len(inner) - len(inner.lstrip())
    first = header_line(inner, start)
    if first is None or first.name != "to":
        return inner
    end = inner.find("\n", start)
    line = inner[start:] if end < 0 else inner[start:end]
    body = _BODY_WORD.search(line)
    head, tail = (line[: body.start()], "\n" + body[1]) if body else (line, "")
    rest = line[body.end() :] if body else ""
    return f"{inner[:start]}{_ON_LINE.sub(chr(10), head)}{tail}{rest}{inner[start + len(line) :]}"


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
        header = header_line(inner, at)
        name = header.name if header else None
        if header and name is not None and (name == "" or name not in found):
            if name == "body":
                found["body"] = _body(inner, header)
                return found
            if name:
                found[name] = header.value
            last, blank = name or last, False
        elif header and name in ("to", "cc", "bcc") and not blank:
            found[name] = f"{found[name]}\n{header.value}"
        elif last in ("to", "cc", "bcc") and not blank and _continues(found[last], line):
            found[last] = f"{found[last]}\n{line.strip().lstrip('-*•+ ')}"
        else:
            reference = None if found else _REFERENCE.match(inner, at)
            if reference:
                found["id"], at = reference[1], reference.end()
                continue
            found["body"] = _without_tags(inner[at:])
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


def _body(inner: str, header: HeaderLine) -> str:
    line_end = inner.find("\n", header.value_at)
    rest = "" if line_end < 0 else inner[line_end:]
    if _BLOCK_TEXT.fullmatch(header.value):
        return textwrap.dedent(rest.lstrip("\n"))
    whole = inner[header.value_at :]
    if header.mark and whole.lstrip().startswith(header.mark):
        whole = whole.lstrip()[len(header.mark) :]
    cleaned = whole.strip()
    if len(cleaned) >= 6 and cleaned[:3] == cleaned[-3:] and cleaned[:3] in ('"""', "'''"):
        return cleaned[3:-3]
    return _without_tags(whole)


def _without_tags(body: str) -> str:
    opening, closing = _BODY_TAG.match(body), _BODY_END.search(body[-200:])
    if closing and (opening is None or opening[1].lower() == closing[1].lower()):
        # A closing tag without its opening one is left over from the other way to write mail.
        if opening is None and f"<{closing[1].lower()}" in body.lower():
            return body
        body = body[: len(body) - len(closing[0])]
        return body[opening.end() :] if opening else body
    return body


def _with_subject(found: dict[str, object]) -> dict[str, object]:
    """Take the subject from the text's first line where no header gave one."""
    match = _SUBJECT_IN_TEXT.match(str(found.get("body", "")))
    if match is None or "subject" in found or "to" not in found:
        return found
    return found | {"subject": match[1].strip("* "), "body": str(found["body"])[match.end() :]}


def _from_tail(found: dict[str, object]) -> dict[str, object]:
    # Headers below the text, where none above it names a recipient.
    if any(found.get(name) for name in ("to", "cc", "bcc", "id")):
        return {}
    body = str(found["body"]).rstrip()
    tail: dict[str, object] = {}
    while True:
        start = body.rfind("\n") + 1
        header = header_line(body, start)
        name = header.name if header else None
        if not header or name not in ("to", "cc", "bcc", "subject", "id") or name in found:
            break
        tail.setdefault(name, header.value)
        body = body[:start].rstrip()
    return tail | {"body": body} if "to" in tail or "id" in tail else {}
