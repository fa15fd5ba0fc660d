"""Known answers and error rates of what sizes and families can say."""

import math

import numpy as np
import pytest
from scipy import stats as scipy_stats

from am_inspect.stats import (
    Answers,
    Counts,
    Model,
    Stratum,
    family_share,
    size_effect,
    stratified_difference,
)

STUDY = [
    Model("llama-3-8b", "Llama", 8, Counts(0, 100)),
    Model("llama-3.1-70b", "Llama", 70, Counts(3, 100)),
    Model("qwen-7b", "Qwen", 7, Counts(0, 100)),
    Model("qwen-72b", "Qwen", 72, Counts(4, 100)),
    Model("gemma-12b", "Gemma", 12, Counts(28, 100)),
    Model("ministral-8b", "Mistral", 8, Counts(18, 100)),
    Model("phi-4", "Phi", 14, Counts(0, 100)),
]


def test_the_study_s_sizes_within_families():
    found = size_effect(STUDY)
    of = found.of_counts
    assert (of.second.events, of.second.answers) == (0, 200)
    assert (of.first.events, of.first.answers) == (7, 200)
    assert found.families == ("Llama", "Qwen")
    # Nobody of the small ones: all seven on one side, chance 1/2 each but for the margins.
    by_hand = math.comb(100, 3) / math.comb(200, 3) * math.comb(100, 4) / math.comb(200, 4)
    assert of.p_greater == pytest.approx(by_hand)
    assert of.p_two_sided == pytest.approx(2 * by_hand)
    # Equal sides: the difference and its variance are the plain ones, .035 x .965 / 200.
    assert of.value == pytest.approx(0.035)
    assert of.interval.upper == pytest.approx(0.035 + 1.959964 * math.sqrt(0.035 * 0.965 / 200))
    assert any("Gemma, Mistral, Phi: one size" in line for line in found.cannot)


def test_one_stratum_is_fisher_s_test():
    found = stratified_difference([Stratum("x", Counts(8, 20), Counts(2, 17))])
    table = [[8, 12], [2, 15]]
    assert found.p_greater == pytest.approx(scipy_stats.fisher_exact(table, "greater").pvalue)
    assert found.p_two_sided == pytest.approx(scipy_stats.fisher_exact(table).pvalue)
    assert found.value == pytest.approx(8 / 20 - 2 / 17)


def test_strata_by_hand():
    # 6/10 - 2/10 and 9/20 - 3/10: weights 5 and 20/3; (2 + 1) / 11.667 = .257143.
    # P = (100 x 2 - 100 x 6) / 400 = -1 and (400 x 3 - 100 x 9 + 200 x (-10) / 2) / 900 = -.7778;
    # Q = (6 x 8 + 2 x 4) / 40 = 1.4 and (9 x 7 + 3 x 11) / 60 = 1.6;
    # variance (-.257143 x 1.777778 + 3) / 136.111 = .018682.
    found = stratified_difference(
        [Stratum("a", Counts(6, 10), Counts(2, 10)), Stratum("b", Counts(9, 20), Counts(3, 10))]
    )
    assert found.value == pytest.approx(0.257143, abs=1e-6)
    half = (found.interval.upper - found.interval.lower) / 2
    assert half == pytest.approx(1.959964 * math.sqrt(0.018682), abs=1e-5)


def test_strata_are_not_mixed_up():
    # Simpson: within both strata the first is lower, together it is higher.
    strata = [
        Stratum("rare", Counts(1, 100), Counts(20, 1000)),
        Stratum("often", Counts(500, 1000), Counts(60, 100)),
    ]
    assert stratified_difference(strata).value < 0
    with pytest.raises(ValueError, match="at least one"):
        stratified_difference([])


def test_family_share_by_hand():
    # Means .2 and .6: MSB = .16, MSW = .02, n0 = 2: (.16 - .02) / (.16 + .02) = 7/9, F = 8;
    # F(1, 2) at .975 and .025: 38.5063 and .001252.
    rates = {"a": (10, 30), "b": (50, 70)}
    models = [Model(f"{f}{k}", f, 1, Counts(k, 100)) for f, ks in rates.items() for k in ks]
    found = family_share(models)
    assert found.share == pytest.approx(7 / 9)
    assert found.interval.lower == 0
    assert found.interval.upper == pytest.approx(
        (8 / 0.0012516 - 1) / (8 / 0.0012516 + 1), abs=1e-5
    )
    assert (found.df_between, found.df_within) == (1, 2)
    assert "hardly known" in found.cannot[0]


