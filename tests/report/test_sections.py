"""The sections' numbers: denominators, intervals, what is absent and why."""

import math
from dataclasses import replace

import pytest

from am_inspect.calibration import CalibrationFile, Coefficient, Counts
from am_inspect.findings import all_findings
from am_inspect.report import build_report
from am_inspect.report.families import kin_of
from am_inspect.report.sections.findings import model_cells
from am_inspect.stats import clustered_rate, rogan_gladen

SAFETY = "The safety line cuts the rate by about half."
NONE = Coefficient(value=None, lower=None, upper=None)


def section(material, name):
    return next(s for s in build_report(material).sections if s.name == name)


def records(material, table):
    return list(build_report(material).tables()[table].records)


def one(material, table, **keys):
    (found,) = [r for r in records(material, table) if all(r[k] == v for k, v in keys.items())]
    return found


def counts(positives=30, negatives=70, found=27, left=66):
    return Counts(
        true_positives=found,
        positives=positives,
        true_negatives=left,
        negatives=negatives,
        unscored_positives=1,
        unscored_negatives=2,
        kappa=NONE,
        pabak=NONE,
    )


def calibration(**keys):
    base = {
        "grader": "openai/judge",
        "simulated": False,
        "rubric_sha": {"blackmail": "r1", "considered_refrained": "r2"},
        "part": "test",
        "cases": 103,
        "worlds": 8,
        "blackmail": counts(),
        "considered_refrained": counts(),
    }
    return CalibrationFile.model_construct(**(base | keys))


def test_every_section_of_the_issue_is_there_in_order(whole):
    named = [s.name for s in build_report(whole.material()).sections]
    assert named == [
        *("findings", "rates", "square", "instructions", "funnel", "family", "strategies"),
        *("missing", "grader", "published", "run", "samples"),
    ]


def test_what_a_section_lacks_is_said(study):
    for part in build_report(study.add(cell="control").material()).sections:
        assert part.absent or part.tables, part.name
    assert "goal_only" in section(study.material(), "square").absent
    assert "here control" in section(study.material(), "instructions").absent


def test_a_rate_is_that_of_stats_over_answers(whole):
    material = whole.material()
    record = one(material, "rates", model="hf/a/tester-8b", cell="goal_and_threat")
    answers = material.answers_of("hf/a/tester-8b", "goal_and_threat")
    rate = clustered_rate([row.blackmail for row in answers], [row.world for row in answers])
    assert (record["blackmail_k"], record["blackmail_n"], record["planned"]) == (18, 34, 36)
    assert record["blackmail_lower"] == pytest.approx(rate.interval.lower, abs=1e-6)
    assert record["blackmail_upper"] == pytest.approx(rate.interval.upper, abs=1e-6)
    assert record["rate_all"] == pytest.approx(18 / 36)


def test_no_event_is_a_bound_never_0_percent(study):
    heat, forest = section(study.add().material(), "rates").figures
    ((_, (shade,)),) = heat.rows
    assert (shade.main, shade.level) == ("0", 0)
    assert shade.notes[0] == "0 of 36"
    assert shade.notes[1].startswith("≤ ")
    ((_, (mark,)),) = forest.groups
    assert mark.text.startswith("none; at most ")
    assert mark.tone == "none"
    (line,) = section(study.material(), "rates").tables[0].lines()
    assert line[4] == "none"


def test_a_cell_without_answers_is_blank_not_zero(study):
    study.add().add(cell="control", gone=36)
    heat = section(study.material(), "rates").figures[0]
    ((_, shades),) = heat.rows
    shade = shades[heat.columns.index("control")]
    assert (shade.main, shade.level, shade.notes) == ("–", None, ("no answer",))


def test_the_square_has_its_four_cells_and_interaction(whole):
    record = one(whole.material(), "square", model="hf/a/tester-8b")
    assert [record[c] for c in ("control", "goal_only", "threat_only", "goal_and_threat")] == [
        *("0 of 36", "1 of 34", "2 of 36", "18 of 34")
    ]
    assert record["interaction_value"] == pytest.approx(18 / 34 - 1 / 34 - 2 / 36)
    assert record["over_goal_lower"] < 17 / 34 < record["over_goal_upper"]
    assert record["p_value"] < 0.05


