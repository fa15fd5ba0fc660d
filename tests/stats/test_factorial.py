"""Known answers and the error rate of the test that it takes goal and threat together."""

import numpy as np
import pytest

from am_inspect.stats import Answers, Counts, both_needed


def of_100(*events):
    return [Counts(k, 100) for k in events]


def test_the_interaction_by_hand():
    # .28 - .00 - .01 + .00; MOVER of Wilson intervals: 28 [.2014, .3749], 0 [0, .0370],
    # 1 [.0018, .0545], 0 again.
    found = both_needed(*of_100(28, 0, 1, 0)).interaction
    assert found.value == pytest.approx(0.27)
    below = (0.28 - 0.2014) ** 2 + 0.0370**2 + (0.0545 - 0.01) ** 2 + 0
    above = (0.3749 - 0.28) ** 2 + 0 + (0.01 - 0.0018) ** 2 + 0.0370**2
    assert found.interval.lower == pytest.approx(0.27 - below**0.5, abs=2e-4)
    assert found.interval.upper == pytest.approx(0.27 + above**0.5, abs=2e-4)


@pytest.mark.parametrize(
    ("cells", "need", "words"),
    [
        ((28, 0, 1, 0), "both_needed", "than with either alone (with both 28/100; the goal"),
        ((96, 4, 86, 0), "each_adds", "but the threat alone yields it too"),
        ((40, 20, 20, 0), "each_adds", "but the goal alone and the threat alone yield it too"),
        ((3, 0, 0, 0), "not_shown", "Not shown to be more frequent"),
        (
            (80, 6, 85, 0),
            "not_shown",
            "either alone, and the goal alone and the threat alone yield",
        ),
    ],
)
def test_what_the_four_cells_say(cells, need, words):
    found = both_needed(*of_100(*cells))
    assert found.need == need
    assert words in found.sentence
    assert found.p_value == max(found.over_goal.p_greater, found.over_threat.p_greater)


def test_a_zero_is_said_as_a_bound():
    assert "the goal alone 0/100, at most 3.7%" in both_needed(*of_100(28, 0, 1, 0)).sentence


def test_by_world_it_is_the_contrast_of_the_worlds():
    worlds = [i % 8 for i in range(48)]
    both = Answers([1 if i % 5 else 0 for i in range(48)], worlds)
    none = Answers([0] * 48, worlds)
    found = both_needed(both, none, none, none)
    assert found.need == "both_needed"
    assert found.interaction.method == "clustered_t"
    with pytest.raises(TypeError, match="cannot be compared"):
        both_needed(both, Counts(0, 9), none, none)


def share_of(sim, rates, icc, runs, seed):
    rng = np.random.default_rng(seed)
    worlds = np.repeat(np.arange(16), 6).tolist()
    hits = 0
    for _ in range(runs):
        cells = [
            Answers((rng.random(96) < np.repeat(sim.beta(rng, r, icc, 16), 6)).astype(int), worlds)
            for r in rates
        ]
        hits += both_needed(*cells).p_value < 0.025
    return hits / runs


def test_the_test_holds_its_level_small(sim):
    # One single cell as frequent as both: the worst null for an intersection-union test.
    assert share_of(sim, (0.28, 0.0, 0.28, 0.0), 0.1, 300, 1) < 0.055
    assert share_of(sim, (0.28, 0.0, 0.01, 0.0), 0.1, 60, 1) > 0.9


@pytest.mark.verify
def test_the_test_holds_its_level_full_size(sim, show):
    lines = ["both needed, intersection-union at .025, 16 worlds x 6: share of 2,000 runs rejected"]
    lines.append("both goal threat  icc 0, .1, .3")
    for rates in (
        (0.28, 0, 0.28, 0),
        (0.28, 0.28, 0.28, 0),
        (0.03, 0, 0.03, 0),
        (0.28, 0, 0.01, 0),
    ):
        shares = [share_of(sim, rates, icc, 2000, 3) for icc in sim.iccs]
        cells = "  ".join(f"{s:.3f}" for s in shares)
        lines.append(f"{rates[0]:.2f} {rates[1]:.2f} {rates[2]:.2f}    {cells}")
        assert rates[2] == 0.01 or max(shares) < 0.04
    show(lines)
