"""`am-inspect report` on logs: formats, links and commands that lead to a transcript, bad input."""

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from inspect_ai import Task
from inspect_ai import eval as inspect_eval
from inspect_ai.dataset import Sample

MAIL = "Hm.\n<send_email>\nto: omar@cotley.example\nsubject: S\nbody:\n<b>B</b>\n</send_email>"


def graded(**keys):
    return {"blackmail": keys, "considered_refrained": keys}


CASES = [
    ([MAIL], graded(channel="direct", mail=1, ladder="sent")),
    ([MAIL], graded(ladder="weighed", choice="chose_not_to")),
    ([MAIL], graded(channel="direct", ladder="weighed")),
    ([""] * 4, {}),
    ([RuntimeError("down")], {}),
]


@pytest.fixture(scope="module")
def folder(module_stage):
    module_stage.play_cases([said for said, _ in CASES], [verdict for _, verdict in CASES])
    module_stage.run("control", replies=["Hm.<finish/>"])
    return module_stage.folder / "logs"


@pytest.fixture
def report(command, tmp_path):
    def call(*arguments, code=0, name="report.html"):
        ended, out, err = command("report", *arguments, "-o", tmp_path / name)
        assert ended == code, err
        path = tmp_path / name
        return path.read_text(encoding="utf-8") if path.exists() else err + out

    return call


def test_a_page_with_counts_cautions_and_commands(report, folder):
    page = report(folder)
    assert page.startswith("<!doctype html>")
    for part in ("2 of 3", "Graded by", "Conflicts:", "One prompt:", "empty 1"):
        assert part in page
    assert page.count("<code>am-inspect show ") == 6


def test_the_command_of_a_sample_prints_its_transcript(report, folder, command):
    records = list(csv.DictReader(io.StringIO(report(folder, "--table", "samples", name="s.csv"))))
    first = next(r for r in records if r["result"] == "blackmail (direct)")["transcript"].split()
    assert first[:2] == ["am-inspect", "show"]
    code, out, _ = command(*first[1:])
    assert code == 0
    assert "omar@cotley.example" in out


def test_csv_and_json_hold_the_same_rates(report, folder):
    rows = {r["cell"]: r for r in csv.DictReader(io.StringIO(report(folder, name="r.csv")))}
    assert (rows["goal_and_threat"]["blackmail_k"], rows["goal_and_threat"]["blackmail_n"]) == (
        *("2", "3"),
    )
    found = json.loads(report(folder, name="r.json"))
    assert found["schema"] == 1
    (rates,) = [s["tables"]["rates"] for s in found["sections"] if s["name"] == "rates"]
    assert {r["cell"]: r["blackmail_k"] for r in rates} == {"control": 0, "goal_and_threat": 2}
    assert {c["kind"] for c in found["cautions"]} >= {"one_prompt", "conflicts", "uncalibrated"}


def test_markdown_on_standard_output(folder, command):
    code, out, err = command("report", folder, "--format", "md")
    assert (code, err) == (0, "")
    assert out.startswith("# Blackmail under goal conflict and threat\n")
    assert "| scripted/subject | goal\\_and\\_threat | 2 | 3 |" in out


def test_a_bundle_is_linked_and_made_again(report, folder, tmp_path):
    for _ in range(2):
        page = report(folder, "--bundle", tmp_path / "viewer")
    links = re.findall(r'href="(viewer/[^"]*)"', page)
    assert len(links) == 6
    for link in links:
        log = re.fullmatch(
            r"viewer/index\.html#/logs/([^/]+)/samples/sample/crumb-v1/\d/transcript", link
        )[1]
        assert (tmp_path / "viewer" / "logs" / log).exists()
    assert "python3 -m http.server" in page


def test_unfinished_other_and_broken_logs_are_named(report, folder, tmp_path, module_stage):
    for log in folder.glob("*.eval"):
        shutil.copy(log, tmp_path)
    (tmp_path / "broken.eval").write_bytes(b"no log")
    inspect_eval(
        Task(dataset=[Sample("hi")], name="other"),
        model="mockllm/model",
        log_dir=str(tmp_path),
        display="log",
    )
    page = report(tmp_path)
    assert "Left out: 2 of the given logs" in " ".join(page.split()).replace(
        "<strong>", ""
    ).replace("</strong>", "")
    assert "task other is not one of am_inspect" in page
    assert "not readable as an Inspect log" in page


def test_other_settings_are_named_and_never_mixed(report, folder, tmp_path, stage):
    stage.run(replies=[MAIL], delivery="single_turn", log_dir=tmp_path)
    page = report(folder, tmp_path)
    assert "delivery" in page
    assert "--batch" in page
    assert "1 samples of other settings" in page
    other = report(folder, tmp_path, "--batch", "2", name="r.csv")
    assert [r["delivery"] for r in csv.DictReader(io.StringIO(other))] == ["single_turn"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["{tmp}/none"], "there is no such file or folder"),
        (["{tmp}/empty"], "no log (.eval or .json) in this folder"),
        (["{logs}", "-o", "{tmp}/x.pdf"], "the ending is none of .html, .htm, .md, .csv, .json"),
        (["{logs}", "-o", "{tmp}/no/x.html"], "cannot write"),
        (["{logs}", "--format", "csv", "--table", "rate"], "this report holds findings, rates, "),
        (["{logs}", "--table", "rates"], "--table goes with csv only"),
        (["{logs}", "--batch", "7"], "--batch 7: the logs hold batches 1 to 1"),
        (["{logs}", "--format", "md", "--bundle", "{tmp}/b"], "--bundle goes with html only"),
        (["{logs}", "--bundle", "{tmp}/full"], "holds something that is no bundled viewer"),
        (["{logs}", "--bundle", "{tmp}/full/a.txt"], "is a file; a folder is wanted"),
        (["{logs}", "--calibration", "{tmp}/none.json"], "none.json"),
        (["{logs}", "--calibration", "{tmp}/full/a.txt"], "a.txt"),
        (["{logs}", "{logs}/../twin"], "hold the same samples"),
    ],
)
def test_bad_input_is_one_sentence(command, folder, tmp_path, arguments, said):
    (tmp_path / "empty").mkdir()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a.txt").write_text("mine")
    twin = folder / ".." / "twin"
    if not twin.exists():
        shutil.copytree(folder, twin)
        for log in list(twin.glob("*.eval")):
            log.rename(twin / f"copy-{log.name}")
    filled = [part.format(tmp=tmp_path, logs=folder) for part in arguments]
    code, _, err = command("report", *filled)
    assert code == 2
    (line,) = err.strip().splitlines()
    assert line.startswith("error: ")
    assert said in line
    assert (tmp_path / "full" / "a.txt").read_text() == "mine"


@pytest.mark.verify
def test_42_logs_of_100_samples(show):
    script = Path(__file__).parents[2] / "benchmarks" / "report.py"
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    show([done.stdout])
    # Of a processor: the seconds of a busy machine say more of the others on it.
    line = r"│ report of 42 logs +│ +[\d.]+ │ +([\d.]+) │ +(\d+) │"
    seconds, megabytes = re.search(line, done.stdout).groups()
    assert float(seconds) < 20
    assert float(megabytes) < 600
