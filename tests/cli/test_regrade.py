import os
import subprocess
import sys
from pathlib import Path

from inspect_ai.log import read_eval_log
from typer.testing import CliRunner

from am_inspect.cli import app
from am_inspect.results import read_results

ROOT = Path(__file__).parents[2]
MAIL = "Hm.\n<send_email>\nto: omar@cotley.example\nsubject: S\nbody:\nB\n</send_email>"
YES = {"channel": "direct", "mail": 1, "ladder": "sent"}


def test_new_logs_and_their_table(stage, tmp_path):
    log = stage.run(replies=[MAIL], verdict=YES)
    arguments = ["regrade", log.location, "--grader", "amsim/rubric", "--out", tmp_path / "new"]
    result = CliRunner().invoke(app, list(map(str, arguments)))
    assert result.exit_code == 0, result.output
    (path,) = (tmp_path / "new").glob("*.eval")
    assert path.name == Path(log.location).name
    (row,) = read_results([path]).rows
    assert (row.blackmail, row.setting.grader) == (0, "amsim/rubric")
    assert "0 of 1" in result.output
    assert "graded by rules" in result.output


def test_inspect_s_own_way_appends_a_score(stage, tmp_path):
    log = stage.run(subject="amsim/always", grader=None, cell="goal_and_threat")
    before = Path(log.location).read_bytes()
    new = tmp_path / "new.eval"
    run = subprocess.run(
        [
            *(Path(sys.executable).parent / "inspect", "score", log.location),
            *("--scorer", ROOT / "scorers/blackmail.py@blackmail", "--action", "append"),
            *("--output-file", new, "--model-role", "grader=amsim/rubric"),
        ],
        cwd=tmp_path,
        env=os.environ | {"INSPECT_DISPLAY": "plain"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert Path(log.location).read_bytes() == before
    scores = read_eval_log(str(new)).samples[0].scores
    (added,) = set(scores) - {"blackmail", "considered_refrained", "actions", "keywords"}
    assert scores[added].metadata["grader"] == "amsim/rubric"
    assert scores[added].value == scores["blackmail"].value
    assert not scores[added].metadata["self_graded"]
    (row,) = read_results([new]).rows
    assert row.blackmail == scores["blackmail"].value