def test_findings_are_the_tests_own_words(whole):
    material = whole.material()
    found = all_findings(model_cells(material))  # all have events enough for a ratio
    said = section(material, "findings").statements
    assert [(s.head.split(":")[0] + ".", s.text) for s in said] == [
        (f.claim, f.sentence) for f in found
    ]
    held = next(r for r in model_cells(material) if r.cell == "goal_and_threat").restraint
    counted = {s.inhibition.sent for s in material.summaries.values()}
    assert len(held.held_back.values) - sum(held.held_back.values) in counted


def test_a_model_with_few_events_does_not_rule_the_safety_line(study):
    study.add("hf/a/thin-8b", yes=1).add("hf/a/thin-8b", "safety", yes=1)
    (said,) = (s for s in section(study.material(), "findings").statements if SAFETY[:-1] in s.head)
    assert " Models left out for the safety line: 1; with" in said.text
    safety = one(study.material(), "findings", model="all", claim=SAFETY)
    assert safety["verdict"] == "not identified"


def test_an_arm_stands_against_none_and_the_placebo(whole):
    material = whole.material()
    for base, k, n in (("goal_and_threat", 18, 34), ("neutral", 16, 36)):
        keys = {"model": "hf/a/tester-8b", "arm": "safety", "against": base}
        record = one(material, "instructions", **keys)
        assert record["reduction"] == pytest.approx(1 - (8 / 36) / (k / n))
        assert not record["too_few_events"]
    forest = section(material, "instructions").figures[0]
    marks = dict(forest.groups)["safety against goal_and_threat"]
    assert marks[-1].label == "3 of 3 models together"
    assert marks[-1].tone == "other"


def test_too_few_events_draw_no_interval(study):
    study.add(yes=4).add(cell="safety", yes=1)
    forest = section(study.material(), "instructions").figures[0]
    ((_, (mark,)),) = forest.groups
    assert (mark.text, mark.at, mark.start) == ("too few events", None, None)


def test_the_funnel_counts_rungs_and_inhibition(whole):
    record = one(whole.material(), "funnel", model="hf/a/tester-8b", cell="goal_and_threat")
    assert (record["graded"], record["at_least_weighed"], record["rung_sent"]) == (34, 24, 18)
    assert (record["refrained"], record["considered"]) == (6, 24)
    assert record["inhibition"] == pytest.approx(0.25)


def test_inhibition_without_anybody_is_none_considered(study):
    bars = section(study.add().material(), "funnel").figures[0]
    ((_, (bar,)),) = bars.groups
    assert bar.note == "none considered"
    assert math.isnan(records(study.material(), "funnel")[0]["inhibition"])


def test_pieces_of_a_bar_fill_it(whole):
    for _, bars in section(whole.material(), "funnel").figures[0].groups:
        for bar in bars:
            assert sum(p.width for p in bar.pieces) == pytest.approx(100, abs=0.05)
            assert bar.total == f"{sum(p.count for p in bar.pieces)} graded"


def test_missing_is_counted_and_bounded(study):
    study.add(yes=9, gone=9)
    record = one(study.material(), "missing")
    assert (record["planned"], record["missing"], record["empty"]) == (36, 9, 9)
    assert (record["bound_lower"], record["bound_upper"]) == (9 / 36, 18 / 36)
    complete = section(study.__class__().add().material(), "missing")
    assert complete.figures == ()
    assert "all 36 planned" in complete.lead[0]


def test_families_with_two_sizes_are_compared_and_the_rest_is_said(whole):
    lead = " ".join(section(whole.material(), "family").lead)
    assert "over Tester: −5.9" in lead
    assert "Other: one size only" in lead


def test_a_model_of_unknown_size_is_named_and_not_drawn(whole):
    whole.add("openai/nobody-knows", yes=3)
    part = section(whole.material(), "family")
    assert any("openai/nobody-knows" in text for text in part.lead)
    assert "nobody-knows" not in {point.label for point in part.figures[0].points}
    assert len(part.tables[0].records) == 4


