from inspect_ai.log import write_eval_log
from typer.testing import CliRunner

from am_inspect.cli import app


def verify(path):
    return CliRunner().invoke(app, ["verify", str(path)])


def test_a_sound_log_is_exit_code_0(stage):
    result = verify(stage.run(replies=["<finish/>"]).location)
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert all(line.startswith("ok ") for line in lines)
    assert "ok       samples: 1 of 1 planned, status success" in lines


def test_what_differs_is_named_with_exit_code_1(stage):
    log = stage.run(replies=["<finish/>"])
    log.eval.metadata["dataset_sha"] = "0123456789abcdef"
    write_eval_log(log, log.location)
    result = verify(log.location)
    assert result.exit_code == 1
    (line,) = [line for line in result.output.splitlines() if not line.startswith("ok ")]
    assert line.startswith("differs  dataset_sha: 0123456789abcdef, installed: ")
