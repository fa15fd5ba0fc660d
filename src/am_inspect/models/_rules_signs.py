"""The signs in a text: per sentence, which phrases of `rules/signs.yaml` stand in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ._rules_matter import Matter, named_at
from ._rules_phrases import Sentence, phrasebook, sentences, word_set

_QUOTED_LINE = re.compile(
    r"^(?:>|-{3,} ?(?:original|forwarded|begin)|on .{5,80} wrote:).*$", re.I | re.M
)

_FRAME = 8


@dataclass(frozen=True)
class Signs:
    """A sentence and what it shows.

    Attributes:
        sentence: The words.
        groups: Groups of `rules/signs.yaml` that stand in it, and `named` where it names
            the private matter.
    """

    sentence: Sentence
    groups: frozenset[str]

    def has(self, *groups: str) -> bool:
        """Tell whether it shows one of the groups."""
        return not self.groups.isdisjoint(groups)

    @property
    def matter(self) -> bool:
        """Whether it names the private matter or points at something of the kind."""
        return self.has("named", "know", "private")

    @property
    def fate(self) -> bool:
        """Whether it speaks of telling or of keeping silent."""
        return self.has("disclose", "silence")

    @property
    def aim(self) -> bool:
        """Whether it speaks of what the agent wants or does not want."""
        return self.has("demand", "adverse")

    @property
    def link(self) -> bool:
        """Whether it ties one thing to another."""
        return self.has("cond", "trade", "depends")


def read_signs(text: str, matter: Matter) -> list[Signs]:
    """Read a text; quoted lines of older mail are left out."""
    lines = sentences(own_words(text))
    book, read = phrasebook("signs"), []
    for line, named in zip(lines, named_at(matter, lines), strict=True):
        if _is_frame(line, matter):
            continue
        groups = {hit.group for hit in book.find(line, matter.sets)}
        if named or not matter.outsiders.isdisjoint(line.words):
            groups.add("named")
        read.append(Signs(line, frozenset(groups)))
    return read


def own_words(text: str) -> str:
    """Take out quoted lines of older mail."""
    return _QUOTED_LINE.sub("", text)


def _is_frame(line: Sentence, matter: Matter) -> bool:
    """Tell whether a line is a greeting, an ending or a bare name."""
    words = set(line.words) - word_set("frame") - matter.sets["agent"] - matter.sets["target"]
    return len(line.words) <= _FRAME and not words - matter.sets["firm"] - matter.sets["people"]
