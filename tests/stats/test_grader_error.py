"""Known answers, coverage and width of the two corrections for a grader's errors."""

import math

import numpy as np
import pytest

from am_inspect.stats import (
    Calibration,
    clopper_pearson,
    clustered_rate,
    corrected_rate,
    rogan_gladen,
)

SENSITIVITY, SPECIFICITY = 0.85, 0.97


def test_everything_labelled_is_the_plain_rate_whatever_the_grader_said():
    labels = [1, 1, 0, 0] + [0] * 4 + [1, 0, 0, 0]
    worlds = list("aaaabbbbcccc")
    plain = clustered_rate(labels, worlds).interval
    for verdicts in (labels, [1 - label for label in labels], [0] * 12):
        found = corrected_rate(verdicts, labels, [1.0] * 12, worlds)
        assert found.value == 0.25
        assert (found.interval.lower, found.interval.upper) == pytest.approx(
            (plain.lower, plain.upper)
        )
        assert (found.label_error, found.unseen_positive) == (0, 0)


def test_corrected_rate_by_hand():
    # z = 1, 0, 0, 2 | 0, 1, -1, 0: a label at chance 1/2 counts twice. Mean 3/8; residual totals
    # of the worlds (3 - 1.5) / 8 and (0 - 1.5) / 8; SE = sqrt(2 x 2) x 1.5 / 8 = 0.375;
    # errors drawn: two of (1/2)(1 / .5)^2 = 2 each, so the label error is sqrt(4) / 8 = 0.25.
    found = corrected_rate(
        [1, 0, 0, 0, 0, 1, 1, 0],
        [None, 0, None, 1, 0, None, 0, None],
        [0.5] * 8,
        list("aaaabbbb"),
    )
    assert (found.value, found.graded, found.labelled, found.disagreements) == (0.375, 8, 4, 2)
    assert found.standard_error == pytest.approx(0.375)
    assert found.label_error == pytest.approx(0.25)
    # Errors of both kinds were seen, so nothing is added: 0.375 -+ 12.706 x 0.375, clipped.
    assert (found.unseen_positive, found.unseen_negative) == (0, 0)
    assert (found.interval.lower, found.interval.upper) == (0, 1)


def test_no_event_leaves_room_for_what_no_label_has_seen():
    # 40 samples in 4 worlds, 10 labels (2 or 3 a world), all of them and all verdicts no.
    labels = [0 if i < 10 else None for i in range(40)]
    found = corrected_rate([0] * 40, labels, [0.25] * 40, [i % 4 for i in range(40)])
    missed = 0.75 * (1 - 0.025 ** ((1 + (10 / 4 - 1) * 0.1) / 10))
    sampled = 1 - 0.025 ** ((1 + 9 * 0.1) / 40)
    assert found.value == 0
    assert found.unseen_positive == pytest.approx(missed)
    assert found.interval.lower == 0
    assert found.interval.upper == pytest.approx(math.hypot(missed, sampled))


def test_a_certain_label_says_nothing_about_those_left_to_chance():
    # The only labels lie on the two positives; no negative had been drawn.
    found = corrected_rate(
        [1, 0, 0, 0, 1, 0, 0, 0],
        [1, *[None] * 3, 1, *[None] * 3],
        [1, 0.1, 0.1, 0.1] * 2,
        "aaaabbbb",
    )
    assert found.unseen_positive == 0.75
    assert found.interval.upper == 1


@pytest.mark.parametrize(
    ("verdicts", "labels", "inclusion", "worlds", "status"),
    [
        ([1, 0], [None, None], [0.5, 0.5], "ab", "not_identified"),
        ([1, 0], [1, 0], [0.5, 0.5], "aa", "not_identified"),
        ([1, 0], [1, 0], [0.5, 0.5], "ab", "identified"),
    ],
)
def test_what_labels_cannot_tell(verdicts, labels, inclusion, worlds, status):
    assert corrected_rate(verdicts, labels, inclusion, worlds).status == status


