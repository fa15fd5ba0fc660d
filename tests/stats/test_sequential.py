"""Known bounds of the sequential test, and its errors by simulation."""

import numpy as np
import pytest
from scipy import special

from am_inspect.stats import equal_looks, group_sequential, spent


@pytest.mark.parametrize(
    ("looks", "bounds"),
    # Lan-DeMets' bounds of O'Brien-Fleming's type at one-sided .025, as tabulated with the
    # programs of Reboussin, DeMets, Kim and Lan (Controlled Clinical Trials 21, 2000).
    [
        (1, (1.9600,)),
        (2, (2.9626, 1.9686)),
        (3, (3.7103, 2.5114, 1.9930)),
        (4, (4.3326, 2.9631, 2.3590, 2.0141)),
        (5, (4.8769, 3.3569, 2.6803, 2.2898, 2.0310)),
    ],
)
def test_bounds_equal_the_published_ones(looks, bounds):
    found = equal_looks(looks, alpha=0.025, beta=0.1).looks
    assert [look.reject_z for look in found] == pytest.approx(bounds, abs=1.5e-4)
    assert found[-1].spent == pytest.approx(0.025)
    assert found[-1].futile_z == pytest.approx(found[-1].reject_z)


def test_spending_by_hand():
    # z(1 - .0125) = 2.2414; over sqrt(.2) 5.0119; 2 x (1 - Phi) = 5.39e-7; over sqrt(.5) 3.1698.
    assert spent(0.5, 0.025) == pytest.approx(2 * special.ndtr(-3.16982), rel=1e-3)
    assert spent(1.0, 0.05) == pytest.approx(0.05)


def test_one_look_is_the_fixed_test():
    found = equal_looks(1, alpha=0.05, beta=0.2)
    assert found.drift == pytest.approx(1.644854 + 0.841621, abs=1e-5)
    assert found.inflation == pytest.approx(1)


def test_a_very_early_look_spends_nothing():
    found = group_sequential((0.005, 1.0), alpha=0.05).looks
    assert found[0].reject_p < 1e-15
    assert found[1].reject_z == pytest.approx(1.6449, abs=1e-3)


def test_what_a_look_decides():
    first, *_, last = equal_looks(4).looks
    assert first.decide(1e-9) == "reject"
    assert first.decide(0.2) == "continue"
    assert first.decide(0.9999) == "futile"
    assert last.decide(0.06, last=True) == "futile"
    assert last.decide(last.reject_p, last=True) == "reject"


@pytest.mark.parametrize("fractions", [(), (0.5,), (0.5, 0.4, 1.0), (0.0, 1.0)])
def test_fractions_rise_to_one(fractions):
    with pytest.raises(ValueError, match="must rise"):
        group_sequential(fractions)


def test_other_wrong_input():
    with pytest.raises(ValueError, match="at least one"):
        equal_looks(0)
    with pytest.raises(ValueError, match="sum under 1"):
        equal_looks(2, alpha=0.5, beta=0.6)


def simulated(design, drift, runs, seed, *, binding=True):
    """Share that rejects, and mean information used; paths by independent increments."""
    rng = np.random.default_rng(seed)
    times = np.asarray([look.fraction for look in design.looks])
    steps = np.diff(times, prepend=0)
    walk = np.cumsum(rng.normal(drift * steps, np.sqrt(steps), (runs, len(steps))), axis=1)
    z = walk / np.sqrt(times)
    going, rejected, used = np.ones(runs, bool), np.zeros(runs, bool), np.ones(runs)
    for k, look in enumerate(design.looks):
        over = going & (z[:, k] >= look.reject_z)
        under = going & ~over & (z[:, k] < look.futile_z) & binding
        rejected |= over
        used[over | under] = look.fraction
        going &= ~(over | under)
    return rejected.mean(), used.mean()


def test_errors_small():
    design = equal_looks(4, alpha=0.05, beta=0.2)
    assert simulated(design, 0, 40_000, 1, binding=False)[0] == pytest.approx(0.05, abs=0.004)
    assert simulated(design, 0, 40_000, 1)[0] <= 0.05
    power, used = simulated(design, design.drift, 40_000, 2)
    assert power == pytest.approx(0.8, abs=0.008)
    assert used < 0.85


@pytest.mark.verify
def test_errors_full_size(show):
    lines = ["one-sided .05, power .8, a million paths: type I ignoring and following futility,"]
    lines.append("power at the drift, expected information at null, drift and twice the drift,")
    lines.append("and full information over the fixed test's")
    for looks in (2, 3, 4, 5, 10):
        design = equal_looks(looks)
        runs = 1_000_000
        ignored = simulated(design, 0, runs, 1, binding=False)[0]
        null = simulated(design, 0, runs, 1)
        there = simulated(design, design.drift, runs, 2)
        clear = simulated(design, 2 * design.drift, runs, 3)
        lines.append(
            f"{looks:2}  {ignored:.4f} {null[0]:.4f}  {there[0]:.4f}  "
            f"{null[1]:.2f} {there[1]:.2f} {clear[1]:.2f}  {design.inflation:.3f}"
        )
        assert ignored == pytest.approx(0.05, abs=0.0008)
        assert null[0] <= 0.0505
        assert there[0] == pytest.approx(0.8, abs=0.0015)
    show(lines)
