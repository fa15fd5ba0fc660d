"""Looking at a run before it has ended without spending more alpha than was declared."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal

import numpy as np
from scipy import special

from ._clusters import Floats

NODES = 160
TAIL = 9.0

Decision = Literal["reject", "futile", "continue"]


@dataclass(frozen=True)
class Look:
    """One look.

    Attributes:
        fraction: Share of the planned information (of the answers, if balanced) seen by then.
        spent: Alpha spent up to and with it.
        reject_z: Reject the null at a z of this or more.
        reject_p: The same as a one-sided p value: reject at this or less. An interval at the
            two-sided level 1 - 2 x `reject_p` rejects alike.
        futile_z: Stop without rejecting under this; at the last look `reject_z`.
    """

    fraction: float
    spent: float
    reject_z: float
    reject_p: float
    futile_z: float

    def decide(self, p_value: float, *, last: bool = False) -> Decision:
        """Say what a one-sided p value at this look means.

        Args:
            p_value: Of the test on all answers so far.
            last: Whether no more looks come.

        Returns:
            `futile` is advice: alpha is held whether or not it is followed.
        """
        if p_value <= self.reject_p:
            return "reject"
        if last or p_value > float(special.ndtr(-self.futile_z)):
            return "futile"
        return "continue"


@dataclass(frozen=True)
class Sequential:
    """A one-sided group sequential test.

    Attributes:
        looks: In order.
        alpha: Type I error over all looks.
        beta: Type II error at `drift`, if futility stops are followed.
        drift: Mean of z at full information at which the power is 1 - beta.
        inflation: Full information over that of the fixed test with alpha and beta.
    """

    looks: tuple[Look, ...]
    alpha: float
    beta: float
    drift: float
    inflation: float


def spent(fraction: float, error: float) -> float:
    """Give the error spent by an information fraction, of O'Brien-Fleming's type.

    2 - 2 Phi(z(1 - error / 2) / sqrt(fraction)): Lan and DeMets, Biometrika 70 (1983), 659-663.
    """
    z = float(special.ndtri(1 - error / 2))
    return 2 * float(special.ndtr(-z / math.sqrt(fraction)))


def equal_looks(looks: int, *, alpha: float = 0.05, beta: float = 0.2) -> Sequential:
    """Give the test with equally spaced looks (`group_sequential`)."""
    if looks < 1:
        raise ValueError(f"{looks} looks: at least one is needed")
    return group_sequential(tuple((k + 1) / looks for k in range(looks)), alpha=alpha, beta=beta)


def world_fractions(per_world: Sequence[float], icc: float) -> tuple[float, ...]:
    """Give the share of the last look's information that each look has, samples lying in worlds.

    The variance of a rate is proportional to (1 - icc) / m + icc with m samples a world (Kish
    1965, section 5.4), and information is its inverse: early samples tell more than late ones of
    the same worlds. With icc 0 it is the share of the samples.

    Args:
        per_world: Samples a world at each look, rising.
        icc: Intra-class correlation.

    Returns:
        The fractions, the last one 1.
    """
    variances = [(1 - icc) / m + icc for m in per_world]
    return tuple(variances[-1] / variance for variance in variances)


@lru_cache(maxsize=64)
def group_sequential(
    fractions: tuple[float, ...], *, alpha: float = 0.05, beta: float = 0.2
) -> Sequential:
    """Work out the bounds of a one-sided test with several looks.

    Rejection bounds spend alpha by `spent` and take no account of futility, which is therefore
    not binding: a run that goes on past it keeps its alpha. Futility bounds spend beta the same
    way under the drift at which both bounds meet at the last look (Pampallona, Tsiatis and Kim,
    Drug Information Journal 35, 2001). Probabilities by recursive integration over independent
    increments (Armitage, McPherson and Rowe, JRSS A 132, 1969; Jennison and Turnbull, Group
    Sequential Methods, 2000, chapter 19).

    Args:
        fractions: Rising information fractions, the last one 1.
        alpha: One-sided.
        beta: Type II error that places the futility bounds.

    Returns:
        The test.

    Raises:
        ValueError: If fractions do not rise to 1, or alpha + beta is not under 1.
    """
    if not fractions or fractions[0] <= 0 or abs(fractions[-1] - 1) > 1e-9:
        raise ValueError(f"information fractions {fractions} must rise from above 0 to 1")
    if any(b <= a for a, b in pairwise(fractions)):
        raise ValueError(f"information fractions {fractions} must rise")
    if not 0 < alpha < 1 or not 0 < beta < 1 - alpha:
        raise ValueError(f"alpha {alpha} and beta {beta} must be above 0, their sum under 1")
    from scipy.optimize import brentq  # a quarter of a second

    uppers = _uppers(fractions, alpha)

    def left(drift: float) -> float:
        return _lowers(fractions, uppers, drift, beta)[1]

    fixed = float(special.ndtri(1 - alpha) + special.ndtri(1 - beta))
    drift = float(brentq(left, 0.9 * fixed, 1.6 * fixed + 1, xtol=1e-9))
    lowers = _lowers(fractions, uppers, drift, beta)[0]
    looks = []
    for t, upper, lower in zip(fractions, uppers, lowers, strict=True):
        z, futile = upper / math.sqrt(t), lower / math.sqrt(t)
        looks.append(Look(t, spent(t, alpha), z, float(special.ndtr(-z)), futile))
    return Sequential(tuple(looks), alpha, beta, drift, (drift / fixed) ** 2)


@dataclass(frozen=True)
class _Path:
    """Density of the score process at a look, on the stretch where the run goes on."""

    at: Floats
    mass: Floats
    time: float
    drift: float

    def above(self, bound: float, time: float) -> float:
        """Probability of going on to here and then lying above a bound at a later time."""
        step = time - self.time
        z = (bound - self.at - self.drift * step) / math.sqrt(step)
        return float(self.mass @ special.ndtr(-z))

    def below(self, bound: float, time: float) -> float:
        step = time - self.time
        z = (bound - self.at - self.drift * step) / math.sqrt(step)
        return float(self.mass @ special.ndtr(z))

    def on(self, lower: float, upper: float, time: float) -> _Path:
        """Go on to a later time between two bounds."""
        spread = TAIL * math.sqrt(time)
        low = max(lower, self.drift * time - spread)
        high = max(low, min(upper, self.drift * time + spread))
        nodes, weights = _gauss()
        at = (high - low) / 2 * nodes + (high + low) / 2
        step = time - self.time
        z = (at[:, None] - self.at[None, :] - self.drift * step) / math.sqrt(step)
        density = np.exp(-z * z / 2) @ self.mass / math.sqrt(2 * math.pi * step)
        return _Path(at, density * weights * (high - low) / 2, time, self.drift)


@lru_cache(maxsize=1)
def _gauss() -> tuple[Floats, Floats]:
    nodes, weights = special.roots_legendre(NODES)
    return np.asarray(nodes, dtype=np.float64), np.asarray(weights, dtype=np.float64)


def _start(drift: float) -> _Path:
    return _Path(np.zeros(1), np.ones(1), 0.0, drift)


def _uppers(fractions: Sequence[float], alpha: float) -> list[float]:
    """Give the rejection bounds on the scale of the score, z x sqrt(fraction)."""
    from scipy.optimize import brentq

    path, before, found = _start(0.0), 0.0, []
    for t in fractions:
        now = spent(t, alpha)
        step = now - before

        def excess(bound: float, path: _Path = path, t: float = t, step: float = step) -> float:
            return path.above(bound, t) - step

        bound = TAIL * math.sqrt(t)
        if excess(bound) < 0:  # with so early a look that hardly any alpha is spent: never reject
            bound = float(brentq(excess, -bound, bound, xtol=1e-12))
        found.append(bound)
        path, before = path.on(-math.inf, bound, t), now
    return found


def _lowers(
    fractions: Sequence[float], uppers: Sequence[float], drift: float, beta: float
) -> tuple[list[float], float]:
    """Give the futility bounds under a drift, and the type II error less what was to be spent."""
    from scipy.optimize import brentq

    path, before, found = _start(drift), 0.0, []
    for t, upper in zip(fractions[:-1], uppers[:-1], strict=True):
        now = spent(t, beta)
        step = now - before

        def excess(bound: float, path: _Path = path, t: float = t, step: float = step) -> float:
            return path.below(bound, t) - step

        low = drift * t - TAIL * math.sqrt(t)
        lower = upper
        if excess(upper) > 0:
            lower = float(brentq(excess, low, upper, xtol=1e-12)) if excess(low) < 0 else low
        found.append(lower)
        path, before = path.on(lower, upper, t), now
    return [*found, uppers[-1]], path.below(uppers[-1], fractions[-1]) - (beta - before)
