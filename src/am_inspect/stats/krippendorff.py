"""Agreement of any number of raters with gaps, and an interval that respects the worlds."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Sequence

import numpy as np

from ._clusters import ZERO_SE, t_quantile
from .agreement import UNKNOWN, Agreement
from .rates import Interval


def krippendorffs_alpha(
    ratings: Sequence[Sequence[Hashable | None]],
    clusters: Sequence[Hashable] | None = None,
    *,
    confidence: float = 0.95,
) -> Agreement:
    """Give Krippendorff's alpha for nominal verdicts, any number of raters, some missing.

    1 - (n - 1) x (sum over units of disagreeing pairs / (m_u - 1)) / (disagreeing pairs of all
    n pairable ratings): Krippendorff, Content Analysis (4th ed. 2019), chapter 12, nominal data.
    A unit with fewer than two ratings is left out. The interval leaves out one cluster at a time
    (jackknife: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 11), t with
    clusters - 1 degrees of freedom; simulated with 16 worlds of 6 units it covers 92% and more
    from a prevalence of .1 on, and only 78 to 89% at .03.

    Args:
        ratings: One row a unit, one place a rater; None is missing.
        clusters: The world of each unit; by default each unit is its own.
        confidence: Two-sided level.

    Returns:
        Alpha; not defined without a pair, or if one and the same verdict is used throughout.

    Raises:
        ValueError: If `clusters` is given and its length differs.
    """
    names = list(range(len(ratings))) if clusters is None else [str(c) for c in clusters]
    if len(names) != len(ratings):
        raise ValueError(f"{len(ratings)} units but {len(names)} clusters: one each is needed")
    units = [
        (name, counts)
        for name, row in zip(names, ratings, strict=True)
        if (counts := Counter(str(x) for x in row if x is not None)).total() > 1
    ]
    if not units:
        return Agreement(math.nan, UNKNOWN, math.nan, 0, "no unit was rated by two")
    value = _alpha([counts for _, counts in units])
    ratings_used = sum(counts.total() for _, counts in units)
    observed = 1 - sum(_disagreement(counts) for _, counts in units) / ratings_used
    if math.isnan(value):
        return Agreement(value, UNKNOWN, observed, len(units), "only one kind of verdict")
    worlds = sorted({name for name, _ in units}, key=str)
    left = np.asarray([_alpha([counts for name, counts in units if name != out]) for out in worlds])
    if len(worlds) < 2 or np.isnan(left).any():
        note = "without one cluster only one kind of verdict is left: no interval"
        return Agreement(value, UNKNOWN, observed, len(units), note)
    error = math.sqrt((len(worlds) - 1) / len(worlds) * float(((left - left.mean()) ** 2).sum()))
    if error < ZERO_SE:
        note = "no disagreement: no standard error"
        return Agreement(value, UNKNOWN, observed, len(units), note)
    half = t_quantile(confidence, len(worlds) - 1) * error
    ends = Interval(max(-1.0, value - half), min(1.0, value + half))
    return Agreement(value, ends, observed, len(units), "")


def _alpha(units: Sequence[Counter[str]]) -> float:
    """Give alpha of units with two or more ratings each; NaN if nothing can disagree."""
    totals: Counter[str] = Counter()
    for counts in units:
        totals.update(counts)
    n = totals.total()
    expected = n * n - sum(count * count for count in totals.values())
    if expected == 0:
        return math.nan
    return 1 - (n - 1) * sum(map(_disagreement, units)) / expected


def _disagreement(counts: Counter[str]) -> float:
    """Give the disagreeing ordered pairs of a unit over its ratings less one."""
    m = counts.total()
    return (m * m - sum(count * count for count in counts.values())) / (m - 1)