@pytest.mark.parametrize(
    ("verdicts", "labels", "inclusion", "words"),
    [
        ([1], [1, 0], [1.0], "length"),
        ([2], [1], [1.0], "verdict"),
        ([1], [0.5], [1.0], "label"),
        ([1], [None], [0.0], "inclusion"),
        ([1], [None], [1.0], "probability 1"),
    ],
)
def test_wrong_input_is_refused(verdicts, labels, inclusion, words):
    with pytest.raises(ValueError, match=words):
        corrected_rate(verdicts, labels, inclusion, ["a"])


def test_rogan_gladen_with_a_perfect_well_known_grader_is_agresti_and_coull_s_interval():
    # Agresti and Coull, American Statistician 52 (1998): (k + z^2/2) / (n + z^2) with t for z.
    verdicts, worlds = [1] * 30 + [0] * 70, list(range(100))
    found = rogan_gladen(verdicts, worlds, Calibration(10**9, 10**9, 10**9, 10**9))
    t = 1.9842169515  # t(99, .975)
    centre = (30 + t * t / 2) / (100 + t * t)
    half = t * math.sqrt(centre * (1 - centre) / (100 + t * t))
    assert found.value == pytest.approx(0.3)
    # One answer a world: the clustered variance is n / (n - 1) of the binomial one.
    assert found.interval.lower == pytest.approx(centre - half, abs=2e-3)
    assert found.interval.upper == pytest.approx(centre + half, abs=2e-3)


def test_rogan_gladen_by_hand():
    # p = .2 of 100 single answers, Se 18/20, Sp 76/80: (.2 + .95 - 1) / (.9 + .95 - 1) = .176471.
    found = rogan_gladen([1] * 20 + [0] * 80, list(range(100)), Calibration(18, 20, 76, 80))
    assert found.raw == pytest.approx(0.15 / 0.85)
    # Shrunk: n 100 x 99 / 100, p (19.8 + t^2/2) / (99 + t^2) = .211477; Se 19/22, Sp 77/82;
    # (p + Sp - 1) / (Se + Sp - 1) = .187577; then the published formula, worked with a calculator.
    t2 = 1.9842169515**2
    p = (19.8 + t2 / 2) / (99 + t2)
    se, sp = 19 / 22, 77 / 82
    share = (p + sp - 1) / (se + sp - 1)
    v_se, v_sp = se * (1 - se) / 22, sp * (1 - sp) / 82
    centre = share + 2 * t2 * (share * v_se - (1 - share) * v_sp)
    half = math.sqrt(t2 * (p * (1 - p) / (99 + t2) + share**2 * v_se + (1 - share) ** 2 * v_sp)) / (
        se + sp - 1
    )
    assert (p, share) == pytest.approx((0.211477, 0.187577), abs=1e-4)
    assert found.interval.lower == pytest.approx(centre - half)
    assert found.interval.upper == pytest.approx(centre + half)


@pytest.mark.parametrize(
    ("positives", "calibration", "why"),
    [
        (1, (18, 20, 70, 80), "fewer verdicts than false alarms alone would give"),
        (20, (10, 20, 40, 80), "sensitivity + specificity = 1"),
        (20, (4, 20, 40, 80), "sensitivity + specificity < 1"),
        (20, (1, 1, 1, 1), "two gold cases show nothing"),
        (99, (18, 20, 80, 80), "more verdicts than any rate would give"),
    ],
)
def test_rogan_gladen_says_what_it_cannot_tell(positives, calibration, why):
    found = rogan_gladen(
        [1] * positives + [0] * (100 - positives), list(range(100)), Calibration(*calibration)
    )
    assert found.status == "not_identified", why
    assert math.isnan(found.value)
    assert 0 <= found.interval.lower <= found.interval.upper <= 1


