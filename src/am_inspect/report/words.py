"""Estimates in words: counts, shares and intervals."""

from __future__ import annotations

import math

from ..stats import Interval, Rate
from .table import percent


def count_text(rate: Rate) -> str:
    """Give `k of n`."""
    return f"{rate.events} of {rate.answers}"


def span_text(ends: Interval) -> str:
    """Give an interval of shares in percent; a dash where there is none."""
    if math.isnan(ends.lower):
        return "–"
    return f"[{percent(ends.lower)}, {percent(ends.upper)}]"


def rate_text(rate: Rate) -> str:
    """Give a rate with its interval; without an event, or with only events, the bound alone."""
    if rate.answers == 0:
        return "no answer"
    if rate.events == 0:
        return f"none; at most {percent(rate.interval.upper)}"
    if rate.events == rate.answers:
        return f"all; at least {percent(rate.interval.lower)}"
    return f"{percent(rate.value)} {span_text(rate.interval)}"


def points_text(value: float, ends: Interval) -> str:
    """Give a difference of shares in percentage points, with its interval."""
    if math.isnan(value):
        return "–"
    return f"{_points(value)} [{_points(ends.lower)}, {_points(ends.upper)}]"


def _points(value: float) -> str:
    return f"{100 * value:+.1f}".replace("-", "−")
