"""What a reader must know first: each caution appears when it should, and not else."""

from dataclasses import replace

import pytest

from am_inspect.report.cautions import cautions
from am_inspect.results import LeftOut

CLEAN = {"uncalibrated"}


def kinds(study):
    return {caution.kind for caution in cautions(study.material())}


def text(study, kind):
    (found,) = [c.text for c in cautions(study.material()) if c.kind == kind]
    return found


def test_a_clean_run_has_one_caution(study):
    assert kinds(study.add()) == CLEAN


@pytest.mark.parametrize(
    ("log", "kind", "part"),
    [
        ({"model": "amsim/gemma-3-12b"}, "simulated", "amsim/gemma-3-12b"),
        ({"model": "amsim/phi-4", "cell": "safety"}, "assumed", "in safety some"),
        ({"grader": "amsim/rubric"}, "rules", "no substitute"),
        ({"total": 6}, "few_worlds", "fewer than 8"),
        ({"total": 1}, "one_prompt", "One prompt"),
        ({"gone": 6}, "missing", "tester-8b goal_and_threat"),
        ({"run": {"status": "cancelled"}}, "unfinished", "goal_and_threat-0.eval"),
    ],
)
def test_one_log_one_more_caution(study, log, kind, part):
    study.add(**log)
    assert kind in kinds(study)
    assert part in text(study, kind).replace("all cells", "hf/a/tester-8b goal_and_threat")


@pytest.mark.parametrize(
    ("second", "kind"),
    [
        ({"cell": "control", "run": {"generation": {"temperature": 0.0}}}, "mixed_generation"),
        ({"cell": "control", "run": {"model_args": {"dtype": "int8"}}}, "mixed_generation"),
        ({"model": "hf/b/x-1b", "run": {"generation": {"temperature": 0.0}}}, "mixed_models"),
        ({"cell": "control", "run": {"versions": {"am_inspect": "0.2.0"}}}, "mixed_versions"),
        ({"cell": "control", "total": 5}, "worlds_differ"),
        ({"cell": "control", "total": 12, "delivery": "single_turn"}, "other_batches"),
        ({}, "pooled"),
    ],
)
def test_two_logs_that_do_not_match(study, second, kind):
    assert kind in kinds(study.add().add(**second))


def test_seeds_that_differ_by_design_are_no_mix(study):
    study.add(run={"generation": {"temperature": 0.7, "seed": 1}})
    study.add(model="hf/b/x-1b", run={"generation": {"temperature": 0.7, "seed": 2}})
    assert kinds(study) == CLEAN


def test_blank_cells_conflicts_ungraded_self_graded_and_left_out_logs(study):
    study.add().add(cell="control").add(model="hf/b/x-1b")
    rows = study.rows
    rows[0] = replace(rows[0], blackmail=1, channel="direct", ladder="weighed")
    rows[1] = replace(rows[1], missing="ungraded", blackmail=None, ladder=None)
    rows[2] = replace(rows[2], self_graded=True)
    study.left_out.append(LeftOut("other.eval", "task x is not one of am_inspect"))
    assert kinds(study) == CLEAN | {
        *("unbalanced", "conflicts", "ungraded", "self_graded", "left_out")
    }
    assert "hf/b/x-1b control" in text(study, "unbalanced")
    assert "1 of 108" in text(study, "ungraded")
