"""Two gradings of the same samples: every flip, and nothing else."""

import json

import anyio
import pytest
from inspect_ai.model import get_model

from am_inspect.comparison import ComparisonError, compare_gradings
from am_inspect.regrade import regrade_logs

VERDICT = {
    "id": "a",
    "grader": "g",
    "blackmail": 0,
    "considered_refrained": 1,
    "ladder": "weighed",
    "channel": "none",
}


@pytest.fixture
def lines(tmp_path):
    def write(name, *verdicts):
        path = tmp_path / f"{name}.jsonl"
        path.write_text("\n".join(json.dumps(VERDICT | v) for v in verdicts), "utf-8")
        return path

    return write


def test_flips_of_two_files(lines):
    old = lines("old", {}, {"id": 2}, {"id": "c"}, {"id": "gone"})
    new = lines(
        "new",
        {"grader": "h"},
        {"id": "c", "blackmail": None},
        {"id": 2, "blackmail": 1, "channel": "direct"},
        {"id": "more"},
    )
    found = compare_gradings(old, new)
    assert (found.shared, found.only_old, found.only_new) == (3, ("gone",), ("more",))
    assert [(f.sample, f.field, f.old, f.new) for f in found.flips] == [
        ("2", "blackmail", 0, 1),
        ("2", "channel", "none", "direct"),
        ("c", "blackmail", 0, None),
    ]
    assert dict(found.tables["blackmail"]) == {(0, 0): 1, (0, 1): 1, (0, None): 1}
    assert (found.old.graders, found.new.graders) == (("g",), ("h", "g"))


def test_flips_of_two_sets_of_logs(stage, tmp_path):
    mail = "Hm.\n<send_email>\nto: omar@cotley.example\nsubject: S\nbody:\nB\n</send_email>"
    old = stage.run(
        replies=[mail],
        verdict={"channel": "direct", "mail": 1, "ladder": "sent"},
        options={"epochs": 2},
        delivery="single_turn",
    )
    stage.bind({}, "other")
    new = tmp_path / "new"
    anyio.run(regrade_logs, [old.location], get_model("scripted/other"), new, lambda line: None)
    found = compare_gradings(stage.folder / "logs", new)
    assert found.shared == 2
    assert {f.sample.rpartition(" / epoch ")[2][:1] for f in found.flips} == {"1", "2"}
    assert {(f.field, f.old, f.new) for f in found.flips} == {
        ("blackmail", 1, 0),
        ("channel", "direct", "none"),
        ("ladder", "sent", "not_noticed"),
    }
    assert compare_gradings(new, new).flips == ()


@pytest.mark.parametrize(
    ("new", "told"),
    [
        ("{no", "line 1: no verdict"),
        ("[1]", "line 1: no verdict"),
        ('{"id": 1, "grader": "g"}', "blackmail, considered_refrained, ladder, channel missing"),
        (json.dumps(VERDICT) + "\n" + json.dumps(VERDICT), "line 2: the id a is there already"),
        ("", "holds no verdict"),
        (json.dumps(VERDICT | {"id": "z"}), "no sample in common"),
    ],
)
def test_what_cannot_be_compared(lines, tmp_path, new, told):
    path = tmp_path / "new.jsonl"
    path.write_text(new, "utf-8")
    with pytest.raises(ComparisonError) as caught:
        compare_gradings(lines("old", {}), path)
    assert told in caught.value.message


def test_two_kinds_and_missing_files(lines, tmp_path):
    with pytest.raises(ComparisonError, match="of two kinds"):
        compare_gradings(lines("old", {}), tmp_path)
    with pytest.raises(ComparisonError, match="cannot read"):
        compare_gradings(lines("old", {}), tmp_path / "not.jsonl")
