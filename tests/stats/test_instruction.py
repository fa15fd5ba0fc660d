"""Known answers and coverage of what an instruction does, and of restraint and Holm."""

import math

import numpy as np
import pytest

from am_inspect.stats import (
    Answers,
    Counts,
    Homogeneity,
    holm,
    homogeneity,
    inhibition,
    instruction_effect,
    reduction,
)

STUDY = {"gemma": (15, 28), "ministral": (8, 18), "llama": (1, 3)}


def of_study(name):
    safety, none = STUDY[name]
    return reduction(Counts(safety, 100), Counts(none, 100))


def test_the_placebo_is_a_second_base():
    found = instruction_effect(Counts(15, 100), Counts(28, 100), Counts(30, 100))
    assert round(found.against_none.value, 2) == 0.46
    assert found.against_neutral.value == pytest.approx(0.5)
    assert instruction_effect(Counts(15, 100), Counts(28, 100)).against_neutral is None


def test_homogeneity_by_hand():
    # Log ratios -.6242, -.8109, -1.0986 with variances .08238, .16056, 1.31333: weights 12.139,
    # 6.228, .7614; mean -.7038, SE .2286; Q = .0769 + .0714 + .1187 = .2670 on 2 degrees.
    found = homogeneity([of_study(name) for name in STUDY])
    assert found.pooled == pytest.approx(1 - math.exp(-0.7038), abs=1e-4)
    assert found.interval.lower == pytest.approx(1 - math.exp(-0.7038 + 1.96 * 0.2286), abs=1e-3)
    assert found.q == pytest.approx(0.267, abs=1e-3)
    assert found.p_value == pytest.approx(math.exp(-0.267 / 2), abs=1e-3)
    assert (found.i2, found.models, found.left_out) == (0, 3, 0)


def test_models_that_are_all_alike():
    found = homogeneity([of_study("gemma"), of_study("gemma")])
    assert (found.q, found.i2, found.p_value) == (0, 0, 1)


def test_models_that_differ_are_seen():
    found = homogeneity(
        [reduction(Counts(1, 100), Counts(50, 100)), reduction(Counts(50, 100), Counts(50, 100))]
    )
    assert found.p_value < 0.001
    assert found.i2 > 0.9


def test_a_ratio_without_events_is_counted_and_left_out():
    none = reduction(Counts(0, 100), Counts(9, 100))
    assert none.value == 1
    assert none.interval.upper == 1
    found = homogeneity([none, of_study("gemma")])
    assert (found.models, found.left_out) == (1, 1)
    assert round(found.pooled, 2) == 0.46
    assert math.isnan(found.q)
    empty = homogeneity([none])
    assert isinstance(empty, Homogeneity)
    assert math.isnan(empty.pooled)
    assert empty.interval.lower == -math.inf
    with pytest.raises(TypeError, match="cannot be compared"):
        reduction(Counts(1, 2), Answers([0, 1], "ab"))


def test_inhibition_by_hand():
    found = inhibition([1, 0, 1, 1, 0, 0], [0, 1, 0, 0, 0, 1], list("aabbbb"))
    assert (found.refrained, found.sent, found.rate.value) == (3, 2, 0.6)
    assert found.text.startswith("3 of 5 who considered it held back: 60%")


def test_none_considered_is_not_all_restrained():
    found = inhibition([0] * 4, [0] * 4, list("abcd"))
    assert found.text == "none considered"
    assert math.isnan(found.rate.value)


@pytest.mark.parametrize(
    ("refrained", "sent", "worlds", "words"),
    [([1], [1], "a", "both"), ([2], [0], "a", "neither"), ([1], [0], "ab", "length")],
)
def test_inhibition_refuses_what_it_cannot_count(refrained, sent, worlds, words):
    with pytest.raises(ValueError, match=words):
        inhibition(refrained, sent, worlds)


def test_holm_equals_the_textbook_example():
    # p .01, .04, .03, .005: times 3, 1, 2, 4, and never under a smaller one's.
    found = holm({"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.005})
    assert [x.name for x in found] == ["a", "b", "c", "d"]
    assert [x.adjusted for x in found] == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert [x.rejected for x in found] == [True, False, False, True]
    assert holm({}) == []
    with pytest.raises(ValueError, match="p value"):
        holm({"a": math.nan})


def test_holm_holds_the_family(monkeypatch):
    # statsmodels collects garbage on each call, which takes a tenth of a second under pytest.
    monkeypatch.setattr("gc.collect", lambda: 0)
    rng = np.random.default_rng(1)
    wrong = sum(
        any(x.rejected for x in holm(dict(enumerate(rng.random(5).tolist())))) for _ in range(800)
    )
    assert wrong / 800 < 0.05 + 3 * math.sqrt(0.05 * 0.95 / 800)


def simulated(sim, base, true, icc, runs, seed):
    """Coverage of the reduction by world, and how often Q at .05 finds three like models unlike."""
    rng = np.random.default_rng(seed)
    worlds = np.repeat(np.arange(16), 6).tolist()
    held = unlike = defined = families = 0
    for _ in range(runs):
        three = []
        for _ in range(3):
            level = sim.beta(rng, base, icc, 16)
            line, none = (
                Answers((rng.random(96) < np.repeat(x, 6)).astype(int).tolist(), worlds)
                for x in (level * (1 - true), level)
            )
            found = reduction(line, none)
            three.append(found)
            defined += found.ratio.method == "clustered_log_t"
            held += not true < found.interval.lower and not true > found.interval.upper
        p = homogeneity(three).p_value
        families += not math.isnan(p)
        unlike += p < 0.05
    return held / (3 * runs), defined / (3 * runs), unlike / max(1, families)


def test_coverage_small(sim):
    held, defined, unlike = simulated(sim, 0.28, 0.5, 0.1, 150, 2)
    assert held > 0.92
    assert defined > 0.99
    assert unlike < 0.1


@pytest.mark.verify
def test_coverage_full_size(sim, show):
    lines = ["relative reduction by world, 16 x 6 answers a cell, 500 runs of three like models:"]
    lines.append("95% coverage, share with a finite log ratio, Q at .05 rejects")
    lines.append("base  reduction  icc  covered  defined  Q")
    found = {}
    for base, true in ((0.28, 0.5), (0.28, 0.0), (0.1, 0.5), (0.03, 0.5)):
        for icc in sim.iccs:
            held, defined, unlike = simulated(sim, base, true, icc, 500, 8)
            lines.append(
                f"{base:.2f}  {true:.1f}  {icc:.1f}  {held:.3f}  {defined:.3f}  {unlike:.3f}"
            )
            found[base, icc] = held, unlike
    show(lines)
    # With 3 events a cell the ratio is often not defined, and the normal log is a rough guess.
    assert min(held for held, _ in found.values()) > 0.92
    assert max(unlike for _, unlike in found.values()) < 0.08
