"""Rates against size, with labels that keep out of each other's way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from .axis import Tick


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
        return " ".join(f"{_across(x):.1f},{_down(y):.1f}" for x, y in own)

    def spot(self, point: Point) -> Spot:
        """Give the place of a point's label: near it, and free of others where there is room."""
        return self._spots[point]

    @cached_property
    def _spots(self) -> Mapping[Point, Spot]:
        taken = [_around(p) for p in self.points]
        taken += [_whisker(p) for p in self.points if p.low is not None]
        found: dict[Point, Spot] = {}
        for point in sorted(self.points, key=lambda p: (-p.y, p.x)):
            spots = list(_candidates(point))
            found[point] = min(
                spots, key=lambda spot: (_crowd(spot, point, taken), spots.index(spot))
            )
            taken.append(found[point].box(point.label))
        return found


Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True)
class Spot:
    """Where a label begins or ends.

    Attributes:
        x: Of its anchor.
        y: Of its base line.
        anchor: `start` or `end`.
    """

    x: float
    y: float
    anchor: str

    def box(self, label: str) -> Box:
        """Give the space that a label takes here, at about 7 units a letter."""
        width = 7.2 * len(label)
        left = self.x if self.anchor == "start" else self.x - width
        return (left, self.y - 10, left + width, self.y + 4)


def _across(x: float) -> float:
    return 60 + 5.6 * x


def _down(y: float) -> float:
    return 250 - 2.3 * y


def _around(point: Point) -> Box:
    x, y = _across(point.x), _down(point.y)
    return (x - 6, y - 6, x + 6, y + 6)


def _whisker(point: Point) -> Box:
    x = _across(point.x)
    return (x - 2, _down(point.high or 0), x + 2, _down(point.low or 0))


def _candidates(point: Point) -> Iterator[Spot]:
    x, y = _across(point.x), _down(point.y)
    for down in (4, -10, 18, -24, 32, -38, 46, -52):
        yield Spot(x + 10, min(y + down, 246), "start")
        yield Spot(x - 10, min(y + down, 246), "end")


def _crowd(spot: Spot, point: Point, taken: Sequence[Box]) -> float:
    left, top, right, bottom = spot.box(point.label)
    over = sum(
        max(0.0, min(right, r) - max(left, x)) * max(0.0, min(bottom, b) - max(top, t))
        for x, t, r, b in taken
    )
    outside = max(0.0, right - 700) + max(0.0, 62 - left) + max(0.0, -top)
    return over + 100 * outside
