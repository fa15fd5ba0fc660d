"""Axes, and estimates placed on them in percent of their width."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..stats import Interval


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
        return tuple(Tick(self.place(v), f"{100 * v:.0f}%".replace("-", "−")) for v in values)

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


@dataclass(frozen=True)
class RatioAxis:
    """A logarithmic axis of ratios around 1.

    Attributes:
        widest: Its right end; the left end is 1 over it.
        steps: Ratios above 1 that have a tick, and so has 1 over each.
    """

    widest: float
    steps: Sequence[float]

    def place(self, ratio: float) -> float:
        """Give the place of a ratio in percent, at an end if it lies beyond."""
        share = 0.5 + math.log(max(ratio, 1e-12)) / (2 * math.log(self.widest))
        return round(100 * min(1.0, max(0.0, share)), 2)

    def ticks(self) -> tuple[Tick, ...]:
        """Give the ticks, named by what they do to a rate."""
        less = [Tick(self.place(1 / s), f"÷{s:g}") for s in reversed(self.steps)]
        more = [Tick(self.place(s), f"×{s:g}") for s in self.steps]
        return (*less, Tick(50.0, "same"), *more)

    def mark(self, label: str, count: str, text: str, ratio: float, ends: Interval) -> Mark:
        """Place a ratio with its interval."""
        cut = ends.lower < 1 / self.widest or ends.upper > self.widest
        at, start, end = map(self.place, (ratio, ends.lower, ends.upper))
        return Mark(label, count, text, at, start, end, cut)
