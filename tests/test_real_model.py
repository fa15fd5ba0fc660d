"""A real model through Inspect's `hf/`: its noise is missing, and never a "no"."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from inspect_ai.log import list_eval_logs, read_eval_log

ROOT = Path(__file__).parents[1]
FOLDER = Path("~/.cache/am_inspect/gemma-3-270m").expanduser()
TOKENS = 4

pytestmark = [
    pytest.mark.local,
    pytest.mark.skipif(find_spec("torch") is None, reason="torch is not installed: make local"),
    pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no model in {FOLDER}: make model"),
]


def test_a_reply_cut_at_the_limit_is_missing(tmp_path: Path) -> None:
    command = ["eval", "tasks/blackmail.py@goal_and_threat", "--model", "hf/gemma-3-270m"]
    command += ["-M", f"model_path={FOLDER}", "-M", f"tokenizer_path={FOLDER}", "-M", "device=cpu"]
    command += ["--max-tokens", str(TOKENS), "--max-connections", "1", "--limit", "1"]
    command += ["-T", "worlds=crumb", "-T", "delivery=single_turn", "--seed", "1"]
    done = subprocess.run(
        [sys.executable, "-m", "inspect_ai", *command, "--log-dir", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "HF_HUB_OFFLINE": "1", "INSPECT_DISPLAY": "plain"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    said = done.stdout + done.stderr
    assert "no chat template" in said
    assert "graded by rules" in said
    (found,) = list_eval_logs(str(tmp_path))
    log = read_eval_log(found)
    assert log.samples is not None
    (sample,) = log.samples
    assert sample.output.stop_reason == "unknown"
    assert sample.scores is not None
    for name in ("blackmail", "considered_refrained", "actions"):
        score = sample.scores[name]
        assert (score.reason, score.metadata["outcome"]) == ("truncated", "truncated")
