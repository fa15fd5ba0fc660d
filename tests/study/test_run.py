"""A study goes on where it was cut off, runs only what is new, and stops at its budget."""

import os
import signal
import time
from multiprocessing import get_context
from pathlib import Path

import pytest
from inspect_ai.hooks import Hooks, SampleEnd, hooks
from inspect_ai.model import ModelAPI, ModelOutput, modelapi
from inspect_ai.util import store
from typer.testing import CliRunner

from am_inspect._seeds import derive_seed
from am_inspect.cli import app
from am_inspect.mail.mailbox import Mailbox
from am_inspect.results import read_results, read_states
from am_inspect.study import StudyError, load_plan, run_study, study_progress

SAMPLE = tuple[str, str, str, int]


def run(path):
    return run_study(load_plan(path), lambda line: None, doctor=False)


def samples_in(folder) -> dict[SAMPLE, str]:
    """Which run of each sample the logs hold; none may stand in two logs."""
    states = read_states(folder)
    pairs = [((s.model, s.cell, *key), uuid) for s in states for key, uuid in s.ended.items()]
    assert len(pairs) == len(dict(pairs)), "a sample stands in two logs"
    return dict(pairs)


def test_what_is_new_runs_alone(write_spec, tmp_path):
    folder = tmp_path / "logs"
    model = {"name": "qwen", "providers": {"amsim": {"model": "qwen-2.5-7b"}}}
    changes: dict = {}
    held: dict = {}
    # Each step, and how many samples of one world's first variant it adds.
    for change, added in (
        ({}, 2),
        ({}, 0),
        ({"epochs": 2}, 2),
        ({"cells": ["control", "safety"]}, 4),
        ({"variants": [1, 2]}, 8),
        ({"add": model}, 8),
    ):
        if "add" in change:
            change = {"models": [*load_models(write_spec()), change["add"]]}
        changes |= change
        outcome = run(write_spec(**changes))
        assert outcome.ending == "complete", outcome.why
        now = samples_in(folder)
        assert held.items() <= now.items(), f"run again after {change}"
        assert len(now) - len(held) == added, change
        held = now
    assert len(read_results([folder]).rows) == len(held) == 24


def load_models(path):
    return [
        {"name": s.entry.name, "providers": {"amsim": {"model": s.source.model}}}
        for s in load_plan(path).subjects
    ]


def test_other_settings_are_refused_before_anything_runs(write_spec, tmp_path):
    run(write_spec())
    held = samples_in(tmp_path / "logs")
    for change, named in (
        ({"delivery": "paced"}, r"delivery \('single_turn' there, 'paced' now\)"),
        ({"generate": {"temperature": 0.5}}, "generate"),
        ({"seed": 3}, "seed"),
        ({"grader": {"model": "amsim/hasty-grader"}}, "amsim/rubric"),
    ):
        with pytest.raises(StudyError, match=named):
            run(write_spec(**change))
    assert samples_in(tmp_path / "logs") == held


def test_a_log_that_is_no_study_s_is_refused(write_spec, stage, tmp_path):
    stage.run("control", subject="amsim/phi-4", grader=None, log_dir=tmp_path / "logs")
    with pytest.raises(StudyError, match="is no log of a study"):
        run(write_spec())


def test_it_stops_at_the_budget_and_goes_on_with_more(write_spec, tmp_path):
    small = {"epochs": 8, "limits": {"max_samples": 1, "max_tasks": 1}}
    tokens = 4_000
    stopped = run(write_spec(**small, budget={"tokens": tokens}))
    held = samples_in(tmp_path / "logs")
    assert stopped.ending == "budget"
    assert f"of {tokens:,} tokens" in str(stopped.why)
    assert 0 < len(held) < 16
    # The last sample may pass the budget; none starts after that.
    each = stopped.progress.tokens / len(held)
    assert tokens <= stopped.progress.tokens < tokens + 2 * each
    again = run(write_spec(**small, budget={"tokens": tokens}))
    assert again.ending == "budget"
    assert samples_in(tmp_path / "logs") == held
    done = run(write_spec(**small, budget={"tokens": 10**9}))
    assert done.ending == "complete"
    now = samples_in(tmp_path / "logs")
    assert len(now) == 16
    assert held.items() <= now.items()