def test_equal_counts_in_a_family_do_not_make_its_share_certain():
    # MSB = 2 x (.1^2 + .1^2) = .04; MSW is 0, the mean variance of 2/10 and 4/10 is
    # (2.5 x 8.5 + 4.5 x 6.5) / 11^2 / 10 / 2 = .02087: (.04 - .02087) / (.04 + .02087) = .314.
    models = [Model(f"{f}{i}", f, 1, Counts(k, 10)) for f, k in (("a", 2), ("b", 4)) for i in "xy"]
    found = family_share(models)
    assert found.share == pytest.approx(0.314, abs=5e-4)
    assert found.interval.lower == 0


def share_of_nothing(runs, seed):
    """How often the interval covers a share of 0: seven models of the study at one true rate."""
    rng = np.random.default_rng(seed)
    held = told = 0
    for _ in range(runs):
        models = [
            Model(m.name, m.family, 1, Counts(int(rng.binomial(16, 0.08)), 16)) for m in STUDY
        ]
        found = family_share(models)
        if not math.isnan(found.share):
            told += 1
            held += found.interval.lower == 0
    return held / told


def test_models_alike_have_no_share_small():
    assert share_of_nothing(300, 4) > 0.94


@pytest.mark.parametrize(
    ("rates", "why"),
    [
        ({"a": (1, 2)}, "one family"),
        ({"a": (1,), "b": (2,)}, "no family has two"),
        ({"a": (1, 1), "b": (1,)}, "no spread"),
    ],
)
def test_a_share_that_is_not_identified(rates, why):
    models = [Model(f"{f}{k}", f, 1, Counts(k, 100)) for f, ks in rates.items() for k in ks]
    found = family_share(models)
    assert math.isnan(found.share)
    assert any(why in line for line in found.cannot)


def test_sizes_by_world_and_what_is_no_pair():
    worlds = [i % 8 for i in range(32)]
    small = Answers([0] * 32, worlds)
    large = Answers([1 if i % 5 == 0 else 0 for i in range(32)], worlds)
    models = [Model("s", "A", 7, small), Model("l", "A", 70, large)]
    found = size_effect([*models, Model("x", "B", math.nan, small)])
    assert found.by_world.value == pytest.approx(7 / 32)
    assert found.of_counts is None
    nothing = size_effect([Model("x", "B", math.nan, small), Model("y", "B", 7, small)])
    assert nothing.families == ()
    assert nothing.by_world is None
    with pytest.raises(TypeError, match="cannot be compared"):
        size_effect([Model("s", "A", 7, small), Model("l", "A", 70, Counts(1, 2))])


def rejections(rates, gap, runs, seed):
    """Share of runs in which the exact test at .05 finds a size effect; coverage of the MH one."""
    rng = np.random.default_rng(seed)
    rejected = held = 0
    for _ in range(runs):
        strata = [
            Stratum(
                str(rate),
                Counts(int(rng.binomial(100, rate + gap)), 100),
                Counts(int(rng.binomial(100, rate)), 100),
            )
            for rate in rates
        ]
        found = stratified_difference(strata)
        rejected += found.p_two_sided < 0.05
        held += not gap < found.interval.lower and not gap > found.interval.upper
    return rejected / runs, held / runs


def test_the_exact_test_holds_its_level_small():
    rejected, held = rejections((0.03, 0.28), 0.0, 400, 1)
    assert rejected < 0.05 + 0.033
    assert held > 0.92


@pytest.mark.verify
def test_error_rates_full_size(show):
    lines = [
        "size within two families, 100 answers a model, 3,000 runs: exact test at .05 rejects,"
    ]
    lines.append("95% interval of the Mantel-Haenszel difference covers")
    for rates in ((0.0, 0.01), (0.01, 0.03), (0.03, 0.28)):
        for gap in (0.0, 0.05):
            rejected, held = rejections(rates, gap, 3000, 2)
            lines.append(f"small {rates}  gap {gap:.2f}  {rejected:.3f}  {held:.3f}")
            assert gap or rejected <= 0.06
            assert held > 0.92
    rng = np.random.default_rng(3)
    held = 0
    for _ in range(2000):
        family = np.repeat(rng.normal(50, 7, 8), 2)
        rates = np.clip(family + rng.normal(0, 4, 16), 0, 100)
        models = [
            Model(str(i), str(i // 2), 1, Counts(int(r * 1000), 100000))
            for i, r in enumerate(rates)
        ]
        found = family_share(models).interval
        held += found.lower <= 49 / 65 <= found.upper
    lines.append(f"share between 8 families of 2 models: covered {held / 2000:.3f}")
    assert held / 2000 > 0.93
    alike = share_of_nothing(3000, 5)
    lines.append(f"seven models at one rate of .08, 16 answers each: 0 covered {alike:.3f}")
    assert alike > 0.95
    show(lines)
