"""One set of equal settings, never a mix."""

import pytest

from am_inspect.report import BatchError, choose_batch


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"delivery": "single_turn"}, "delivery single_turn instead of paced"),
        ({"tools_used": "native"}, "tools native instead of text"),
        ({"grader": "x/y"}, "grader x/y instead of openai/judge"),
        ({"dataset_sha": "e"}, "dataset version e instead of dddddddddddd"),
        ({"protocol_sha": "q"}, "version of the protocol's text q instead of pppppppppppp"),
        ({"rubric_sha": "r3"}, "rubric version r3 instead of r1+r2"),
        ({"protocol": "summitbridge"}, "protocol summitbridge instead of am_inspect"),
    ],
)
def test_other_settings_are_another_batch_and_named(study, setting, said):
    study.add(cell="control").add(total=12, **setting)
    chosen = choose_batch(study.results().rows)
    assert {row.setting.cell for row in chosen.part.rows} == {"control"}
    (other,) = chosen.others
    assert chosen.part.batch.differs(other.batch) == said
    assert len(other.rows) == 12


def test_the_number_chooses_and_an_unknown_one_is_named(study):
    rows = study.add().add(total=12, delivery="single_turn").results().rows
    assert choose_batch(rows, 2).part.batch.delivery == "single_turn"
    for wrong in (0, 3):
        with pytest.raises(BatchError, match=f"--batch {wrong}: the logs hold batches 1 to 2"):
            choose_batch(rows, wrong)


def test_a_log_without_any_answer_is_missing_not_another_batch(study):
    study.add().add(cell="control", gone=36, grader="", rubric_sha="")
    chosen = choose_batch(study.results().rows)
    assert chosen.others == ()
    assert len(chosen.part.rows) == 72


def test_ungraded_answers_are_another_batch(study):
    study.add().add(cell="control", total=12, grader="", rubric_sha="")
    assert len(choose_batch(study.results().rows).others) == 1
