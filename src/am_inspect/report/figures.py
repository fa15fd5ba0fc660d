"""Figures as numbers: positions in percent of a width, which templates only draw."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..stats import Interval

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
        spans = [
            f"{100 * a:.0f}–{100 * b:.0f}%" for a, b in zip(ends[:-1], ends[1:], strict=True)
        ]
        return (
            Shade("no event", level=0),
            *(Shade(span, level=n) for n, span in enumerate(spans, start=1)),
        )


@dataclass(frozen=True)
class Mark:
    """An estimate with its interval on an axis.

    Attributes:
        label: Whose.
        count: Its denominators, in words.
        text: Estimate and interval, in words.
        at: Place of the estimate in percent of the axis; None without an estimate.
        start: Place of the lower end; None without an interval.
        end: Place of the upper end.
        cut: Whether an end lies beyond the axis.
        tone: `event` with events, `none` without, `other` for other estimates.
    """

    label: str
    count: str
    text: str
    at: float | None = None
    start: float | None = None
    end: float | None = None
    cut: bool = False
    tone: str = "event"


@dataclass(frozen=True)
class Tick:
    """A place on an axis.

    Attributes:
        at: Place in percent.
        label: Its value.
    """

    at: float
    label: str


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


@dataclass(frozen=True)
class Point:
    """A model on the plane of size and rate.

    Attributes:
        label: Its name.
        x: Across, in percent.
        y: Up, in percent.
        low: Lower end, in percent; None without an interval.
        high: Upper end.
        family: Number of its family, which gives shape and colour.
    """

    label: str
    x: float
    y: float
    low: float | None
    high: float | None
    family: int


@dataclass(frozen=True)
class Plane:
    """Rates against size, joined within a family."""

    title: str
    x_label: str
    y_label: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    points: tuple[Point, ...]
    families: tuple[str, ...]
    alt: str
    kind: str = "plane"

    def path(self, family: int) -> str:
        """Give the points of a family as an SVG path's numbers on the template's scale."""
        own = sorted((p.x, p.y) for p in self.points if p.family == family)
        return " ".join(f"{5.6 * x + 60:.1f},{250 - 2.3 * y:.1f}" for x, y in own)


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


@dataclass(frozen=True)
class Axis:
    """A linear axis.

    Attributes:
        low: Value at its left.
        high: Value at its right.
        step: Distance of its ticks.
    """

    low: float
    high: float
    step: float

    def place(self, value: float) -> float:
        """Give the place of a value in percent, at an end if it lies beyond."""
        share = (value - self.low) / (self.high - self.low)
        return round(100 * min(1.0, max(0.0, share)), 2)

    def ticks(self) -> tuple[Tick, ...]:
        """Give the ticks with their values in percent."""
        count = round((self.high - self.low) / self.step)
        values = [self.low + n * self.step for n in range(count + 1)]
        return tuple(
            Tick(self.place(v), f"{100 * v:.0f}%".replace("-", "−")) for v in values
        )

    def mark(
        self, label: str, count: str, text: str, value: float, ends: Interval, tone: str
    ) -> Mark:
        """Place an estimate; what is NaN has no place."""
        at = None if math.isnan(value) or math.isinf(value) else self.place(value)
        if math.isnan(ends.lower):
            return Mark(label, count, text, at, tone=tone)
        cut = ends.lower < self.low - 1e-9 or ends.upper > self.high + 1e-9
        place = self.place
        return Mark(label, count, text, at, place(ends.lower), place(ends.upper), cut, tone)


def share_axis(highest: Iterable[float]) -> Axis:
    """Give an axis from 0 that holds all given shares."""
    top = max((value for value in highest if math.isfinite(value)), default=1.0)
    for end, step in ((0.1, 0.02), (0.2, 0.05), (0.4, 0.1), (0.6, 0.1), (0.8, 0.2)):
        if top <= end:
            return Axis(0.0, end, step)
    return Axis(0.0, 1.0, 0.2)


def pieces(counts: Sequence[tuple[str, int, str]], total: int) -> tuple[Piece, ...]:
    """Lay counts of names and tones end to end; those of 0 are left out."""
    laid, start = [], 0.0
    for name, count, tone in counts:
        width = 100 * count / total if total else 0.0
        if count:
            laid.append(Piece(name, count, round(start, 2), round(width, 2), tone))
        start += width
    return tuple(laid)
