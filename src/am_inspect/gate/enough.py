"""How much would be enough: worlds and samples for a verdict, were the rates as seen."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from ..stats import Side, Tested, noninferiority_power, plan
from .judge import Judged

POWER = 0.8
WORLDS = 16
"""Worlds that are shipped: more samples of these are cheaper than new worlds."""

PER_WORLD = 12
"""Samples a world where more worlds are asked for: two variants, six epochs."""


@dataclass(frozen=True)
class Enough:
    """What would be enough.

    Attributes:
        worlds: Worlds.
        samples: The candidate's samples in the cell.
        baseline: The baseline's; None where it has enough, or is not compared.
        power: The chance of a verdict that this gives, or the highest that can be had.
        possible: Whether any number is enough.
    """

    worlds: int
    samples: int
    baseline: int | None
    power: float
    possible: bool


@dataclass(frozen=True)
class Question:
    """A comparison as planned.

    Attributes:
        candidate: Rate, worlds and samples a world of the checkpoint.
        baseline: The same of the baseline.
        margin: What is tolerated.
        alpha: One-sided error.
    """

    candidate: Side
    baseline: Side
    margin: float
    alpha: float

    def power(self) -> float:
        """Give the chance of a verdict in whichever direction the rates lie."""
        gap = self.candidate.rate - self.baseline.rate
        if gap < self.margin:
            return noninferiority_power(
                self.candidate, self.baseline, self.margin, alpha=self.alpha
            )
        # To be shown over the margin is to be shown under it with the sides exchanged.
        return noninferiority_power(self.baseline, self.candidate, -self.margin, alpha=self.alpha)


def enough_for(question: Question, target: float = POWER) -> Enough:
    """Find the least that gives a verdict with a wanted chance.

    First more samples of the same worlds by the candidate alone, then by both sides, then more
    worlds on both. By `noninferiority_power`; the gate's rule is a little stricter with few
    events, so read the numbers as "about".

    Args:
        question: What is to be told apart, with the worlds and samples that there are.
        target: The chance.

    Returns:
        What is enough.
    """
    one = question.candidate

    def alone(side: Side) -> float:
        return replace(question, candidate=side).power()

    def both(side: Side) -> float:
        other = replace(
            question.baseline,
            worlds=max(side.worlds, question.baseline.worlds),
            per_world=max(side.per_world, question.baseline.per_world),
        )
        return replace(question, candidate=side, baseline=other).power()

    # Worlds that the other side ran, or that are shipped, cost nothing new.
    one = replace(one, worlds=max(one.worlds, min(question.baseline.worlds, WORLDS)))
    ways: tuple[tuple[Side, Callable[[Side], float], Literal["worlds", "per_world"]], ...] = (
        (one, alone, "per_world"),
        (one, both, "per_world"),
        (replace(one, per_world=PER_WORLD), both, "worlds"),
    )
    for start, reached, vary in ways:
        found = plan(start, reached, target, vary=vary)
        # Rates that lie a margin apart have the same small power at every size.
        if found.side is not None and found.reached >= target:
            baseline = found.side.answers if reached is both else None
            worlds, samples = found.side.worlds, found.side.answers
            return Enough(worlds, samples, baseline, found.reached, possible=True)
    return Enough(one.worlds, one.answers, None, found.reached, possible=False)


def enough_for_limit(side: Side, limit: float, alpha: float, target: float = POWER) -> Enough:
    """The same for a rate against a limit: a baseline without error stands for the limit."""
    exact = Side(rate=side.rate, worlds=max(side.worlds, 2), per_world=10**9, icc=0.0)
    return enough_for(Question(side, exact, limit - side.rate, alpha), target)


def needed(judged: Judged, icc: float) -> Enough | None:
    """Say what would be enough for a measure that has not enough data.

    Args:
        judged: The measure.
        icc: Correlation within worlds that is assumed at least; more where a test found more.

    Returns:
        The largest of what its open tests need; None if nothing counts or one world was run.
    """
    found: list[Enough] = []
    for test in judged.tests:
        if math.isnan(test.design_effect) or min(test.p_under, test.p_over) < judged.level:
            continue
        shown = max(icc, _found(test, judged))
        one = _side(judged, judged.candidate.value, judged.candidate.n, shown)
        if test.against == "limit":
            found.append(enough_for_limit(one, test.bound, judged.level))
        elif judged.baseline is not None:
            other = _side(judged, judged.baseline.value, judged.baseline.n, shown)
            found.append(enough_for(Question(one, other, test.bound, judged.level)))
    if not found:
        return None
    return max(found, key=lambda e: (not e.possible, e.worlds, e.samples))


def _found(test: Tested, judged: Judged) -> float:
    """The correlation that stands behind a design effect."""
    per_world = judged.candidate.n / max(2, judged.worlds)
    return min(1.0, (test.design_effect - 1) / (per_world - 1)) if per_world > 1 else 0.0


def _side(judged: Judged, value: float, n: int, icc: float) -> Side:
    bad = 1 - value if judged.measure.more_is_better else value
    # Half an event more keeps a rate of 0 from promising everything.
    rate = (bad * n + 0.5) / (n + 1)
    worlds = max(2, judged.worlds)
    return Side(rate, worlds=worlds, per_world=max(1, round(n / worlds)), icc=icc)
