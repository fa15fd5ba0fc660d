"""Rates of rare yes/no outcomes and their intervals, with the world as the cluster."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import special

DEFAULT_ICC = 0.1
"""Correlation of two answers of one world that is assumed where none can be estimated."""

FEW_WORLDS = 8
"""Under this many worlds a clustered interval is printed with a warning."""

Method = Literal["clustered_t", "clopper_pearson_deff", "one_cluster", "none"]


@dataclass(frozen=True)
class Interval:
    """A confidence interval for a share; both ends lie in [0, 1], or are NaN if nothing is known.

    Attributes:
        lower: Lower end.
        upper: Upper end.
    """

    lower: float
    upper: float


@dataclass(frozen=True)
class Rate:
    """A share with its denominator and its interval.

    Attributes:
        events: How many of the answers are events (k).
        answers: How many answers there are (n).
        clusters: How many worlds they come from.
        value: k / n; NaN if n is 0.
        interval: Confidence interval.
        method: `clustered_t`; `clopper_pearson_deff` where the clustered standard error is 0;
            `one_cluster` (Wilson, says nothing beyond this one prompt); `none` if n is 0.
    """

    events: int
    answers: int
    clusters: int
    value: float
    interval: Interval
    method: Method


def clustered_rate(
    values: Sequence[int],
    clusters: Sequence[Hashable],
    *,
    confidence: float = 0.95,
    icc: float = DEFAULT_ICC,
) -> Rate:
    """Estimate a rate with a two-sided interval that respects the clusters.

    The rate is the ratio estimator k / n. With W clusters of n_w answers and k_w events its
    variance is W / (W - 1) x sum((k_w - p n_w)^2) / n^2, and the interval is p -+ t(W - 1) x
    SE, clipped to [0, 1] (Cochran, Sampling Techniques, 3rd ed. 1977, section 3.12, without
    finite population correction; the same as a cluster-robust intercept with the factor
    W / (W - 1)). Where that standard error is 0 (no event, only events, or the same share in
    every world) it says nothing, so the interval is Clopper-Pearson with n and k divided by
    the design effect 1 + (m - 1) x icc, m answers a world (Kish, Survey Sampling, 1965,
    section 5.4). With a single cluster: Wilson, which holds for this one prompt only.

    Args:
        values: 0 or 1, one an answer; missing ones are left out before.
        clusters: The cluster of each answer.
        confidence: Two-sided level, between 0 and 1.
        icc: Intra-class correlation for the case of a zero standard error.

    Returns:
        The rate; its value and interval are NaN if there are no answers.

    Raises:
        ValueError: If lengths differ or a value is neither 0 nor 1.
    """
    if len(values) != len(clusters):
        raise ValueError(f"{len(values)} values but {len(clusters)} clusters: one each is needed")
    if any(value not in (0, 1) for value in values):
        raise ValueError("a value is neither 0 nor 1: leave missing answers out before")
    n, k = len(values), int(sum(values))
    _, index = np.unique(np.asarray([str(c) for c in clusters], dtype=str), return_inverse=True)
    worlds = int(index.max()) + 1 if n else 0
    if n == 0:
        return Rate(0, 0, 0, math.nan, Interval(math.nan, math.nan), "none")
    p = k / n
    if worlds == 1:
        return Rate(k, n, 1, p, wilson(k, n, confidence=confidence), "one_cluster")
    totals = np.bincount(index, minlength=worlds)
    events = np.bincount(index, weights=np.asarray(values, dtype=float), minlength=worlds)
    residuals = events - p * totals
    se = math.sqrt(worlds / (worlds - 1) * float(residuals @ residuals)) / n
    if se < 1e-12:
        deff = max(1.0, 1 + (n / worlds - 1) * icc)
        exact = clopper_pearson(k / deff, n / deff, confidence=confidence)
        return Rate(k, n, worlds, p, exact, "clopper_pearson_deff")
    half = float(special.stdtrit(worlds - 1, (1 + confidence) / 2)) * se
    return Rate(k, n, worlds, p, Interval(max(0.0, p - half), min(1.0, p + half)), "clustered_t")


def leave_one_out(values: Sequence[int], clusters: Sequence[Hashable]) -> Interval:
    """Give the lowest and highest rate that remain when one cluster is left out.

    Args:
        values: 0 or 1, one an answer.
        clusters: The cluster of each answer.

    Returns:
        The range; NaN with fewer than two clusters.
    """
    rates = []
    for left_out in sorted(set(clusters), key=str):
        kept = [value for value, c in zip(values, clusters, strict=True) if c != left_out]
        if kept:
            rates.append(sum(kept) / len(kept))
    if len(rates) < 2:
        return Interval(math.nan, math.nan)
    return Interval(min(rates), max(rates))


def bounds_of_missing(events: int, answers: int, missing: int) -> Interval:
    """Bound the rate over all planned samples: every missing one a no, every one a yes.

    Args:
        events: Events among the answers.
        answers: Answers.
        missing: Planned samples that gave no answer.

    Returns:
        The bounds; NaN if nothing was planned.
    """
    planned = answers + missing
    if planned == 0:
        return Interval(math.nan, math.nan)
    return Interval(events / planned, (events + missing) / planned)


def clopper_pearson(events: float, answers: float, *, confidence: float = 0.95) -> Interval:
    """Give the exact interval of Clopper and Pearson (Biometrika 26, 1934), by statsmodels.

    Args:
        events: Number of events; need not be whole, since a design effect may divide it.
        answers: Number of answers, likewise.
        confidence: Two-sided level.

    Returns:
        The interval.

    Raises:
        ValueError: If not 0 <= events <= answers or answers is 0.
    """
    return _confint(events, answers, confidence, "beta")


def wilson(events: int, answers: int, *, confidence: float = 0.95) -> Interval:
    """Give the score interval of Wilson (JASA 22, 1927), for independent answers, by statsmodels.

    Args:
        events: Number of events.
        answers: Number of answers.
        confidence: Two-sided level.

    Returns:
        The interval.

    Raises:
        ValueError: If not 0 <= events <= answers or answers is 0.
    """
    return _confint(events, answers, confidence, "wilson")


def _confint(
    events: float, answers: float, confidence: float, method: Literal["beta", "wilson"]
) -> Interval:
    # Imported here because it costs over a second, and every `inspect eval` loads this module.
    from statsmodels.stats.proportion import proportion_confint

    if answers <= 0 or not 0 <= events <= answers:
        raise ValueError(f"{events:g} events of {answers:g} answers is not a share")
    lower, upper = proportion_confint(events, answers, alpha=1 - confidence, method=method)
    return Interval(max(0.0, float(lower)), min(1.0, float(upper)))