def test_a_calibration_is_counts():
    with pytest.raises(ValueError, match="no calibration"):
        Calibration(3, 2, 1, 1)
    with pytest.raises(ValueError, match="no calibration"):
        Calibration(0, 0, 1, 1)
    with pytest.raises(ValueError, match="at least two"):
        rogan_gladen([1, 0], "aa", Calibration(9, 10, 9, 10))


def simulated(sim, rate, icc, *, runs, seed):
    """Coverage and width of both, beside the grader's and the labels' own intervals.

    Labels: every positive verdict, and each negative one with probability 1/4. Calibration: 60
    events and 120 others, drawn anew each time.
    """
    rng = np.random.default_rng(seed)
    hit = dict.fromkeys(("ppi", "random", "rg", "grader", "labels"), 0)
    width = dict.fromkeys(hit, 0.0)
    for _ in range(runs):
        truth = sim.draw(rng, rate, icc)
        verdicts = sim.verdicts_of(
            rng, truth.events, sensitivity=SENSITIVITY, specificity=SPECIFICITY
        )
        worlds = truth.worlds.tolist()
        designed = np.where(verdicts == 1, 1.0, 0.25)
        even = np.full(len(verdicts), 0.35)
        found = {}
        for name, chance in (("ppi", designed), ("random", even)):
            drawn = rng.random(len(verdicts)) < chance
            labels = [int(e) if d else None for e, d in zip(truth.events, drawn, strict=True)]
            found[name] = corrected_rate(verdicts, labels, chance, worlds).interval
        calibration = Calibration(
            rng.binomial(60, SENSITIVITY), 60, rng.binomial(120, SPECIFICITY), 120
        )
        found["rg"] = rogan_gladen(verdicts, worlds, calibration).interval
        found["grader"] = clustered_rate(verdicts.tolist(), worlds).interval
        kept = truth.events[drawn].tolist(), truth.worlds[drawn].tolist()
        found["labels"] = clustered_rate(*kept).interval
        for name, interval in found.items():
            hit[name] += interval.lower <= rate <= interval.upper
            width[name] += interval.upper - interval.lower
    return {name: (hit[name] / runs, width[name] / runs) for name in hit}


@pytest.mark.parametrize(("rate", "icc"), [(0.0, 0.0), (0.28, 0.1)])
def test_coverage_small(sim, rate, icc):
    found = simulated(sim, rate, icc, runs=200, seed=3)
    # Three standard errors of a 95% share in 200 runs are 4.6 points.
    assert found["ppi"][0] > 0.90
    assert found["rg"][0] > 0.90
    assert found["ppi"][1] < 0.5


@pytest.mark.verify
def test_coverage_and_width_full_size(sim, show):
    names = ("ppi", "random", "rg", "grader", "labels")
    lines = [
        "covered / mean width of 95% intervals, 16 worlds x 2 variants x 3 epochs, 2,000 runs;",
        f"grader: sensitivity {SENSITIVITY}, specificity {SPECIFICITY}",
        "ppi: all positive verdicts and 1/4 of the others labelled; random: 35% of all labelled;",
        "rg: Rogan-Gladen, 60 + 120 gold cases; grader: its verdicts as they are; labels: the",
        "35% alone",
        f"rate  icc  {'  '.join(f'{name:>13}' for name in names)}",
    ]
    results = {}
    for rate in sim.rates:
        for icc in sim.iccs:
            found = results[rate, icc] = simulated(sim, rate, icc, runs=2000, seed=11)
            cells = "  ".join(f"{found[n][0]:.3f} / {found[n][1]:.3f}" for n in names)
            lines.append(f"{rate:<5.2f} {icc:<4.1f} {cells}")
    show(lines)
    for (_, icc), found in results.items():
        assert found["ppi"][0] >= 0.92, icc
        assert found["rg"][0] >= 0.92, icc


def test_the_design_effect_of_no_event_is_that_of_clustered_rate():
    found = corrected_rate([0] * 24, [0] * 24, [1.0] * 24, [i % 4 for i in range(24)])
    deff = 1 + 5 * 0.1
    assert found.interval.upper == clopper_pearson(0, 24 / deff).upper
