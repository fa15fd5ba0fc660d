"""The five claims put to the published rows: the known arithmetic, and what it allows."""

import math

import pytest

from am_inspect.findings import (
    all_findings,
    goal_and_threat_needed,
    most_hold_back,
    published_cells,
    safety_line_halves,
    size_says_nothing,
    strategies_differ,
)
from am_inspect.published import published_rates, study_rates


@pytest.fixture(scope="module")
def study():
    return published_cells(study_rates())


@pytest.fixture(scope="module")
def lynch():
    return published_cells([r for r in published_rates() if r.source.startswith("Lynch")])


@pytest.mark.parametrize(
    ("model", "figures"),
    [
        ("google/gemma-3-12b-it", "46% [6%, 69%]"),
        ("mistralai/ministral-8b-2512", "56% [3%, 80%]"),
        ("meta-llama/llama-3.1-70b-instruct", "67% [-215%, 96%]"),
    ],
)
def test_the_safety_line_by_model(study, model, figures):
    of = dict(safety_line_halves(study).of_models)[model]
    assert of.sentence == f"Reduced by {figures}."
    assert of.verdict == "not_identified"


def test_the_safety_line_over_models(study):
    found = safety_line_halves(study)
    assert "A cut is shown, but not that it is about half: 51% [23%, 68%]" in found.sentence
    assert "28/100 to 15/100" in found.sentence
    assert "content is not told from there being a line" in found.sentence
    assert found.verdict == "not_identified"


def test_size_within_families(study):
    found = size_says_nothing(study)
    assert "7/200 with the larger models against 0/200 (p = 0.015)" in found.sentence
    assert "say nothing about other families" in found.sentence
    assert (found.verdict, round(found.estimate, 3)) == ("contradicted", 0.035)


def test_both_needed(study):
    found = goal_and_threat_needed(study)
    assert found.verdict == "not_identified"
    assert {m.split("/")[1]: f.verdict for m, f in found.of_models} == {
        "gemma-3-12b-it": "supported",
        "ministral-8b-2512": "supported",
        "llama-3.1-70b-instruct": "not_identified",
    }
    assert found.estimate == pytest.approx((0.27 + 0.18 + 0.03) / 3)


def test_words_do_not_show_who_saw_the_lever(study):
    found = most_hold_back(study)
    assert found.verdict == "not_identified"
    assert "25/300 in control and 157/300 in goal_only" in found.sentence
    assert "google/gemma-3-12b-it 67/95" in found.sentence


def test_forms_were_not_published(study):
    found = strategies_differ(study)
    assert found.verdict == "not_identified"
    assert math.isnan(found.estimate)


def test_other_rows_contradict_the_need_of_both(lynch):
    found = goal_and_threat_needed(lynch)
    assert found.verdict == "contradicted"
    assert dict(found.of_models)["Claude-Opus-4"].verdict == "contradicted"
    assert "9 of 18 models" in found.sentence
    assert size_says_nothing(lynch).verdict == "not_identified"


def test_nothing_at_all_is_said_of_no_rows():
    assert {found.verdict for found in all_findings([])} == {"not_identified"}
    assert all(found.sentence.endswith(".") for found in all_findings([]))


def test_two_rows_of_a_model_s_cell_are_refused(study):
    with pytest.raises(ValueError, match="pool them before"):
        size_says_nothing([*study, *study])
