"""Results on disk that a later run goes on with."""

import json

import pytest

from am_inspect._ledger import Ledger, LedgerError

RUN = {"grader": "g", "rubric_sha": {"blackmail": "1"}}


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "new" / "out.jsonl"
    ledger = Ledger(path, RUN)
    ledger.keep([])
    ledger.add({"id": "a", "said": "Grüße\u2028"})
    ledger.add({"id": "b"})
    return path


def test_each_result_is_on_disk_at_once(path):
    assert [line["id"] for line in Ledger(path, RUN).lines] == ["a", "b"]
    assert Ledger(path, RUN).lines[0]["said"] == "Grüße\u2028"


def test_a_line_without_its_end_is_left_out_and_then_gone(path):
    path.write_text(path.read_text("utf-8") + '{"id": "c", "sai', "utf-8")
    ledger = Ledger(path, RUN)
    assert [line["id"] for line in ledger.lines] == ["a", "b"]
    ledger.keep(ledger.lines)
    ledger.add({"id": "c"})
    assert [json.loads(line)["id"] for line in path.read_text("utf-8").splitlines()] == [*"abc"]
    assert [line["id"] for line in Ledger(path, RUN).lines] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("run", "told"),
    [
        (RUN | {"grader": "h"}, "another grader (g, now h)"),
        (RUN | {"rubric_sha": {"blackmail": "2"}}, "another rubric sha"),
        (RUN | {"gold_sha": "x"}, "another gold sha"),
    ],
)
def test_another_run_s_results_are_refused(path, run, told):
    before = path.read_bytes()
    with pytest.raises(LedgerError, match="holds results with") as caught:
        Ledger(path, run)
    assert told in caught.value.message
    assert path.read_bytes() == before


def test_results_of_unknown_origin_are_refused(path):
    note = path.with_name("out.jsonl.run.json")
    note.unlink()
    with pytest.raises(LedgerError, match=r"out\.jsonl\.run\.json"):
        Ledger(path, RUN)


def test_a_file_of_something_else_is_refused(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("Dear diary\nToday", "utf-8")
    with pytest.raises(LedgerError, match="line 1: no result"):
        Ledger(path, RUN)
    assert path.read_text("utf-8") == "Dear diary\nToday"


def test_a_file_that_cannot_be_written_is_bad_input(tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(LedgerError, match="cannot write"):
        Ledger(tmp_path / "file" / "out.jsonl", RUN).keep([])


def test_a_complete_file_gets_its_name(path):
    Ledger(path, RUN).move_to(path.with_name("done.jsonl"))
    assert [file.name for file in path.parent.iterdir()] == ["done.jsonl"]
