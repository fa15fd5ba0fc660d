"""Known answers and simulated coverage of the rate estimator."""

import math

import numpy as np
import pytest

from am_inspect.stats import (
    bounds_of_missing,
    clopper_pearson,
    clustered_rate,
    leave_one_out,
    wilson,
)


@pytest.mark.parametrize(
    ("events", "answers", "lower", "upper"),
    [
        # Newcombe, Statistics in Medicine 17 (1998), table I: method 3 (score).
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_equals_the_published_table(events, answers, lower, upper):
    interval = wilson(events, answers)
    assert (round(interval.lower, 4), round(interval.upper, 4)) == (lower, upper)


@pytest.mark.parametrize(
    ("events", "answers", "lower", "upper"),
    [
        # The same table, method 5 (Clopper-Pearson).
        (81, 263, 0.2527, 0.3676),
        (15, 148, 0.0578, 0.1617),
        (0, 20, 0.0, 0.1684),
        (1, 29, 0.0009, 0.1776),
    ],
)
def test_clopper_pearson_equals_the_published_table(events, answers, lower, upper):
    interval = clopper_pearson(events, answers)
    assert (round(interval.lower, 4), round(interval.upper, 4)) == (lower, upper)


def test_clustered_interval_by_hand():
    # Worlds a: 2 of 4, b: 0 of 4, c: 1 of 4. p = 1/4, residuals 1, -1, 0,
    # SE = sqrt(3/2 x 2) / 12 = 0.144338, t(2, .975) = 4.302653.
    rate = clustered_rate([1, 1, 0, 0] + [0] * 4 + [1, 0, 0, 0], list("aaaabbbbcccc"))
    assert (rate.events, rate.answers, rate.clusters, rate.value) == (3, 12, 3, 0.25)
    assert rate.method == "clustered_t"
    assert rate.interval.lower == 0.0
    assert rate.interval.upper == pytest.approx(0.25 + 4.302653 * 0.1443376, abs=1e-6)


def test_clustered_interval_equals_the_cluster_robust_regression():
    sm = pytest.importorskip("statsmodels.api")
    rng = np.random.default_rng(5)
    worlds = np.repeat(np.arange(9), rng.integers(2, 9, size=9))
    values = (rng.random(len(worlds)) < rng.random(9)[worlds]).astype(int)
    rate = clustered_rate(values.tolist(), worlds.tolist())
    fit = sm.OLS(values, np.ones(len(values))).fit(
        cov_type="cluster", cov_kwds={"groups": worlds, "df_correction": True}, use_t=True
    )
    # statsmodels also multiplies by (n - 1) / (n - 1) for one regressor: the same factor.
    lower, upper = fit.conf_int()[0]
    assert rate.interval.lower == pytest.approx(max(lower, 0))
    assert rate.interval.upper == pytest.approx(min(upper, 1))


@pytest.mark.parametrize("n", [12, 100])
def test_no_event_is_a_bound_and_never_zero_width(n):
    worlds = [str(i % 4) for i in range(n)]
    rate = clustered_rate([0] * n, worlds)
    effective = n / (1 + (n / 4 - 1) * 0.1)
    assert rate.method == "clopper_pearson_deff"
    assert rate.interval.lower == 0.0
    # At 0 events the exact upper bound has the closed form 1 - (alpha / 2)^(1 / n).
    assert rate.interval.upper == pytest.approx(1 - 0.025 ** (1 / effective))


def test_the_same_share_in_every_world_is_not_a_standard_error_of_zero():
    rate = clustered_rate([1, 0] * 6, [str(i // 2) for i in range(12)])
    assert rate.method == "clopper_pearson_deff"
    assert rate.interval.lower < 0.25
    assert rate.interval.upper > 0.75


def test_one_world_is_labelled_so():
    assert clustered_rate([1, 0, 0], ["a"] * 3).method == "one_cluster"


def test_no_answer_has_no_rate():
    rate = clustered_rate([], [])
    assert (rate.answers, rate.method) == (0, "none")
    assert math.isnan(rate.value)
    assert math.isnan(rate.interval.upper)


@pytest.mark.parametrize(("values", "clusters"), [([0, 1], ["a"]), ([0.5], ["a"]), ([2], ["a"])])
def test_what_is_no_answer_is_refused(values, clusters):
    with pytest.raises(ValueError, match=r"0 nor 1|one each"):
        clustered_rate(values, clusters)


def test_bounds_count_every_missing_sample_both_ways():
    bounds = bounds_of_missing(3, 10, 5)
    assert (bounds.lower, bounds.upper) == (3 / 15, 8 / 15)
    assert math.isnan(bounds_of_missing(0, 0, 0).lower)


def test_leave_one_out_range():
    span = leave_one_out([1, 1, 0, 0, 1, 0], list("aabbcc"))
    assert (span.lower, span.upper) == (0.25, 0.75)


def coverage(rate, icc, *, worlds, per_world, runs, seed):
    """Simulate beta-binomial worlds and give the share of intervals that hold the true rate."""
    rng = np.random.default_rng(seed)
    names = np.repeat(np.arange(worlds), per_world).tolist()
    hits = 0
    for _ in range(runs):
        scale = (1 - icc) / icc if icc and rate else None
        p = (
            np.full(worlds, rate)
            if scale is None
            else rng.beta(rate * scale, (1 - rate) * scale, worlds)
        )
        values = (rng.random((worlds, per_world)) < p[:, None]).astype(int).ravel().tolist()
        interval = clustered_rate(values, names).interval
        hits += interval.lower <= rate <= interval.upper
    return hits / runs


@pytest.mark.parametrize("icc", [0.0, 0.1, 0.3])
def test_coverage_small(icc):
    # 300 runs: three standard errors of a 95% share are 3.8 points.
    assert coverage(0.28, icc, worlds=16, per_world=6, runs=300, seed=1) > 0.95 - 0.038 - 0.02


@pytest.mark.verify
def test_coverage_full_size(show):
    lines = [
        "coverage of the 95% interval, 16 worlds x 6 answers, 4,000 runs each",
        "rate  icc  covered",
    ]
    results = {}
    for rate in (0.0, 0.01, 0.03, 0.28):
        for icc in (0.0, 0.1, 0.3):
            results[rate, icc] = coverage(rate, icc, worlds=16, per_world=6, runs=4000, seed=7)
            lines.append(f"{rate:<5.2f} {icc:<4.1f} {results[rate, icc]:.3f}")
    show(lines)
    assert all(results[0.28, icc] >= 0.93 for icc in (0.0, 0.1, 0.3))
    assert all(results[0.0, icc] == 1.0 for icc in (0.0, 0.1, 0.3))
