"""Read JSON and Python literals as models write them: quotes, commas and brackets amiss."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field

_STRICT = json.JSONDecoder(strict=False)
_MAX_DEPTH = 24
_SPACE = re.compile(r"(?:[\s\u200b\ufeff]|//[^\n]{0,300}(?=\n)|\\n)*+")
_WORD = re.compile(r"[-+\w.]++")
_PREFIX = re.compile(r"[rRbBfFuU]{1,2}(?=[\"'])")
# Within a sloppy text a quote ends only before what may follow a value.
_STRING = {
    q: re.compile(
        rf"(?:[^{q}\\]++|\\.|{q}(?!\s{{0,40}}(?:[,:}}\])]|\Z|\+\s{{0,40}}[\"'f(])))*+{q}", re.S
    )
    for q in "\"'`”"
}
_STRING["“"] = _STRING["„"] = _STRING["”"]
_STRICT_STRING = {q: re.compile(rf"(?:[^{q}\\]++|\\.)*+{q}", re.S) for q in "\"'"}
_TRIPLE = {q: re.compile(rf"(?:[^\\]|\\.)*?{q * 3}", re.S) for q in "\"'"}
_ESCAPE = re.compile(
    r"\\(U00(?:10|0[0-9a-fA-F])[0-9a-fA-F]{4}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.S
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "\n": ""} | {
    char: char for char in "\"'/\\"
}
_QUOTES = "\"'`“”„"
_CONSTANTS = {"true": True, "false": False, "null": None, "none": None}


class UnreadableError(ValueError):
    """Text at a place is no value. Never leaves the mail package."""


@dataclass
class Budget:
    """How many characters may still be read in vain: keeps hostile text linear."""

    left: int

    def spend(self, characters: int) -> None:
        """Count a failed attempt."""
        self.left -= characters + 16

    @property
    def spent(self) -> bool:
        """Whether no further attempt is allowed."""
        return self.left <= 0


@dataclass
class Reader:
    """Reads values from a text, moving forward only.

    Attributes:
        text: All of it.
        at: Where it reads.
        open_ended: Whether a bracket was still open where the text ended.
        names: Gives the text that a variable stands for, where there are variables.
    """

    text: str
    at: int
    open_ended: bool = field(default=False)
    names: Callable[[str], str | None] | None = field(default=None)
    _depth: int = field(default=0)

    def skip(self) -> str:
        """Move over white space and give the next character, or ""."""
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.text[self.at : self.at + 1]

    def value(self) -> object:
        """Read one value.

        Raises:
            UnreadableError: If there is none.
        """
        char = self.skip()
        if char in "{[(" and char:
            self._depth += 1
            if self._depth > _MAX_DEPTH:
                raise UnreadableError("nested too deeply")
            read = {"{": self._object, "[": self._array, "(": self._group}[char]
            result = read()
            self._depth -= 1
            return result
        prefix = _PREFIX.match(self.text, self.at)
        if prefix:
            self.at = prefix.end()
            char = self.text[self.at]
        if char and char in _QUOTES:
            return self._joined()
        return self._constant()

    def _joined(self) -> str:
        parts = [self.string(_STRING)]
        while self.skip() == "+":
            self.at += 1
            self.skip()
            prefix = _PREFIX.match(self.text, self.at)
            self.at = prefix.end() if prefix else self.at
            char = self.text[self.at : self.at + 1]
            part = self.string(_STRING) if char in _QUOTES and char else self._constant()
            parts.append(str(part))
        return "".join(parts)

    def string(self, patterns: dict[str, re.Pattern[str]]) -> str:
        """Read a quoted text, with or without triple quotes, and resolve its escapes."""
        quote = self.text[self.at]
        triple = quote in _TRIPLE and self.text.startswith(quote * 3, self.at)
        pattern = _TRIPLE[quote] if triple else patterns[quote]
        begin = self.at + (3 if triple else 1)
        match = pattern.match(self.text, begin)
        if match is None:
            # All of it was read in vain, and is charged so.
            self.at = len(self.text)
            raise UnreadableError("a quoted text has no end")
        self.at = match.end()
        return unescape(self.text[begin : match.end() - (3 if triple else 1)])

    def literal(self) -> str | None:
        """Read a quoted text, or several in brackets, that a line of code ends; else nothing."""
        prefix = _PREFIX.match(self.text, self.at)
        self.at = prefix.end() if prefix else self.at
        char = self.text[self.at : self.at + 1]
        value = self.value() if char == "(" else self.string(_STRICT_STRING)
        return value if isinstance(value, str) else None

    def comma(self) -> None:
        """Move over a separator, if there is one."""
        while self.skip() in (",", ";"):
            self.at += 1

    def _constant(self) -> object:
        match = _WORD.match(self.text, self.at)
        word = match[0] if match else ""
        if word.lower() in _CONSTANTS:
            self.at += len(word)
            return _CONSTANTS[word.lower()]
        if re.fullmatch(r"[-+]?\d{1,18}(?:\.\d{1,18})?", word):
            self.at += len(word)
            return word
        value = self.names(word) if self.names and word.isidentifier() else None
        if value is not None:
            self.at += len(word)
            return value
        raise UnreadableError(f"{word[:40]!r} is no value" if word else "a value is missing")

    def _object(self) -> dict[str, object]:
        self.at += 1
        found: dict[str, object] = {}
        while (char := self.skip()) != "}":
            if not char:
                self.open_ended = True
                return found
            if char == "{" and not found:
                # Doubled braces, as in a template.
                inner = self.value()
                found = inner if isinstance(inner, dict) else found
                continue
            if char in _QUOTES:
                key = self.string(_STRING)
            else:
                match = _WORD.match(self.text, self.at)
                if match is None:
                    raise UnreadableError("a key is missing")
                key = match[0]
                self.at = match.end()
            if self.skip() not in (":", "="):
                raise UnreadableError("a colon is missing")
            self.at += 1
            found[key] = self.value()
            self.comma()
        self.at += 1
        return found

    def _array(self) -> list[object]:
        self.at += 1
        found: list[object] = []
        while (char := self.skip()) != "]":
            if not char:
                self.open_ended = True
                return found
            found.append(self.value())
            self.comma()
        self.at += 1
        return found

    def _group(self) -> object:
        # A Python group: strings side by side are one string.
        self.at += 1
        parts: list[object] = []
        while (char := self.skip()) != ")":
            if not char:
                raise UnreadableError("a bracket is open")
            parts.append(self.string(_STRICT_STRING) if char in ("'", '"') else self.value())
            self.comma()
        self.at += 1
        return "".join(p for p in parts if isinstance(p, str)) if parts else ""


@dataclass(frozen=True)
class Read:
    """A value that was read.

    Attributes:
        value: The value.
        end: Offset behind it.
        open_ended: Whether its last brackets are missing.
    """

    value: object
    end: int
    open_ended: bool = False


def read_json(text: str, start: int, budget: Budget) -> Read:
    """Read an object or array, strictly first, then tolerantly.

    Args:
        text: All of it.
        start: Where the value begins.
        budget: Charged for what is read in vain.

    Returns:
        The value.

    Raises:
        UnreadableError: If it cannot be read; the message says why.
    """
    if budget.spent:
        raise UnreadableError("too much unreadable text stands before it")
    try:
        value, end = _STRICT.raw_decode(text, start)
        return Read(value, end)
    except json.JSONDecodeError as error:
        budget.spend(error.pos - start)
    except RecursionError:
        budget.spend(20_000)
        raise UnreadableError("it is nested too deeply") from None
    reader = Reader(text, start)
    try:
        return Read(reader.value(), reader.at, reader.open_ended)
    except UnreadableError:
        budget.spend(reader.at - start)
        raise


def unescape(text: str) -> str:
    """Resolve backslash escapes; an unknown one stays as it is."""
    if "\\" not in text:
        return text

    def resolve(match: re.Match[str]) -> str:
        code = match[1]
        if len(code) > 1:
            return chr(int(code[1:], 16))
        return _ESCAPES.get(code, match[0])

    return _ESCAPE.sub(resolve, text)
