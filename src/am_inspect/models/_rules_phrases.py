"""Find phrases in text: patterns of words with gaps, kept as data, matched in linear time.

A pattern is a row of elements, each matching one word unless said otherwise:
`word`, `a|b` (either), `stem*` (begins with), `@set` (any word of a named set; sets come from
`rules/sets.yaml` and from the case at hand), `element?` (may be absent), `_` `__` `___` (up to
3, 6 or 12 words of any kind).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from .._yaml import load_yaml

_GAPS = {"_": 3, "__": 6, "___": 12}
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_LONGEST = 60
_KNOWN_WORDS = 20_000
_BREAK = re.compile(r"(?<=[.!?…])[\"”’')\]*]*\s+|\s*\n\s*(?:\n\s*|(?=[-*•\d]))|\n{2,}")
_CONTRACTIONS = {"ll": "will", "d": "would", "ve": "have", "re": "are", "m": "am", "s": ""}


@dataclass(frozen=True)
class Sentence:
    """A sentence in words.

    Attributes:
        text: As written.
        words: Lower-case words; contractions spelled out.
    """

    text: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Hit:
    """A phrase found in a sentence.

    Attributes:
        group: Which kind of phrase.
        start: Index of the first word.
        end: Index after the last word.
    """

    group: str
    start: int
    end: int


@dataclass(frozen=True)
class _Pattern:
    group: str
    regex: re.Pattern[str]


class Phrasebook:
    """All patterns of a rule file, indexed by how they begin.

    Every word carries the names of the sets that it belongs to (`board#audience`), and every
    pattern is a regular expression over such words, tried only where its first word stands.
    """

    def __init__(self, groups: Mapping[str, list[str]], sets: Mapping[str, list[str]]) -> None:
        self._sets = {name: _Words(words) for name, words in sets.items()}
        by_first: dict[str, list[_Pattern]] = {}
        for group, rows in groups.items():
            for row in rows:
                first = row.split()[0]
                if first in _GAPS or first.endswith("?"):
                    raise ValueError(f"a pattern of {group} begins with no fixed word: {row}")
                pattern = _Pattern(group, re.compile(_expression(row)))
                by_first.setdefault(_expression(first), []).append(pattern)
        self._first = [(re.compile(first), found) for first, found in by_first.items()]
        self._beginning = lru_cache(maxsize=_KNOWN_WORDS)(self._find_beginning)
        self._static = lru_cache(maxsize=_KNOWN_WORDS)(self._find_static)

    def find(self, sentence: Sentence, sets: Mapping[str, frozenset[str]]) -> list[Hit]:
        """Find every phrase of every group, in the order of where they begin.

        Args:
            sentence: Where to look.
            sets: The word sets of the case at hand.
        """
        tagged = [
            self._static(word) + "".join(f"#{name}" for name, has in sets.items() if word in has)
            for word in sentence.words
        ]
        text, hits, offset = " ".join(tagged) + " ", [], 0
        for start, word in enumerate(tagged):
            for pattern in self._beginning(word):
                found = pattern.regex.match(text, offset)
                if found:
                    hits.append(Hit(pattern.group, start, start + found.group().count(" ")))
            offset += len(word) + 1
        return hits

    def _find_beginning(self, word: str) -> tuple[_Pattern, ...]:
        fitting = [found for first, found in self._first if first.match(f"{word} ")]
        return tuple(pattern for patterns in fitting for pattern in patterns)

    def _find_static(self, word: str) -> str:
        return word + "".join(f"#{name}" for name, words in self._sets.items() if word in words)


class _Words:
    """Words and beginnings of words."""

    def __init__(self, words: list[str]) -> None:
        self._exact = frozenset(word for word in words if not word.endswith("*"))
        self._starts = tuple(word[:-1] for word in words if word.endswith("*"))

    def __contains__(self, word: str) -> bool:
        return word in self._exact or word.startswith(self._starts)


def sentences(text: str) -> list[Sentence]:
    """Cut text into sentences of at most some 60 words each."""
    found = []
    for piece in _BREAK.split(text):
        words = tuple(_words(piece))
        for start in range(0, len(words), _LONGEST):
            part = words[start : start + _LONGEST]
            found.append(
                Sentence(piece.strip() if len(words) <= _LONGEST else " ".join(part), part)
            )
    return found


@cache
def load_rules(name: str) -> dict[str, list[str]]:
    """Read a file of `models/rules`: lists of words or patterns by name."""
    text = files(__package__).joinpath("rules", f"{name}.yaml").read_text(encoding="utf-8")
    loaded: dict[str, list[str]] = load_yaml(text)
    return loaded


@cache
def word_set(name: str) -> frozenset[str]:
    """Give a list of `rules/words.yaml`."""
    return frozenset(load_rules("words")[name])


@cache
def phrasebook(name: str) -> Phrasebook:
    """Read a file of patterns."""
    return Phrasebook(load_rules(name), load_rules("sets"))


def _words(text: str) -> Iterator[str]:
    for token in _WORD.findall(text.lower().replace("’", "'")):
        if "'" not in token:
            yield token
            continue
        head, _, tail = token.partition("'")
        if tail == "t" and head.endswith("n"):
            yield {"wo": "will", "ca": "can", "sha": "shall"}.get(head[:-1], head[:-1])
            yield "not"
        elif tail in _CONTRACTIONS:
            yield head
            if _CONTRACTIONS[tail]:
                yield _CONTRACTIONS[tail]
        else:
            yield from token.split("'")


def _expression(row: str) -> str:
    """Turn a pattern into a regular expression over tagged words, each with a space after it."""
    parts = []
    for element in row.split():
        if element in _GAPS:
            parts.append(rf"(?:\S+ ){{0,{_GAPS[element]}}}?")
            continue
        optional = "?" if element.endswith("?") else ""
        options = [_option(option) for option in element.rstrip("?").split("|")]
        parts.append(f"(?:(?:{'|'.join(options)}) ){optional}")
    return "".join(parts)


def _option(option: str) -> str:
    if option.startswith("@"):
        return rf"[^ ]*#{option[1:]}\b[^ ]*"
    stem = re.escape(option.rstrip("*")) + ("[^ #]*" if option.endswith("*") else "")
    return rf"{stem}(?:#[^ ]*)?"
