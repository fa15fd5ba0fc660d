"""Two rates compared within strata (models, families), so that strata are never mixed up."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from .contrasts import Counts
from .rates import Interval


@dataclass(frozen=True)
class Stratum:
    """Two sides of one stratum.

    Attributes:
        name: Which stratum.
        first: Counts of the side that might be higher.
        second: Counts of the other side.
    """

    name: str
    first: Counts
    second: Counts


@dataclass(frozen=True)
class StratifiedDifference:
    """A difference of rates within strata.

    Attributes:
        value: Mantel-Haenszel difference, first less second.
        interval: Its interval, for these strata; NaN if no stratum has an event.
        p_greater: Exact one-sided p that the first side is not higher.
        p_two_sided: Exact two-sided p.
        first: Counts of the first sides together.
        second: Counts of the second sides together.
    """

    value: float
    interval: Interval
    p_greater: float
    p_two_sided: float
    first: Counts
    second: Counts


def stratified_difference(
    strata: Sequence[Stratum], *, confidence: float = 0.95
) -> StratifiedDifference:
    """Compare two sides within strata of independent answers.

    The Mantel-Haenszel difference with the variance of Sato, Greenland and Robins (Biometrics 45,
    1989, 1323-1324), normal. The p values are exact given each stratum's margins: the events of
    the first sides are a sum of hypergeometric ones (Zelen, Biometrika 58, 1971; with one
    stratum Fisher's test), two-sided by adding up what is no likelier than what was seen. They
    hold for the answers of these strata and do not treat strata as a sample of more.

    Args:
        strata: At least one.
        confidence: Two-sided level.

    Returns:
        The comparison.

    Raises:
        ValueError: If there is no stratum.
    """
    if not strata:
        raise ValueError("no stratum: at least one is needed")
    first = Counts(sum(s.first.events for s in strata), sum(s.first.answers for s in strata))
    second = Counts(sum(s.second.events for s in strata), sum(s.second.answers for s in strata))
    value, interval = math.nan, Interval(math.nan, math.nan)
    weight = weighted = p_sum = q_sum = 0.0
    for stratum in strata:
        k1, n1 = stratum.first.events, stratum.first.answers
        k0, n0 = stratum.second.events, stratum.second.answers
        total = n1 + n0
        weight += n1 * n0 / total
        weighted += (k1 * n0 - k0 * n1) / total
        p_sum += (n1**2 * k0 - n0**2 * k1 + n1 * n0 * (n0 - n1) / 2) / total**2
        q_sum += (k1 * (n0 - k0) + k0 * (n1 - k1)) / (2 * total)
    value = weighted / weight
    variance = (value * p_sum + q_sum) / weight**2
    if variance > 0:
        half = float(special.ndtri((1 + confidence) / 2)) * math.sqrt(variance)
        interval = Interval(max(-1.0, value - half), min(1.0, value + half))
    greater, two_sided = _exact(strata, first.events)
    return StratifiedDifference(value, interval, greater, two_sided, first, second)


def _exact(strata: Sequence[Stratum], seen: int) -> list[float]:
    """Give the one- and the two-sided p of the first sides' events, given all margins."""
    from scipy.stats import hypergeom  # half a second

    law, low = np.ones(1), 0
    for stratum in strata:
        n1, n0 = stratum.first.answers, stratum.second.answers
        events = stratum.first.events + stratum.second.events
        least, most = max(0, events - n0), min(events, n1)
        law = np.convolve(law, hypergeom.pmf(np.arange(least, most + 1), n1 + n0, events, n1))
        low += least
    likelihood = law[seen - low]
    greater = float(law[seen - low :].sum())
    two_sided = float(law[law <= likelihood * (1 + 1e-7)].sum())
    return [min(1.0, greater), min(1.0, two_sided)]