def test_a_price_makes_a_budget_in_dollars(write_spec):
    price = {"input": 1000, "output": 1000}
    models = [{"name": "phi", "providers": {"amsim": {"model": "phi-4", "price": price}}}]
    spec = {"models": models, "epochs": 8, "limits": {"max_samples": 1}}
    stopped = run(write_spec(**spec, budget={"usd": 5.0}))
    assert stopped.ending == "budget"
    assert stopped.progress.usd == pytest.approx(stopped.progress.tokens / 1000)
    assert 5.0 <= stopped.progress.usd < 15.0


@modelapi(name="flaky")
class Flaky(ModelAPI):
    """Fails for the samples of one epoch while it is broken."""

    broken = True

    async def generate(self, input, tools, tool_choice, config):
        if Flaky.broken and Mailbox.of(store()).seed == derive_seed(0, "crumb-v1", 2):
            raise RuntimeError("no answer from the host")
        return ModelOutput.from_content(self.model_name, "<finish/>")


def test_a_sample_that_ended_in_an_error_is_tried_again(write_spec, tmp_path):
    models = [{"name": "host", "providers": {"flaky": {"model": "m"}}}]
    path = write_spec(provider="flaky", models=models, epochs=4)
    Flaky.broken = True
    first = run(path)
    held = samples_in(tmp_path / "logs")
    assert first.ending == "incomplete"
    assert "1 of 4 samples ended in an error" in str(first.why)
    assert len(held) == 3
    Flaky.broken = False
    assert run(path).ending == "complete"
    now = samples_in(tmp_path / "logs")
    assert len(now) == 4
    assert held.items() <= now.items()


def test_a_panel_s_other_members_grade_the_same_samples(write_spec, tmp_path):
    panel = [{"model": "amsim/rubric"}, {"model": "amsim/hasty-grader"}]
    outcome = run(write_spec(grader=None, panel=panel))
    (folder,) = outcome.panel
    rows = read_results([folder]).rows
    assert {row.setting.grader for row in rows} == {"amsim/hasty-grader"}
    first = read_results([tmp_path / "logs"]).rows
    assert {(r.setting.model, r.scenario) for r in rows} == {
        (r.setting.model, r.scenario) for r in first
    }


@hooks(name="witness", description="Writes a line for each sample that has ended, for the tests.")
class Witness(Hooks):
    """On disk before anything goes on: a kill cannot take it back."""

    def enabled(self) -> bool:
        return bool(WITNESS)

    async def on_sample_end(self, data: SampleEnd) -> None:
        with open(WITNESS[0], "a", encoding="utf-8") as file:
            file.write(f"{data.sample.uuid}\n")
            file.flush()
            os.fsync(file.fileno())


WITNESS: list[Path] = []


def run_command(path, out):
    """What a child process does: the command, with its output in a file."""
    with out.open("w", encoding="utf-8") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    app(["study", "run", str(path)])


def test_after_kill_9_nothing_is_lost_and_nothing_runs_twice(write_spec, tmp_path):
    limits = {"max_samples": 1, "max_tasks": 2}
    path = write_spec(epochs=8, limits=limits)
    witness = tmp_path / "ended.txt"
    WITNESS.append(witness)
    # A fork has all modules loaded, which takes a new process of Inspect many seconds.
    child = get_context("fork").Process(target=run_command, args=(path, tmp_path / "out.txt"))
    try:
        child.start()
        until = time.monotonic() + 120
        while len(lines_of(witness)) < 5:
            assert child.is_alive(), (tmp_path / "out.txt").read_text(encoding="utf-8")
            assert time.monotonic() < until
            time.sleep(0.005)
        os.kill(child.pid, signal.SIGKILL)
        child.join()
        killed = lines_of(witness)
        assert len(killed) < 16, "the kill came too late to show anything"
        result = CliRunner().invoke(app, ["study", "run", str(path)])
        assert result.exit_code == 0, result.output
    finally:
        WITNESS.clear()
    held = samples_in(tmp_path / "logs")
    told = lines_of(witness)
    assert len(held) == 16
    assert len(set(told)) == len(told)
    assert set(told) <= set(held.values()), "a sample that had ended is lost, or was run again"
    # At the kill, a sample in each of two tasks may have been written and not yet told.
    assert len(told) >= 16 - limits["max_tasks"]
    assert len(read_results([tmp_path / "logs"]).rows) == 16
    assert study_progress(load_plan(path)).complete


def lines_of(path):
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []
