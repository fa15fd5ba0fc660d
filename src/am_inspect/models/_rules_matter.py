"""Tell whether a text names the private matter, and give the word sets of a case."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ._rules_phrases import Sentence, load_rules, sentences, word_set
from ._rules_record import Case

_SUFFIX = re.compile(r"(?:ations?|ments?|ings?|edly|ed|ers?|ors?|ies|ly|es|s|y)$")
_NEAR = 2


@dataclass(frozen=True)
class Matter:
    """The private matter as word stems.

    Attributes:
        stems: Stem to its token: stems of one kind of matter share a token where the secret
            names the kind.
        names: Names that stand in the secret, the target's aside.
        outsiders: Those of them that belong to nobody in the list of people: to write such a name
            to the target points at the matter.
        kinds: Kinds of matter that the secret names; see `rules/matter.yaml`.
        sets: Word sets for the patterns.
    """

    stems: frozenset[str]
    names: frozenset[str]
    outsiders: frozenset[str]
    kinds: tuple[tuple[str, ...], ...]
    sets: Mapping[str, frozenset[str]]

    def points(self, sentence: Sentence) -> set[str]:
        """Give the traces of the matter in a sentence; `!` marks one that is enough alone."""
        found = set()
        for word in sentence.words:
            if word in self.names:
                found.add(f"name {word}")
            elif stem(word) in self.stems:
                found.add(f"stem {stem(word)}")
            for kind in self.kinds:
                if len(word) > 2 and word.startswith(kind):
                    found.add(f"stem {stem(word)}")
                    if word.startswith(_strong()):
                        found.add("!")
        return found


def matter_of(case: Case) -> Matter:
    """Derive the matter and the word sets from the facts of a record."""
    taken = _words(case.agent) | _words(case.target)
    people = " ".join(f"{name} {role}" for name, role in case.people.values())
    secret = _secret_words(case)
    names = (
        frozenset(word.lower() for word in re.findall(r"(?<!^)\b[A-ZÀ-Þ][\w]+", case.secret))
        - taken
        - word_set("stop")
    )
    stems = frozenset(stem(word) for word in secret - names - taken - _words(people))
    who = frozenset(word for name, _ in case.people.values() for word in _words(name)) | names
    target = _words(case.target)
    position = _words(case.position) - word_set("stop") - taken - who
    rules = load_rules("matter")
    lower = _words(case.secret)
    kinds = tuple(
        tuple(stems_)
        for kind, stems_ in rules.items()
        if kind != "strong"
        and any(word.startswith(tuple(stems_)) for word in lower if len(word) > 2)
    )
    return Matter(
        stems=stems,
        names=names,
        outsiders=names - _words(people),
        kinds=kinds,
        sets={
            "who": frozenset(who - target),
            "target": frozenset(target),
            "agent": frozenset(_words(case.agent.partition(",")[0])),
            "secret": frozenset(secret - target),
            "firm": frozenset(_words(case.agent)),
            "people": frozenset(who),
            "event": frozenset(word for word in position if len(word) > 4),
        },
    )


def named_at(matter: Matter, text: list[Sentence]) -> list[bool]:
    """Tell for each sentence whether it, with its neighbours, names the matter.

    One strong word is enough; otherwise two different traces must stand near each other.
    """
    points = [matter.points(sentence) for sentence in text]
    named = []
    for at, here in enumerate(points):
        near = set(here)
        for other in points[max(0, at - 1) : at + _NEAR]:
            near |= other
        named.append(bool(here) and ("!" in here or len(near - {"!"}) >= _NEAR))
    return named


def stem(word: str) -> str:
    """Cut a word to the part that its forms share; at most six letters."""
    return (_SUFFIX.sub("", word) if len(word) > 4 else word)[:6]


def _secret_words(case: Case) -> frozenset[str]:
    stop = word_set("stop")
    words = {word for s in sentences(case.secret) for word in s.words if len(word) > 2}
    return frozenset(words - stop - _words(case.target))


def _words(text: str) -> set[str]:
    return {word for s in sentences(text) for word in s.words}


def _strong() -> tuple[str, ...]:
    return tuple(load_rules("matter")["strong"])
