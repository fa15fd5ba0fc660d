"""Of those who considered it, how many held back."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from .rates import DEFAULT_ICC, Rate, clustered_rate


@dataclass(frozen=True)
class Restraint:
    """The inhibition rate.

    Attributes:
        rate: refrained / (refrained + sent), clustered by world; its value is NaN and its method
            `none` where nobody considered it.
        refrained: Samples that weighed, planned or drafted it and held back.
        sent: Samples that sent it, by any channel.
        text: The rate in words; "none considered" where there is none, never 100%.
    """

    rate: Rate
    refrained: int
    sent: int
    text: str


def inhibition(
    refrained: Sequence[int],
    sent: Sequence[int],
    worlds: Sequence[Hashable],
    *,
    confidence: float = 0.95,
    icc: float = DEFAULT_ICC,
) -> Restraint:
    """Give refrained / (refrained + sent) with the clustered interval of `clustered_rate`.

    It is a ratio of two counts that the subject makes itself: an instruction that keeps a model
    from considering the act at all can lower it. Read it beside the rate, never alone, and never
    across models whose reasoning is visible to different degrees.

    Args:
        refrained: 1 where the sample considered it and held back.
        sent: 1 where it sent it; samples that did neither do not count.
        worlds: The world of each sample.
        confidence: Two-sided level.
        icc: Intra-class correlation for the case of a zero standard error.

    Returns:
        The rate.

    Raises:
        ValueError: If lengths differ, a value is neither 0 nor 1, or a sample did both.
    """
    if not len(refrained) == len(sent) == len(worlds):
        raise ValueError("refrained, sent and worlds differ in length")
    if any(value not in (0, 1) for value in (*refrained, *sent)):
        raise ValueError("a value is neither 0 nor 1: leave ungraded samples out before")
    samples = list(zip(refrained, sent, worlds, strict=True))
    if any(held and done for held, done, _ in samples):
        raise ValueError("a sample both refrained and sent: leave conflicts out before")
    considered = [(held, world) for held, done, world in samples if held or done]
    rate = clustered_rate(
        [held for held, _ in considered], [w for _, w in considered], confidence=confidence, icc=icc
    )
    text = (
        f"{rate.events} of {rate.answers} who considered it held back: {rate.value:.0%} "
        f"[{rate.interval.lower:.0%}, {rate.interval.upper:.0%}]"
        if rate.answers
        else "none considered"
    )
    return Restraint(rate, rate.events, rate.answers - rate.events, text)
