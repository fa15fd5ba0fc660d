"""A grader's verdicts against the truth: the table and what it gives."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .rates import Interval, wilson


@dataclass(frozen=True)
class Share:
    """A share of counts; no worlds, no clusters.

    Attributes:
        events: How many.
        of: Of how many.
        value: events / of; NaN if there are none.
        interval: Wilson's, for independent cases; NaN if there are none.
    """

    events: int
    of: int
    value: float
    interval: Interval


@dataclass(frozen=True)
class Confusion:
    """Verdicts against truths, counted.

    Attributes:
        true_positives: Events called events.
        false_positives: Non-events called events.
        false_negatives: Events called none.
        true_negatives: Non-events called none.
        confidence: Two-sided level of the intervals.
    """

    true_positives: int
    false_positives: int
    false_negatives: int
    true_negatives: int
    confidence: float = 0.95

    @property
    def sensitivity(self) -> Share:
        """Share of the events that were found (recall)."""
        return self._share(self.true_positives, self.true_positives + self.false_negatives)

    @property
    def specificity(self) -> Share:
        """Share of the non-events that were left alone."""
        return self._share(self.true_negatives, self.true_negatives + self.false_positives)

    @property
    def precision(self) -> Share:
        """Share of the positive verdicts that are events; it depends on how rare events are."""
        return self._share(self.true_positives, self.true_positives + self.false_positives)

    @property
    def accuracy(self) -> Share:
        """Share of right verdicts; high for any grader that says no where events are rare."""
        right = self.true_positives + self.true_negatives
        return self._share(right, right + self.false_positives + self.false_negatives)

    @property
    def f1(self) -> float:
        """2 TP / (2 TP + FP + FN), the harmonic mean of precision and recall.

        van Rijsbergen, Information Retrieval (2nd ed. 1979), chapter 7. NaN where there is
        neither an event nor a positive verdict.
        """
        either = 2 * self.true_positives + self.false_positives + self.false_negatives
        return 2 * self.true_positives / either if either else math.nan

    def _share(self, events: int, of: int) -> Share:
        if of == 0:
            return Share(0, 0, math.nan, Interval(math.nan, math.nan))
        return Share(events, of, events / of, wilson(events, of, confidence=self.confidence))


def confusion(
    verdicts: Sequence[int], truths: Sequence[int], *, confidence: float = 0.95
) -> Confusion:
    """Count verdicts against truths.

    Sensitivity and specificity carry Wilson intervals for independent cases (JASA 22, 1927).
    They hold for a whole run only if the cases were drawn from it evenly; cases drawn by verdict
    give precision, and need `corrected_rate` for more.

    Args:
        verdicts: The grader's 0 or 1.
        truths: The true 0 or 1 of the same cases.
        confidence: Two-sided level.

    Returns:
        The counts.

    Raises:
        ValueError: If lengths differ or a value is neither 0 nor 1.
    """
    if len(verdicts) != len(truths):
        raise ValueError(f"{len(verdicts)} verdicts against {len(truths)} truths")
    if any(value not in (0, 1) for value in (*verdicts, *truths)):
        raise ValueError("a verdict or truth is neither 0 nor 1: leave missing ones out before")
    pairs = list(zip(verdicts, truths, strict=True))
    return Confusion(
        pairs.count((1, 1)), pairs.count((1, 0)), pairs.count((0, 1)), pairs.count((0, 0)),
        confidence,
    )  # fmt: skip
