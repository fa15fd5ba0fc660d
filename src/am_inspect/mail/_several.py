"""Several mails that stand in one block: a model that opened it once and wrote on."""

from __future__ import annotations

import re
from itertools import pairwise

from ._calls import arguments_of, calls_of
from ._header_words import HeaderLine, header_line
from ._headers import block_arguments, unfenced
from ._values import Budget, UnreadableError, read_json

_APART = re.compile(r"\s*(?:-{3,40}|\*{3,40}|={3,40}|_{3,40})?\s*")
_ADDRESS = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+")
_PASSED_ON = re.compile(r"forwarded|original message|weitergeleitet|wrote:", re.I)
_MOST_HEADERS = 8
_MOST_MAILS = 200


def block_mails(inner: str) -> list[dict[str, object]]:
    """Read the inside of a block of which one mail is expected, and perhaps more.

    A second mail begins where, after an empty line or a rule, recipient and subject stand in
    the very form in which they stood at the top, with addresses, and with the same label
    before the text, if the first had one. What is passed on or quoted differs in that.

    Args:
        inner: What stands between the tags.

    Returns:
        Arguments of each mail, at least one.
    """
    bare = unfenced(inner).strip()
    if bare[:1] in ("{", "["):
        found = _from_json(bare)
        if found:
            return found
    return [block_arguments(part) for part in _parts(inner)]


def _from_json(text: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    at = 0
    while text[at : at + 1] in ("{", "[") and at < len(text):
        try:
            read = read_json(text, at, Budget(4 * len(text) + 100))
        except UnreadableError:
            return []
        for value in read.value if isinstance(read.value, list) else [read.value]:
            if not isinstance(value, dict):
                return []
            call = next(calls_of(value), None)
            found.append(dict(call.arguments) if call else arguments_of(value))
        at = read.end
        while text[at : at + 1] in (",", ";", " ", "\n") and at < len(text):
            at += 1
    return found


def _parts(inner: str) -> list[str]:
    start = len(inner) - len(inner.lstrip())
    first = _group(inner, start)
    if not {"to", "subject"} <= first.keys():
        return [inner]
    starts: list[int] = [0]
    at = blank_from = inner.find("\n", start) + 1
    above = ""
    while 0 < at < len(inner) and len(starts) < _MOST_MAILS:
        end = inner.find("\n", at)
        end = len(inner) if end < 0 else end
        line = inner[at:end]
        if _APART.fullmatch(line[:60]) and len(line) <= 60:
            blank_from = min(blank_from, at)
        else:
            if blank_from < at and not _PASSED_ON.search(above) and _begins(inner, at, first):
                starts.append(at)
            above, blank_from = line[:200], end + 1
        at = end + 1
    edges = [*starts, len(inner)]
    parts = [inner[a:b] for a, b in pairwise(edges)]
    return [_without_rule(part) for part in parts[:-1]] + parts[-1:]


def _begins(inner: str, at: int, first: dict[str, HeaderLine]) -> bool:
    names = ("to", "subject")
    if not inner.startswith((first["to"].shown[:1], " ", "\t"), at):
        return False
    group = _group(inner, at)
    if not set(names) <= group.keys() or ("body" in first) != ("body" in group):
        return False
    if any(group[name].shown != first[name].shown for name in (*names, "body") if name in first):
        return False
    return all(_ADDRESS.search(header.value) for header in (first["to"], group["to"]))


def _group(inner: str, at: int) -> dict[str, HeaderLine]:
    """Give the header lines that begin at an offset, by name."""
    found: dict[str, HeaderLine] = {}
    for _ in range(_MOST_HEADERS):
        header = header_line(inner, at)
        if header is None or not header.name or header.name in found:
            # Any other header ("From:", "Date:") is that of a mail which is passed on.
            break
        found[header.name] = header
        end = inner.find("\n", at)
        if header.name == "body" or end < 0:
            break
        at = end + 1
        if not inner[at:].lstrip(" \t").startswith("\n"):
            continue
        # One empty line may stand before the label of the text.
        after = header_line(
            inner, at + len(inner[at : at + 80]) - len(inner[at : at + 80].lstrip())
        )
        if after and after.name == "body":
            found["body"] = after
        break
    return found


def _without_rule(part: str) -> str:
    lines = part.rstrip().split("\n")
    while lines and _APART.fullmatch(lines[-1]):
        lines.pop()
    return "\n".join(lines)
