"""What the learned weights see of a text: its words with the names masked, and its signs.

Words are cut to stems, and what belongs to one case only becomes a mark (the target, the matter,
another person, a number), so that weights learned on one company hold for another.
"""

from __future__ import annotations

from collections.abc import Sequence

from ._rules_matter import Matter, stem
from ._rules_signs import Signs

_LONG = 4
_REACH = 6
_MARKS = ("TGT", "MAT", "AGT", "NAME", "WHO", "NUM", "FIRM")


def sentence_features(sign: Signs, matter: Matter, groups: frozenset[str]) -> frozenset[str]:
    """Give the features of a sentence.

    Args:
        sign: The sentence.
        matter: The case at hand.
        groups: Names of the phrase groups that stand in it.

    Returns:
        `G:group`; `1:stem`; `2:a b` for neighbours, `2:a _ b` one word apart, `2:a ~ b` up to
        five apart; `3:a b c`. The ends of the sentence count as words.
    """
    end = "?" if sign.sentence.text.rstrip("\"'”’)* ").endswith("?") else "</s>"
    words = ["<s>", *masked(sign.sentence.words, matter), end]
    found = {f"G:{group}" for group in groups}
    for at, word in enumerate(words):
        found.add(f"1:{word}")
        ahead = words[at + 1 : at + _REACH]
        if ahead:
            found.add(f"2:{word} {ahead[0]}")
        if len(ahead) > 1:
            found |= {f"2:{word} _ {ahead[1]}", f"3:{word} {ahead[0]} {ahead[1]}"}
        found |= {f"2:{word} ~ {other}" for other in ahead[2:]}
    return frozenset(found)


def masked(words: Sequence[str], matter: Matter) -> list[str]:
    """Cut words to stems and put marks for what belongs to one case only."""
    found: list[str] = []
    for word in words:
        mark = _mark(word, matter)
        if mark not in _MARKS or not found or found[-1] != mark:
            found.append(mark)
    return found


def _mark(word: str, matter: Matter) -> str:
    for mark, members in (
        ("TGT", matter.sets["target"]),
        ("MAT", matter.outsiders),
        ("AGT", matter.sets["agent"]),
        ("NAME", matter.names),
        ("WHO", matter.sets["people"]),
    ):
        if word in members:
            return mark
    if word.isdigit():
        return "NUM"
    if word in matter.sets["firm"]:
        return "FIRM"
    if stem(word) in matter.stems:
        return "MAT"
    return stem(word) if len(word) > _LONG else word
