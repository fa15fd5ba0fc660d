"""Rates of independent answers compared by their counts: for a single prompt."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from scipy import special

from .rates import Interval
from .score import score_interval_difference, score_interval_ratio, score_z_difference

Alternative = Literal["two-sided", "less", "greater"]

EXACT_UP_TO = 400
"""Answers of both sides together up to which the exact test is made."""


@dataclass(frozen=True)
class Counts:
    """Events among independent answers.

    Attributes:
        events: k.
        answers: n, at least 1.

    Raises:
        ValueError: If not 0 <= events <= answers or answers is 0.
    """

    events: int
    answers: int

    def __post_init__(self) -> None:
        if self.answers < 1 or not 0 <= self.events <= self.answers:
            raise ValueError(f"{self.events} events of {self.answers} answers is not a share")

    @property
    def rate(self) -> float:
        """Events / answers."""
        return self.events / self.answers


@dataclass(frozen=True)
class Contrast:
    """A comparison of rates.

    Attributes:
        value: Estimate: a difference, a linear contrast or a ratio; NaN if not defined.
        interval: Confidence interval; endless where nothing is known.
        p_greater: One-sided p value of "not above its null value" (0, for a ratio 1).
        method: How the interval was made.
    """

    value: float
    interval: Interval
    p_greater: float
    method: str


def difference(
    first: Counts,
    second: Counts,
    *,
    method: Literal["newcombe", "miettinen_nurminen"] = "newcombe",
    confidence: float = 0.95,
) -> Contrast:
    """Give the difference of two rates, first less second.

    Newcombe's hybrid score interval (Statistics in Medicine 17, 1998, 873-890, method 10; by
    statsmodels), or the score interval of Miettinen and Nurminen (Statistics in Medicine 4,
    1985). p by
    `p_greater`.

    Args:
        first: Minuend.
        second: Subtrahend.
        method: Which interval.
        confidence: Two-sided level.

    Returns:
        The difference, within [-1, 1].
    """
    counts = (first.events, first.answers, second.events, second.answers)
    if method == "newcombe":
        found = _by_statsmodels(counts, "newcomb", "diff", confidence)
    else:
        found = score_interval_difference(*counts, confidence)
    ends = Interval(max(-1.0, found.lower), min(1.0, found.upper))
    p = p_greater(first, second)
    return Contrast(first.rate - second.rate, ends, p, method)


def ratio(
    first: Counts,
    second: Counts,
    *,
    method: Literal["katz", "miettinen_nurminen"] = "katz",
    confidence: float = 0.95,
) -> Contrast:
    """Give the ratio of two rates, first over second.

    The log interval of Katz, Baptista, Azen and Pike (Biometrics 34, 1978; by statsmodels). It
    needs an event on both sides; if the first has none, or both rates are 1, the score interval
    of Miettinen and Nurminen (Statistics in Medicine 4, 1985) stands in and is named; if the
    second has none the ratio is not defined.

    Args:
        first: Numerator.
        second: Denominator.
        method: Which interval.
        confidence: Two-sided level.

    Returns:
        The ratio, at least 0.
    """
    p = p_greater(first, second)
    if second.events == 0:
        return Contrast(math.nan, Interval(0.0, math.inf), p, "not_defined")
    counts = (first.events, first.answers, second.events, second.answers)
    full = first.rate == second.rate == 1
    if method == "katz" and first.events > 0 and not full:
        found = _by_statsmodels(counts, "log", "ratio", confidence)
        return Contrast(first.rate / second.rate, found, p, "katz")
    found = score_interval_ratio(*counts, confidence)
    return Contrast(first.rate / second.rate, found, p, "miettinen_nurminen")


def boschloo(first: Counts, second: Counts, *, alternative: Alternative = "two-sided") -> float:
    """Give the p value of Boschloo's exact test (Statistica Neerlandica 24, 1970), by scipy.

    Args:
        first: One side.
        second: The other.
        alternative: `greater`: the first rate is above the second.

    Returns:
        The p value.
    """
    from scipy.stats import boschloo_exact  # half a second, which not every `inspect eval` needs

    table = [
        [first.events, second.events],
        [first.answers - first.events, second.answers - second.events],
    ]
    if first.events + second.events in (0, first.answers + second.answers):
        return 1.0
    return min(1.0, float(boschloo_exact(table, alternative=alternative).pvalue))


@lru_cache(maxsize=4096)
def p_greater(first: Counts, second: Counts) -> float:
    """Give the one-sided p value of "the first rate is not above the second".

    Boschloo's test; with more than `EXACT_UP_TO` answers, where that takes seconds, the score
    test, which then is close to it.

    Args:
        first: The side that might be higher.
        second: The other.

    Returns:
        The p value.
    """
    if first.answers + second.answers <= EXACT_UP_TO:
        return boschloo(first, second, alternative="greater")
    z = score_z_difference(first.events, first.answers, second.events, second.answers, 0.0)
    return float(special.ndtr(-z))


def _by_statsmodels(
    counts: tuple[int, int, int, int],
    method: Literal["newcomb", "log"],
    compare: Literal["diff", "ratio"],
    confidence: float,
) -> Interval:
    # Imported here because it costs over a second.
    from statsmodels.stats.proportion import confint_proportions_2indep

    lower, upper = confint_proportions_2indep(
        *counts, method=method, compare=compare, alpha=1 - confidence
    )
    return Interval(float(lower), float(upper))
