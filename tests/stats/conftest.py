"""Draws that several simulations share."""

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pytest

RATES = (0.0, 0.01, 0.03, 0.28)
ICCS = (0.0, 0.1, 0.3)
WORLDS, VARIANTS, EPOCHS = 16, 2, 3


def beta(rng, rate, icc, size):
    """Rates of `size` worlds with mean `rate` and intra-class correlation `icc`."""
    if icc == 0 or rate in (0, 1):
        return np.full(size, rate)
    scale = (1 - icc) / icc
    return rng.beta(rate * scale, (1 - rate) * scale, size)


@dataclass(frozen=True)
class Truth:
    """One simulated run: an event or none, and the world of each sample."""

    events: np.ndarray
    worlds: np.ndarray


def draw(rng, rate, icc, *, worlds=WORLDS, per_world=VARIANTS * EPOCHS):
    """Draw one run of beta-binomial worlds."""
    shares = np.repeat(beta(rng, rate, icc, worlds), per_world)
    events = (rng.random(worlds * per_world) < shares).astype(int)
    return Truth(events, np.repeat(np.arange(worlds), per_world))


def verdicts_of(rng, events, *, sensitivity, specificity):
    """A grader that errs at fixed rates."""
    chance = np.where(events == 1, sensitivity, 1 - specificity)
    return (rng.random(len(events)) < chance).astype(int)


@pytest.fixture
def sim():
    """The draws above, since a test file cannot import another one."""
    return SimpleNamespace(beta=beta, draw=draw, verdicts_of=verdicts_of, rates=RATES, iccs=ICCS)