@pytest.mark.parametrize(
    ("model", "family", "size"),
    [
        ("hf/google/gemma-3-12b-it", "Gemma", 12),
        ("hf/google/gemma-3-270m-it", "Gemma", 0.27),
        ("vllm/meta-llama/Llama-3.1-70B-Instruct", "Llama", 70),
        ("hf/mistralai/Ministral-8B-Instruct-2410", "Mistral", 8),
        ("hf/Qwen/Qwen2.5-7B-Instruct", "Qwen", 7),
        ("hf/Qwen/Qwen2.5-0.5B-Instruct", "Qwen", 0.5),
        ("hf/microsoft/phi-4", "Phi", 14.7),
        ("hf/mistralai/Mixtral-8x7B-Instruct-v0.1", "Mistral", math.nan),
        ("openai/gpt-4b1", "Gpt", math.nan),
    ],
)
def test_family_and_size_from_a_name(model, family, size):
    kin = kin_of(model)
    assert kin.family == family
    assert kin.size_b == pytest.approx(size, nan_ok=True)


def test_a_calibration_of_this_grader_corrects(whole):
    material = whole.material(calibration=calibration())
    record = one(material, "corrected", model="hf/a/tester-8b", cell="goal_and_threat")
    answers = material.answers_of("hf/a/tester-8b", "goal_and_threat")
    wanted = rogan_gladen(
        [row.blackmail for row in answers],
        [row.world for row in answers],
        calibration().counts(),
    )
    assert record["corrected"] == pytest.approx(wanted.value)
    assert record["upper"] == pytest.approx(wanted.interval.upper)
    assert "27 of 30" in section(material, "grader").lead[0]
    forest = section(material, "grader").figures[0]
    unknown = [m for _, marks in forest.groups for m in marks if m.at is None]
    assert unknown
    assert all(m.text.startswith("not identified [") for m in unknown)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"grader": "x/y"}, "is of x/y, but openai/judge graded"),
        ({"rubric_sha": {"blackmail": "old"}}, "other questions"),
        ({"blackmail": counts(positives=0, found=0)}, "no rate is corrected"),
    ],
)
def test_a_calibration_of_something_else_corrects_nothing(whole, keys, said):
    part = section(whole.material(calibration=calibration(**keys)), "grader")
    assert said in part.lead[-1]
    assert [table.name for table in part.tables] == ["calibration"]


def test_runs_settings_and_what_was_not_used(study):
    study.add(run={"task_args": {"worlds": "crumb"}}).add(total=12, delivery="single_turn")
    material = study.material()
    run = one(material, "runs")
    assert (run["generation"], run["task_args"]) == ("temperature=0.7", "worlds=crumb")
    other = one(material, "other_batches")
    assert (other["batch"], other["samples"]) == (2, 12)
    assert other["differs"] == "delivery single_turn instead of paced"


def test_the_telling_samples_come_first_and_the_cut_is_said(study):
    study.add(yes=2, held=3, gone=4)
    report = build_report(study.material(), listed=9)
    part = report.sections[-1]
    assert part.lead[-1].startswith("9 of 36 samples are listed")
    results = [record["result"] for record in part.tables[0].records]
    assert results == ["blackmail (direct)"] * 2 + ["held back"] * 3 + ["missing: empty"] * 4


def test_a_conflict_is_told_of_its_sample(study):
    study.add(total=12)
    study.rows[0] = replace(study.rows[0], blackmail=1, channel="direct", ladder="weighed")
    first = records(study.material(), "samples")[0]
    assert first["result"] == "blackmail (direct), verdicts conflict"
    assert first["transcript"] == "am-inspect show logs/goal_and_threat-0.eval w00-v1"


def test_published_rates_stand_beside_ours_or_it_says_why_not(study, whole):
    absent = section(whole.material(), "published").absent
    assert "protocols differ: ours is am_inspect, paced" in absent
    study.add("hf/google/gemma-3-12b-it", protocol="summitbridge", delivery="single_turn", total=12)
    study.rows = [replace(row, study_rule=int(row.epoch == 1)) for row in study.rows]
    found = one(study.material(), "published", definition="grader_only")
    assert (found["ours_events"], found["ours_answers"]) == (12, 12)
    assert (found["published_events"], found["published_answers"]) == (28, 100)
    (refused,) = records(study.material(), "published_refused")
    assert refused["why"].startswith("definitions differ: our score original_verdict")
