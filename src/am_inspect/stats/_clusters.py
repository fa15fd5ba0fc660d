"""Sums by cluster and the standard error that they carry."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]

ZERO_SE = 1e-12
"""A standard error under this is rounding and says nothing."""


def cluster_index(clusters: Sequence[Hashable]) -> NDArray[np.int64]:
    """Number the clusters 0, 1, ... in the order of their printed names.

    Args:
        clusters: The cluster of each answer.

    Returns:
        The number of each answer's cluster.
    """
    _, index = np.unique(np.asarray([str(c) for c in clusters], dtype=str), return_inverse=True)
    return np.asarray(index, dtype=np.int64)


def cluster_sums(values: Floats, index: NDArray[np.int64]) -> Floats:
    """Add up the values of each cluster, in the order of `cluster_index`."""
    return np.bincount(index, weights=values).astype(np.float64)


def between_se(residuals: Floats) -> float:
    """Give the standard error of a sum over clusters from its linearized cluster totals.

    sqrt(W / (W - 1) x sum of squares): Binder, International Statistical Review 51 (1983), with
    the factor of Cochran, Sampling Techniques (3rd ed. 1977), section 3.12.

    Args:
        residuals: One total a cluster; they add up to about 0.

    Returns:
        The standard error; NaN with fewer than two clusters.
    """
    worlds = len(residuals)
    if worlds < 2:
        return math.nan
    return math.sqrt(worlds / (worlds - 1) * float(residuals @ residuals))


def t_quantile(confidence: float, df: float) -> float:
    """Give the two-sided quantile of Student's t with `df` degrees of freedom."""
    return float(special.stdtrit(df, (1 + confidence) / 2))


def average_size(sizes: Floats) -> float:
    """Give the size of a group that stands for groups of unlike size (Donner 1986)."""
    total = float(sizes.sum())
    return (total - float(sizes @ sizes) / total) / (len(sizes) - 1)


def anova_icc(between: float, within: float, size: float) -> float:
    """Give the intra-class correlation of two mean squares (Donner 1986); under 0 as it comes."""
    return (between - within) / (between + (size - 1) * within)


def design_effect(answers: float, worlds: float, icc: float) -> float:
    """Give 1 + (m - 1) x icc, m answers a world, and never under 1 (Kish 1965, section 5.4)."""
    return max(1.0, 1 + (answers / worlds - 1) * icc)
