"""The score statistic of Miettinen and Nurminen for two rates, and the intervals it gives."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from ._clusters import Floats
from .rates import Interval

# statsmodels' `confint_proportions_2indep(method="score")` fails or warns where a cell is 0, which
# is the usual case here (0.15: 9/10 against 3/10 raises), and misses the published table.

EDGE = 1e-10


def score_z_difference(
    k1: ArrayLike, n1: ArrayLike, k2: ArrayLike, n2: ArrayLike, delta: float
) -> Floats:
    """Give the score statistic of "rate 1 less rate 2 is delta".

    Rates under the null are the closed-form maximum likelihood ones, variance times N / (N - 1):
    Miettinen and Nurminen, Statistics in Medicine 4 (1985), 213-226, equation 8 and appendix 1.
    Large values speak for a larger difference.

    Args:
        k1: Events of the first side; all counts may be arrays.
        n1: Answers of the first side.
        k2: Events of the second.
        n2: Answers of the second.
        delta: Difference under the null, within [-1, 1].

    Returns:
        z; +-infinity where the null is impossible, 0 where it fits exactly.
    """
    x1, m1, x2, m2 = (np.asarray(v, dtype=float) for v in (k1, n1, k2, n2))
    total, events = m1 + m2, x1 + x2
    a = ((m1 + 2 * m2) * delta - total - events) / total
    b = ((m2 * delta - total - 2 * x2) * delta + events) / total
    c = x2 * delta * (1 - delta) / total
    q = (a / 3) ** 3 - a * b / 6 + c / 2
    p = np.where(q >= 0, 1.0, -1.0) * np.sqrt(np.maximum(0.0, (a / 3) ** 2 - b / 3))
    with np.errstate(divide="ignore", invalid="ignore"):
        angle = np.where(p == 0, 0.0, np.clip(q / p**3, -1, 1))
    second = 2 * p * np.cos((math.pi + np.arccos(angle)) / 3) - a / 3
    second = np.clip(second, max(0.0, -delta), min(1.0, 1 - delta))
    first = np.clip(second + delta, 0, 1)
    variance = (first * (1 - first) / m1 + second * (1 - second) / m2) * total / (total - 1)
    return _z(x1 / m1 - x2 / m2 - delta, variance)


def score_z_ratio(
    k1: ArrayLike, n1: ArrayLike, k2: ArrayLike, n2: ArrayLike, ratio: float
) -> Floats:
    """Give the score statistic of "rate 1 is `ratio` times rate 2" (the same paper, equation 10).

    Args:
        k1: Events of the first side; all counts may be arrays.
        n1: Answers of the first side.
        k2: Events of the second.
        n2: Answers of the second.
        ratio: Ratio under the null, above 0.

    Returns:
        z, as for the difference.
    """
    x1, m1, x2, m2 = (np.asarray(v, dtype=float) for v in (k1, n1, k2, n2))
    total, events = m1 + m2, x1 + x2
    a, b = ratio * total, -(ratio * (m1 + x2) + x1 + m2)
    root = np.sqrt(np.maximum(0.0, b * b - 4 * a * events))
    second = np.clip((-b - root) / (2 * a), 0, min(1.0, 1 / ratio))
    first = np.clip(ratio * second, 0, 1)
    variance = first * (1 - first) / m1 + ratio**2 * second * (1 - second) / m2
    return _z(x1 / m1 - ratio * x2 / m2, variance * total / (total - 1))


def score_interval_difference(
    k1: float, n1: float, k2: float, n2: float, confidence: float
) -> Interval:
    """Give the differences that the score test does not reject at the two-sided level."""

    def z(delta: float) -> float:
        return float(score_z_difference(k1, n1, k2, n2, delta))

    return Interval(
        _crossing(z, confidence, -1 + EDGE, 1 - EDGE, -1.0, upper=False),
        _crossing(z, confidence, -1 + EDGE, 1 - EDGE, 1.0, upper=True),
    )


def score_interval_ratio(k1: int, n1: int, k2: int, n2: int, confidence: float) -> Interval:
    """Give the ratios that the score test does not reject at the two-sided level."""

    def z(log_ratio: float) -> float:
        return float(score_z_ratio(k1, n1, k2, n2, math.exp(log_ratio)))

    lower = _crossing(z, confidence, -25.0, 25.0, -math.inf, upper=False)
    upper = _crossing(z, confidence, -25.0, 25.0, math.inf, upper=True)
    return Interval(math.exp(lower), math.exp(upper))


def _z(distance: Floats, variance: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        z = distance / np.sqrt(variance)
    exact = np.where(np.abs(distance) < 1e-12, 0.0, np.copysign(np.inf, distance))
    return np.asarray(np.where(variance <= 1e-300, exact, z), dtype=np.float64)


def _crossing(
    z: Callable[[float], float],
    confidence: float,
    low: float,
    high: float,
    end: float,
    *,
    upper: bool,
) -> float:
    """Find where the falling statistic passes the critical value; `end` if it never does."""
    from scipy.optimize import brentq  # a quarter of a second

    critical = float(special.ndtri((1 + confidence) / 2)) * (-1 if upper else 1)

    def beyond(x: float) -> float:
        return max(-1e6, min(1e6, z(x))) - critical

    if beyond(low) <= 0:
        return end if not upper else low
    if beyond(high) >= 0:
        return end if upper else high
    return float(brentq(beyond, low, high, xtol=1e-12))
