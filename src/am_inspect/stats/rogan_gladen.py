"""A rate corrected by the grader's known sensitivity and specificity: a sensitivity analysis."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from ._clusters import ZERO_SE, between_se, cluster_index, cluster_sums, design_effect, t_quantile
from .grader_error import Status
from .rates import DEFAULT_ICC, Interval, clustered_rate


@dataclass(frozen=True)
class Calibration:
    """What a grader got right on cases of known truth.

    Attributes:
        true_positives: True events that it called events.
        positives: True events.
        true_negatives: True non-events that it called none.
        negatives: True non-events.

    Raises:
        ValueError: If a count is negative or larger than its total, or a total is 0.
    """

    true_positives: int
    positives: int
    true_negatives: int
    negatives: int

    def __post_init__(self) -> None:
        for right, total in (
            (self.true_positives, self.positives),
            (self.true_negatives, self.negatives),
        ):
            if total < 1 or not 0 <= right <= total:
                raise ValueError(f"{right} right of {total} cases is no calibration")

    @property
    def sensitivity(self) -> float:
        """Share of the true events that it found."""
        return self.true_positives / self.positives

    @property
    def specificity(self) -> float:
        """Share of the true non-events that it left alone."""
        return self.true_negatives / self.negatives


@dataclass(frozen=True)
class RoganGladen:
    """What the true rate would be if the calibration held for these samples.

    Attributes:
        value: Corrected rate; NaN if not identified.
        interval: Confidence interval, clipped to [0, 1]; [0, 1] if the grader is not shown to
            tell events from others at all.
        observed: Share of positive verdicts.
        raw: The formula's result before clipping; NaN if sensitivity + specificity = 1.
        status: `not_identified` where the formula leaves [0, 1], where sensitivity + specificity
            <= 1, or where the interval of their sum reaches 1.
    """

    value: float
    interval: Interval
    observed: float
    raw: float
    status: Status


def rogan_gladen(
    verdicts: Sequence[int],
    clusters: Sequence[Hashable],
    calibration: Calibration,
    *,
    confidence: float = 0.95,
    icc: float = DEFAULT_ICC,
) -> RoganGladen:
    """Correct a rate of verdicts for errors at the rates seen on the gold cases.

    The value is (p + Sp - 1) / (Se + Sp - 1) (Rogan and Gladen, American Journal of Epidemiology
    107, 1978). The interval is that of Lang and Reiczigel (Preventive Veterinary Medicine 113,
    2014), which shrinks p, Se and Sp before it adds up their variances, so that 0 events and a
    flawless calibration keep a width. Two changes for clusters: n is divided by the design
    effect that the clustered standard error shows (at least 1; 1 + (m - 1) x icc where that
    error is 0), and t with W - 1 degrees of freedom stands for the normal quantile.

    It assumes that errors on these samples are as frequent as on the gold cases. Prefer
    `corrected_rate`, which does not, wherever samples of the run itself were labelled.

    Args:
        verdicts: The grader's 0 or 1 on every sample.
        clusters: The world of each sample; at least two.
        calibration: Counts on the gold cases.
        confidence: Two-sided level, between 0 and 1.
        icc: Intra-class correlation for the case of a zero standard error.

    Returns:
        The corrected rate.

    Raises:
        ValueError: If a verdict is not 0 or 1, lengths differ, or there are fewer than two worlds.
    """
    rate = clustered_rate(verdicts, clusters, confidence=confidence, icc=icc)
    n, worlds, p = rate.answers, rate.clusters, rate.value
    if worlds < 2:
        raise ValueError(f"{worlds} worlds: at least two are needed")
    t = t_quantile(confidence, worlds - 1)
    deff = _design_effect(verdicts, clusters, icc)
    se, sp = calibration.sensitivity, calibration.specificity
    raw = (p + sp - 1) / (se + sp - 1) if not math.isclose(se + sp, 1) else math.nan
    se2 = (calibration.true_positives + 1) / (calibration.positives + 2)
    sp2 = (calibration.true_negatives + 1) / (calibration.negatives + 2)
    var_se = se2 * (1 - se2) / (calibration.positives + 2)
    var_sp = sp2 * (1 - sp2) / (calibration.negatives + 2)
    youden = se2 + sp2 - 1
    if se + sp <= 1 or youden <= t * math.sqrt(var_se + var_sp):
        return RoganGladen(math.nan, Interval(0.0, 1.0), p, raw, "not_identified")
    p2 = (n / deff * p + t * t / 2) / (n / deff + t * t)
    share = (p2 + sp2 - 1) / youden
    variance = p2 * (1 - p2) / (n / deff + t * t) + share**2 * var_se + (1 - share) ** 2 * var_sp
    centre = share + 2 * t * t * (share * var_se - (1 - share) * var_sp)
    half = t * math.sqrt(variance) / youden
    ends = Interval(min(1.0, max(0.0, centre - half)), max(0.0, min(1.0, centre + half)))
    if not 0 <= raw <= 1:
        return RoganGladen(math.nan, ends, p, raw, "not_identified")
    return RoganGladen(raw, ends, p, raw, "identified")


def _design_effect(verdicts: Sequence[int], clusters: Sequence[Hashable], icc: float) -> float:
    """Give the clustered variance of the share over that of independent answers."""
    x = np.asarray(verdicts, dtype=float)
    p = float(x.mean())
    se = between_se(cluster_sums((x - p) / len(x), cluster_index(clusters)))
    if se < ZERO_SE:
        return design_effect(len(x), len(set(map(str, clusters))), icc)
    return max(1.0, se**2 * len(x) / (p * (1 - p)))
