"""A rate from many grader verdicts and few human labels: the grader's errors corrected."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ._clusters import (
    ZERO_SE,
    Floats,
    between_se,
    cluster_index,
    cluster_sums,
    design_effect,
    t_quantile,
)
from .rates import DEFAULT_ICC, Interval, clopper_pearson

Status = Literal["identified", "not_identified"]


@dataclass(frozen=True)
class CorrectedRate:
    """A rate by human labels, estimated with the help of a grader.

    Attributes:
        value: Estimated share of events; may lie a little outside [0, 1], as the weights fall.
        interval: Confidence interval, clipped to [0, 1].
        standard_error: Clustered standard error: worlds and the draw of the labels together.
        label_error: The part that comes from the draw of the labels alone, a standard error.
        graded: How many samples have a verdict.
        labelled: How many of them have a label too.
        disagreements: Labelled samples on which label and verdict differ.
        unseen_positive: Largest share of all samples that may be events which the grader missed,
            beyond what the standard error holds; 0 if such a miss was found among the labels.
        unseen_negative: The same for false alarms.
        status: `not_identified` without any label, or with one world.
    """

    value: float
    interval: Interval
    standard_error: float
    label_error: float
    graded: int
    labelled: int
    disagreements: int
    unseen_positive: float
    unseen_negative: float
    status: Status


def corrected_rate(
    verdicts: Sequence[int],
    labels: Sequence[int | None],
    inclusion: Sequence[float],
    clusters: Sequence[Hashable],
    *,
    confidence: float = 0.95,
    icc: float = DEFAULT_ICC,
) -> CorrectedRate:
    """Estimate a rate by labels from verdicts on all samples and labels on a random part.

    Each sample gets z = verdict + (label - verdict) / inclusion if it is labelled, z = verdict
    if not; the rate is the mean of z (the difference estimator: Saerndal, Swensson and Wretman,
    Model Assisted Survey Sampling, 1992, section 6.3; as prediction-powered inference:
    Angelopoulos et al., Science 382, 2023). It is unbiased however bad the grader, given the
    inclusion probabilities. Its variance is that of z by world, t with W - 1 degrees of
    freedom: it holds the draw of the worlds, of the answers and of the labels.

    That variance sees no error that no label has shown. Where labels of positive or of negative
    verdicts show none and some of these verdicts are unlabelled, the share that may yet be wrong
    is bounded by Clopper-Pearson at 0 of the labels' effective number (sum w)^2 / sum w^2, over
    the design effect 1 + (m - 1) x icc; labels that were certain say nothing about the rest and
    do not count. The bound is joined to the interval's end by root of sum of squares (MOVER:
    Zou and Donner, Statistics in Medicine 27, 2008). Where the clustered error itself is 0 (no
    event at all), its place is taken by Clopper-Pearson of all samples over the design effect,
    as in `clustered_rate`.

    Args:
        verdicts: The grader's 0 or 1 on every sample.
        labels: The human 0 or 1, or None where there is no label.
        inclusion: Probability, known beforehand, that the sample is drawn for labelling; above 0
            for every sample, labelled or not.
        clusters: The world of each sample.
        confidence: Two-sided level, between 0 and 1.
        icc: Intra-class correlation in the design effects.

    Returns:
        The estimate.

    Raises:
        ValueError: If lengths differ, a verdict or label is not 0 or 1, an inclusion is outside
            (0, 1], or a sample that was certain to be labelled has no label.
    """
    _check(verdicts, labels, inclusion, clusters)
    n = len(verdicts)
    f = np.asarray(verdicts, dtype=float)
    known = np.asarray([label is not None for label in labels], dtype=bool)
    y = np.asarray([0 if label is None else label for label in labels], dtype=float)
    chance = np.asarray(inclusion, dtype=float)
    index = cluster_index(clusters)
    worlds = int(index.max()) + 1 if n else 0
    labelled, wrong = int(known.sum()), known & (y != f)
    if labelled == 0 or worlds < 2:
        unknown = Interval(0.0, 1.0)
        return CorrectedRate(
            math.nan, unknown, math.nan, math.nan, n, labelled, int(wrong.sum()), 1, 1,
            "not_identified",
        )  # fmt: skip
    z = f + np.where(known, (y - f) / chance, 0.0)
    value = float(z.mean())
    se = between_se(cluster_sums((z - value) / n, index))
    below = above = t_quantile(confidence, worlds - 1) * se
    if se < ZERO_SE:
        deff = design_effect(n, worlds, icc)
        exact = clopper_pearson(value * n / deff, n / deff, confidence=confidence)
        below, above = value - exact.lower, exact.upper - value
    missed, false = (
        0.0 if wrong[f == verdict].any()
        else _unseen(f == verdict, known, chance, index, confidence, icc)
        for verdict in (0, 1)
    )  # fmt: skip
    ends = Interval(
        min(1.0, max(0.0, value - math.hypot(below, false))),
        min(1.0, max(0.0, value + math.hypot(above, missed))),
    )
    # Horvitz-Thompson variance of independent draws, estimated from the drawn ones.
    draw = float((known * (1 - chance) * ((y - f) / chance) ** 2).sum())
    return CorrectedRate(
        value, ends, se, math.sqrt(draw) / n, n, labelled, int(wrong.sum()), missed, false,
        "identified",
    )  # fmt: skip


def _unseen(
    of_verdict: NDArray[np.bool_],
    known: NDArray[np.bool_],
    chance: Floats,
    index: NDArray[np.int64],
    confidence: float,
    icc: float,
) -> float:
    """Bound the share of all samples that are unlabelled and wrong, when no label is wrong."""
    unlabelled = float((of_verdict & ~known).sum()) / len(known)
    drawn = of_verdict & known & (chance < 1)
    if unlabelled == 0 or not drawn.any():
        return unlabelled
    weights = 1 / chance[drawn]
    effective = float(weights.sum() ** 2 / (weights @ weights))
    deff = design_effect(effective, len(np.unique(index[drawn])), icc)
    return unlabelled * clopper_pearson(0, effective / deff, confidence=confidence).upper


def _check(
    verdicts: Sequence[int],
    labels: Sequence[int | None],
    inclusion: Sequence[float],
    clusters: Sequence[Hashable],
) -> None:
    if not len(verdicts) == len(labels) == len(inclusion) == len(clusters):
        raise ValueError("verdicts, labels, inclusion and clusters differ in length")
    if any(value not in (0, 1) for value in verdicts):
        raise ValueError("a verdict is neither 0 nor 1: leave ungraded samples out before")
    if any(label not in (0, 1, None) for label in labels):
        raise ValueError("a label is neither 0 nor 1 nor None")
    if not all(0 < chance <= 1 for chance in inclusion):
        raise ValueError("an inclusion probability is not in (0, 1]: each needs a chance")
    if any(c == 1 and label is None for c, label in zip(inclusion, labels, strict=True)):
        raise ValueError("a sample with inclusion probability 1 has no label")
