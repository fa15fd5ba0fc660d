"""How many worlds and answers a question takes, said before the money is spent."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy import special

from ._clusters import design_effect, t_quantile
from .rates import DEFAULT_ICC, clopper_pearson
from .score import score_z_difference

MOST = 100_000
"""More worlds, or answers a world, than anybody runs: the search ends here."""


@dataclass(frozen=True)
class Side:
    """One cell or checkpoint, as planned.

    Attributes:
        rate: True rate that is assumed.
        worlds: Worlds; for independent answers to one prompt as many as answers.
        per_world: Answers a world.
        icc: Intra-class correlation of the answers of a world.

    Raises:
        ValueError: If a number is out of its range.
    """

    rate: float
    worlds: int
    per_world: int = 1
    icc: float = DEFAULT_ICC

    def __post_init__(self) -> None:
        if not 0 <= self.rate <= 1 or not 0 <= self.icc <= 1:
            raise ValueError(f"rate {self.rate} and icc {self.icc} must be between 0 and 1")
        if self.worlds < 2 or self.per_world < 1:
            raise ValueError(
                f"{self.worlds} worlds of {self.per_world} answers: at least 2 of 1 are needed"
            )

    @property
    def answers(self) -> int:
        """Answers in all."""
        return self.worlds * self.per_world

    @property
    def design_effect(self) -> float:
        """1 + (m - 1) x icc."""
        return design_effect(self.answers, self.worlds, self.icc)

    @property
    def variance(self) -> float:
        """Variance of the observed rate."""
        return self.rate * (1 - self.rate) * self.design_effect / self.answers


@dataclass(frozen=True)
class Plan:
    """What a question takes.

    Attributes:
        side: The smallest side that suffices; None if none does, however large.
        reached: Width or power that it reaches; without a side, what the largest one tried does.
    """

    side: Side | None
    reached: float


def expected_width(side: Side, *, confidence: float = 0.95) -> float:
    """Give the width of the clustered t interval at its expected standard error.

    At a rate of 0 or 1 the width of Clopper-Pearson over the design effect, which then is
    printed (`clustered_rate`). Near 0 single runs scatter widely about it.

    Args:
        side: What is planned.
        confidence: Two-sided level.

    Returns:
        The width.
    """
    if side.rate in (0, 1):
        n = side.answers / side.design_effect
        ends = clopper_pearson(side.rate * n, n, confidence=confidence)
        return ends.upper - ends.lower
    width = 2 * t_quantile(confidence, side.worlds - 1) * math.sqrt(side.variance)
    return min(1.0, width)


def difference_power(
    first: Side, second: Side, *, alpha: float = 0.025, pairing: float = 0.0
) -> float:
    """Give the chance that the first rate is shown to be above the second, one-sided at alpha.

    That is `noninferiority_power` with sides exchanged and a margin of 0.

    Args:
        first: The side with the higher rate.
        second: The other.
        alpha: One-sided.
        pairing: As there.

    Returns:
        The power.

    Raises:
        ValueError: As there.
    """
    return noninferiority_power(second, first, 0.0, alpha=alpha, pairing=pairing)


def noninferiority_power(
    candidate: Side, baseline: Side, margin: float, *, alpha: float = 0.05, pairing: float = 0.0
) -> float:
    """Give the chance that candidate - baseline is shown to be under the margin.

    The one-sided t test of `world_difference` (W - 1 degrees of freedom, W the worlds of the
    larger side, among which the other's are) by the noncentral t distribution: Chow, Shao, Wang
    and Lokhnygina, Sample Size Calculations in Clinical Research, 3rd ed. 2017, chapter 4, with
    variances inflated by the design effect (Donner and Klar, Design and Analysis of Cluster
    Randomization Trials, 2000, chapter 5). Of the sum of variances,
    2 x pairing x icc x sqrt(p1 q1 p2 q2) / W drops out: what a world does to both sides.

    It treats a rate as normal. With few events, in few of the worlds, the t test passes more
    often than that: at a true 8% against 3% and a margin of 5% (16 worlds of 6) in 5, 8 and 10%
    of simulated runs at icc 0, .1 and .3 (`make verify`). For independent answers
    `exact_noninferiority_power` needs no such thing.

    Args:
        candidate: The new checkpoint.
        baseline: What it is held against; its error counts.
        margin: Difference that is still tolerated.
        alpha: One-sided.
        pairing: Correlation between both sides' world levels: 0 takes no help of it, 1 if a
            world that raises one side raises the other as much.

    Returns:
        The power.

    Raises:
        ValueError: If a rate is 0 or 1, where a planned error of 0 would promise everything, or
            alpha or pairing is out of range.
    """
    if not 0 < alpha < 1 or not 0 <= pairing <= 1:
        raise ValueError(f"alpha {alpha} or pairing {pairing} is out of range: (0, 1) and [0, 1]")
    if any(side.rate in (0, 1) for side in (candidate, baseline)):
        raise ValueError("a rate of 0 or 1 plans nothing: give the highest that you call none")
    worlds = max(candidate.worlds, baseline.worlds)
    spread = math.prod(
        side.icc * side.rate * (1 - side.rate) for side in (candidate, baseline)
    )  # fmt: skip
    shared = 2 * pairing * math.sqrt(spread) / worlds
    error = math.sqrt(max(candidate.variance + baseline.variance - shared, 1e-12))
    critical = float(special.stdtrit(worlds - 1, 1 - alpha))
    effect = (margin - (candidate.rate - baseline.rate)) / error
    return 1 - float(special.nctdtr(worlds - 1, effect, critical))


def exact_noninferiority_power(
    candidate: Side, baseline: Side, margin: float, *, alpha: float = 0.05
) -> float:
    """Give the same chance for the score test on independent answers, by enumeration.

    The test of Farrington and Manning (Statistics in Medicine 9, 1990) with the variance of
    Miettinen and Nurminen: the upper end of that interval is under the margin.

    Args:
        candidate: The new checkpoint; icc or answers a world are not looked at.
        baseline: What it is held against.
        margin: Difference that is still tolerated.
        alpha: One-sided.

    Returns:
        The power, or at a true difference of `margin` the size of the test.
    """
    from scipy.stats import binom  # half a second

    counts = [np.arange(side.answers + 1) for side in (candidate, baseline)]
    laws = [
        binom.pmf(k, s.answers, s.rate) for k, s in zip(counts, (candidate, baseline), strict=True)
    ]
    z = score_z_difference(
        counts[0][:, None], candidate.answers, counts[1][None, :], baseline.answers, margin
    )
    return float((np.outer(*laws) * (z < special.ndtri(alpha))).sum())


def plan(
    start: Side,
    reached: Callable[[Side], float],
    target: float,
    *,
    vary: Literal["worlds", "per_world"] = "worlds",
) -> Plan:
    """Find the smallest side that reaches a target width (no wider) or power (no smaller).

    More answers from the same worlds stop helping: their effective number stays under
    worlds / icc. Then there is no such side, and the plan says how far they get.

    Args:
        start: Side with its rate; the number that varies begins at the smallest allowed.
        reached: Width or power of a side, `expected_width` for instance.
        target: What it shall be, between 0 and 1.
        vary: Which number is sought; the other stays.

    Returns:
        The plan.
    """
    least = 2 if vary == "worlds" else 1

    def side(size: int) -> Side:
        return replace(start, worlds=size) if vary == "worlds" else replace(start, per_world=size)

    # Widths fall and powers rise with size; which of them it is shows at the two ends.
    falls = reached(side(least)) > reached(side(MOST))

    def enough(size: int) -> bool:
        return reached(side(size)) <= target if falls else reached(side(size)) >= target

    if not enough(MOST):
        return Plan(None, reached(side(MOST)))
    low, high = least - 1, MOST
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return Plan(side(high), reached(side(high)))
