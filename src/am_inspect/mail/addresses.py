"""Addresses as people and models write them: split, cleaned, told apart from names."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping

_EMPTY = frozenset({"", "none", "n/a", "na", "null", "nil", "-", "--", "empty", "nobody", "no one"})
_BETWEEN = re.compile(r"[\s<>,;()\[\]{}\"'|]+")
_WELL_FORMED = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")
_MAX_LENGTH = 320
_HALF = re.compile("[\ud800-\udfff]")
_WIDE = str.maketrans(
    {"，": ",", "、": ",", "；": ";", "＠": "@", "．": ".", "“": '"', "”": '"', "＜": "<"}
)
_PLAIN_NAME = re.compile(r"[^\W\d_][\w'’.-]*")


def split_addresses(value: object) -> tuple[str, ...]:
    """Read one or several recipients.

    Understood are a string with commas, semicolons, lines or the word "and" between its
    parts, a list of strings, and JSON-like objects with an `email` or `address`. A display
    name beside an address is left out, so are `mailto:`, angle brackets and markdown. A part
    without an `@` stays as it is: it may be a full name, which delivery resolves.

    Args:
        value: What stood in the place of the recipients; `None` is nobody.

    Returns:
        Addresses (or names) in order, each once, compared without case.
    """
    found = dict.fromkeys(_parts(value))
    seen: dict[str, str] = {}
    for part in found:
        seen.setdefault(part.lower(), part)
    return tuple(seen.values())


def is_well_formed(address: str) -> bool:
    """Say whether a text has the form `local@domain.tld`, at most 320 characters long."""
    return len(address) <= _MAX_LENGTH and _WELL_FORMED.fullmatch(address) is not None


def whole(text: str) -> str:
    """Give a text that can be written out: half a surrogate pair is replaced."""
    if not _HALF.search(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def domain_of(address: str) -> str:
    """Give what stands after the last `@`, in lower case."""
    return address.rpartition("@")[2].lower()


def _parts(value: object) -> Iterable[str]:
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, str):
        yield from _from_text(value)
    elif isinstance(value, Mapping):
        for key in ("email", "address", "email_address", "mail", "name"):
            if value.get(key):
                yield from _parts(value[key])
                return
    elif isinstance(value, Iterable):
        for item in value:
            yield from _parts(item)
    else:
        yield from _from_text(str(value))


def _from_text(text: str) -> Iterable[str]:
    pending = ""
    text = whole(text).translate(_WIDE)
    for chunk in _chunks(html.unescape(text) if "&" in text and ";" in text else text):
        if "@" in chunk:
            # "Doe, Jan <jan@x.example>" without quotes: the word before was the family name.
            display = chunk.partition("<")[0].strip()
            if pending and not ("<" in chunk and _PLAIN_NAME.fullmatch(display)):
                yield pending
            pending = ""
            yield from _addresses(chunk)
            continue
        name = _name(chunk)
        if not name:
            continue
        if pending:
            yield pending
        pending = ""
        if _PLAIN_NAME.fullmatch(name):
            pending = name
        else:
            yield name
    if pending:
        yield pending


def _chunks(text: str) -> Iterable[str]:
    start, quoted, nested = 0, False, 0
    # A bracket that nothing closes keeps nothing together.
    last_closing = text.rfind(")")
    for position, char in enumerate(text):
        if (char == "(" and position < last_closing) or (char == ")" and nested):
            nested += 1 if char == "(" else -1
        elif char == '"':
            quoted = not quoted
        elif char == "<":
            nested += 1
        elif char == ">":
            nested = max(0, nested - 1)
        elif char == "\n" or (char in ",;" and not quoted and not nested):
            yield text[start:position]
            start, quoted, nested = position + 1, False, 0
    yield text[start:]


def _addresses(chunk: str) -> Iterable[str]:
    for token in _BETWEEN.split(chunk):
        cleaned = token.strip("*`.:\\")
        if cleaned.lower().startswith("mailto:"):
            cleaned = cleaned[len("mailto:") :]
        if "@" in cleaned and cleaned != "@":
            yield cleaned


def _name(chunk: str) -> str:
    text = " ".join(chunk.partition("(")[0].split())
    text = text.strip(" \t*`\"'<>[]{}.:").removeprefix("- ").strip()
    return "" if text.lower() in _EMPTY else text
