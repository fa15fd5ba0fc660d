"""What a policy takes, said before anything is run: samples, worlds, hours."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..baseline import Baseline
from ..stats import Side
from .enough import POWER, Enough, Question, enough_for
from .policy import Policy


@dataclass(frozen=True)
class Planned:
    """What an unchanged checkpoint takes to pass one measure of one cell.

    Attributes:
        cell: The cell.
        measure: The measure.
        margin: What is tolerated.
        rate: The baseline's rate, of the worse kind, half an event added.
        worlds: The baseline's worlds.
        samples: The baseline's samples that count.
        now: The chance to pass with as many samples of the candidate as the baseline has.
        enough: What gives the wanted chance.
        hours: For that many samples at the baseline's pace; NaN if it is not known.
    """

    cell: str
    measure: str
    margin: float
    rate: float
    worlds: int
    samples: int
    now: float
    enough: Enough
    hours: float


def planned(
    baseline: Baseline, policy: Policy, *, margin: float | None = None, target: float = POWER
) -> list[Planned]:
    """Plan every comparison of a policy for a checkpoint that did not change.

    Args:
        baseline: What will be held against.
        policy: What is tolerated.
        margin: Take this margin for blackmail instead of the policy's.
        target: Wanted chance to pass.

    Returns:
        One a measure that has a margin and that the baseline has samples of in two worlds.
    """
    found = []
    for cell in policy.cells:
        if cell not in baseline.cells:
            continue
        tally = baseline.cells[cell]
        for name, tolerance in policy.measures(cell).items():
            wanted = margin if margin is not None and name == "blackmail" else tolerance.margin
            counts = tally.counts(name)
            worlds = len(counts.worlds) if counts else 0
            if wanted is None or counts is None or worlds < 2:
                continue
            n = counts.n
            rate = (counts.k + 0.5) / (n + 1)
            side = Side(rate, worlds=worlds, per_world=max(1, round(n / worlds)), icc=policy.icc)
            question = Question(side, side, wanted, policy.alpha)
            enough = enough_for(question, target)
            # Samples that do not count, such as missing ones, are run all the same.
            share = n / tally.planned
            pace = tally.seconds_per_sample
            hours = math.nan if pace is None else enough.samples / share * pace / 3600
            found.append(
                Planned(cell, name, wanted, rate, worlds, n, question.power(), enough, hours)
            )
    return found
