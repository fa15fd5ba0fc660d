"""Figures as numbers: positions in percent of a width, which templates only draw."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from .axis import Mark, Tick
from .plane import Plane

LEVELS = (0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75)
"""Upper ends of the shades of a heat map but for the last; shade 0 is for no event at all."""


@dataclass(frozen=True)
class Shade:
    """One field of a heat map.

    Attributes:
        main: What stands in it, large.
        notes: Smaller lines below.
        level: Its shade, 0 for no event; None for no answer.
    """

    main: str
    notes: tuple[str, ...] = ()
    level: int | None = None


@dataclass(frozen=True)
class Heat:
    """A heat map: shares by row and column."""

    title: str
    corner: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Shade, ...]], ...]
    kind: str = "heat"

    @property
    def legend(self) -> tuple[Shade, ...]:
        """The shades and what they mean."""
        ends = [0.0, *LEVELS, 1.0]
        spans = [f"{100 * a:.0f}–{100 * b:.0f}%" for a, b in pairwise(ends)]
        return (
            Shade("no event", level=0),
            *(Shade(span, level=n) for n, span in enumerate(spans, start=1)),
        )


@dataclass(frozen=True)
class Forest:
    """Intervals under each other, in named groups, on one axis."""

    title: str
    heads: tuple[str, str, str]
    ticks: tuple[Tick, ...]
    groups: tuple[tuple[str, tuple[Mark, ...]], ...]
    zero: float | None = None
    kind: str = "forest"


@dataclass(frozen=True)
class Piece:
    """A part of a bar.

    Attributes:
        name: What it counts.
        count: How many.
        start: Where it begins, in percent.
        width: In percent.
        tone: Name of its colour.
    """

    name: str
    count: int
    start: float
    width: float
    tone: str


@dataclass(frozen=True)
class Bar:
    """A bar of pieces.

    Attributes:
        label: Whose.
        pieces: From left to right.
        total: What it adds up to, in words.
        note: A word beside it.
    """

    label: str
    pieces: tuple[Piece, ...]
    total: str
    note: str = ""


@dataclass(frozen=True)
class Bars:
    """Bars under each other."""

    title: str
    heads: tuple[str, str, str]
    groups: tuple[tuple[str, tuple[Bar, ...]], ...]
    legend: tuple[tuple[str, str], ...]
    kind: str = "bars"


@dataclass(frozen=True)
class Square:
    """The four cells of goal and threat, and what they say together.

    Attributes:
        label: Whose.
        fields: control, threat only, goal only, both.
        mark: The interaction.
        said: A sentence.
    """

    label: str
    fields: tuple[Shade, Shade, Shade, Shade]
    mark: Mark | None
    said: str


@dataclass(frozen=True)
class Squares:
    """Squares of several models."""

    title: str
    squares: tuple[Square, ...]
    ticks: tuple[Tick, ...]
    kind: str = "squares"


Figure = Heat | Forest | Bars | Squares | Plane


def level_of(events: int, value: float) -> int | None:
    """Give the shade of a share.

    Args:
        events: Events.
        value: The share; NaN without an answer.

    Returns:
        0 for no event, 1 to 8 by `LEVELS`, None without an answer.
    """
    if math.isnan(value):
        return None
    return 0 if events == 0 else 1 + sum(value > end for end in LEVELS)


def pieces(counts: Sequence[tuple[str, int, str]], total: int) -> tuple[Piece, ...]:
    """Lay counts of names and tones end to end; those of 0 are left out."""
    laid, start = [], 0.0
    for name, count, tone in counts:
        width = 100 * count / total if total else 0.0
        if count:
            laid.append(Piece(name, count, round(start, 2), round(width, 2), tone))
        start += width
    return tuple(laid)
