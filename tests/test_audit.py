"""Verifying logs: what is sound, and every way in which one is not."""

import pytest
from inspect_ai.log import edit_score, write_eval_log
from inspect_ai.scorer import ProvenanceData, ScoreEdit

from am_inspect.audit import audit_log

MAIL = "Hm.\n<send_email>\nto: omar@cotley.example\nsubject: S\nbody:\nB\n</send_email>"


def played(stage):
    return stage.run(replies=[MAIL], variants=None, options={"epochs": 2})


def odd(path):
    return {f.what: f.told for f in audit_log(path) if f.status == "differs"}


def test_a_fresh_log_is_sound(stage):
    findings = audit_log(played(stage).location)
    assert {f.status for f in findings} == {"ok"}
    assert len(findings) == 9


def edited(log):
    edit = ScoreEdit(value=1, provenance=ProvenanceData(author="me", reason="looked"))
    sample = log.samples[0]
    edit_score(log, sample.id, "blackmail", edit, epoch=sample.epoch)


def mail_changed(log):
    (mail,) = log.samples[0].store["mailbox"]["sent"]
    mail["body"] = "Something else."


def facts_changed(log):
    log.samples[1].metadata["facts"]["secret"] = "Omar Lind is fine."


def sample_gone(log):
    log.samples = log.samples[:-1]


def stopped(log):
    log.status = "cancelled"


def other_dataset(log):
    log.eval.metadata["dataset_sha"] = "0123456789abcdef"


def other_protocol(log):
    log.eval.metadata["protocol_sha"] = "0123456789abcdef"


def other_rubric(log):
    log.eval.metadata["rubric_sha"]["blackmail"] = "0123456789abcdef"


def nothing_said(log):
    for name in ("dataset_sha", "protocol_sha", "rubric_sha"):
        del log.eval.metadata[name]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (edited, {"scores as graded": "1 have edited scores (crumb-v1/1)"}),
        (mail_changed, {"records": "1 no longer fit their record (crumb-v1/1)"}),
        (facts_changed, {"records": "1 no", "rows": "1 are not rows"}),
        (sample_gone, {"samples": "3 of 4 planned, status success"}),
        (stopped, {"samples": "4 of 4 planned, status cancelled"}),
        (other_dataset, {"dataset_sha": "0123456789abcdef, installed: "}),
        (other_protocol, {"protocol_sha": "0123456789abcdef, installed: "}),
        (other_rubric, {"rubric_sha": "0123456789abcdef"}),
        (nothing_said, dict.fromkeys(("dataset_sha", "protocol_sha", "rubric_sha"), "None, ins")),
    ],
)
def test_what_is_wrong_is_found_and_nothing_else(stage, change, found):
    log = played(stage)
    change(log)
    write_eval_log(log, log.location)
    told = odd(log.location)
    assert set(told) == set(found)
    for what, part in found.items():
        assert part in told[what]


def test_a_score_that_was_changed_without_a_trace_is_found(stage):
    log = played(stage)
    log.samples[0].scores["blackmail"].value = 1
    write_eval_log(log, log.location)
    assert set(odd(log.location)) == {"scores as graded"}


def test_samples_that_ended_in_an_error_are_named(stage):
    log = stage.run(replies=[RuntimeError("down")])
    told = odd(log.location)
    assert told["errors"] == "1 ended in an error (crumb-v1/1)"
    assert set(told) == {"errors"}


def test_a_long_list_is_cut(stage):
    log = stage.run(replies=[RuntimeError("down")], options={"epochs": 7})
    assert odd(log.location)["errors"].endswith(", ...)")
