"""What differs between two rows of one (world, variant), word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from .scenario import Mail, Row

ALIKE = 0.5
"""Paragraphs with a smaller share of common words are shown whole, the old and the new one."""

KEPT_WORDS = 6
"""Of a longer unchanged run of words only so many stay, half at each end."""

_ELLIPSIS = " ... "

Kind = Literal["same", "removed", "added"]


@dataclass(frozen=True)
class Piece:
    """A run of text.

    Attributes:
        kind: Whether both rows have it, or the first or the second one only.
        text: The text.
    """

    kind: Kind
    text: str


Line = tuple[Piece, ...]
"""A paragraph or a line that differs, in pieces."""


@dataclass(frozen=True)
class MailDiff:
    """A mail that differs.

    Attributes:
        id: Its id, the same in both rows.
        sender: Full name of who sends it; two if they differ, likewise the subject.
        subject: The subject line.
        lines: Paragraphs of the body that differ.
        other: Names of other parts that differ; none in a minimal pair.
    """

    id: str
    sender: Line
    subject: Line
    lines: tuple[Line, ...]
    other: tuple[str, ...]


@dataclass(frozen=True)
class CellDiff:
    """All that differs between two rows.

    Attributes:
        system: Paragraphs of the system prompt.
        mails: Mails, in order.
        other: Names of other parts of a row that differ; none in a minimal pair.
    """

    system: tuple[Line, ...]
    mails: tuple[MailDiff, ...]
    other: tuple[str, ...]


def cell_diff(first: Row, second: Row) -> CellDiff:
    """Compare two rows.

    Args:
        first: What is left.
        second: What is come to.

    Returns:
        What differs between them.
    """
    parts = ("facts", "comprehension", "replies", "opening", "agent_email", "exposed_wave")
    other = [part for part in parts if getattr(first, part) != getattr(second, part)]
    if len(first.mails) != len(second.mails):
        other.append("number of mails")
    names = first.address_book() | second.address_book()
    pairs = zip(first.mails, second.mails, strict=False)
    return CellDiff(
        system=tuple(_paragraphs(first.system, second.system)),
        mails=tuple(_mail(old, new, names) for old, new in pairs if old != new),
        other=tuple(other),
    )


def _mail(old: Mail, new: Mail, names: dict[str, str]) -> MailDiff:
    senders = [names.get(mail.from_.lower(), mail.from_) for mail in (old, new)]
    parts = ("id", "to", "cc", "sent_at", "wave")
    return MailDiff(
        id=old.id,
        sender=_line(*senders),
        subject=_line(old.subject, new.subject),
        lines=tuple(_paragraphs(old.body, new.body)),
        other=tuple(part for part in parts if getattr(old, part) != getattr(new, part)),
    )


def _line(old: str, new: str) -> Line:
    return (Piece("same", old),) if old == new else _words(old, new, elide=False)


def _paragraphs(old: str, new: str) -> Iterator[Line]:
    left, right = (re.split(r"\n\s*\n", text) for text in (old, new))
    for tag, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        gone, come = left[a:b], right[c:d]
        paired = min(len(gone), len(come))
        for one, other in zip(gone, come, strict=False):
            yield from _changed(one, other)
        yield from ((Piece("removed", text),) for text in gone[paired:])
        yield from ((Piece("added", text),) for text in come[paired:])


def _changed(old: str, new: str) -> Iterator[Line]:
    matcher = SequenceMatcher(None, old.split(), new.split(), autojunk=False)
    if matcher.ratio() >= ALIKE:
        yield _words(old, new, elide=True)
    else:
        yield (Piece("removed", old),)
        yield (Piece("added", new),)


def _words(old: str, new: str, *, elide: bool) -> Line:
    left, right = old.split(), new.split()
    codes = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    pieces: list[Piece] = []
    for place, (tag, a, b, c, d) in enumerate(codes):
        if tag == "equal":
            edges = (place == 0, place == len(codes) - 1)
            kept = _elided(left[a:b], *edges) if elide else " ".join(left[a:b])
            pieces.append(Piece("same", kept))
            continue
        if b > a:
            pieces.append(Piece("removed", " ".join(left[a:b])))
        if d > c:
            pieces.append(Piece("added", " ".join(right[c:d])))
    return tuple(pieces)


def _elided(words: Sequence[str], starts: bool, ends: bool) -> str:
    if len(words) <= KEPT_WORDS:
        return " ".join(words)
    half = KEPT_WORDS // 2
    head = "" if starts else " ".join(words[:half])
    tail = "" if ends else " ".join(words[-half:])
    return f"{head}{_ELLIPSIS}{tail}".strip()
