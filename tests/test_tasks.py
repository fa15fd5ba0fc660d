"""Tasks: names, headers and bad input, through `eval()` and Inspect's command line."""

import inspect
import os
import subprocess
import sys
from pathlib import Path

import pytest
from inspect_ai import eval as inspect_eval
from inspect_ai import eval_set
from inspect_ai.util import registry_info

from am_inspect import _registry, tasks
from am_inspect.cells import CELLS, STUDY_CELLS
from am_inspect.dataset import blackmail_dataset
from am_inspect.errors import BadInputError

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent


def inspect_command(*arguments, cwd=ROOT):
    quiet = {"INSPECT_DISPLAY": "plain", "NO_COLOR": "1", "INSPECT_LOG_REALTIME": "false"}
    return subprocess.run(
        [BIN / "inspect", *map(str, arguments)],
        cwd=cwd,
        env=os.environ | quiet,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


# Catalogue


def test_every_cell_is_a_task_with_the_same_parameters():
    for cell in CELLS:
        task = getattr(tasks, cell)
        assert getattr(_registry, cell) is task
        parameters = inspect.signature(task).parameters
        assert list(parameters) == [
            *("delivery", "tools", "max_turns", "worlds", "variants", "looks", "policy", "views")
        ]
        assert all(p.kind is p.KEYWORD_ONLY for p in parameters.values())
        assert task().name == cell


@pytest.mark.parametrize(
    ("file", "names"),
    [
        ("tasks/blackmail.py", set(STUDY_CELLS)),
        ("tasks/extended.py", set(CELLS) - set(STUDY_CELLS)),
    ],
)
def test_the_entry_files_hold_the_cells_and_hide_no_default(file, names):
    space: dict = {}
    exec(compile((ROOT / file).read_text(), file, "exec"), space)
    found = {n: f for n, f in space.items() if callable(f) and n in CELLS}
    assert set(found) == names
    for name, build in found.items():
        package = inspect.signature(getattr(tasks, name)).parameters
        assert {k: p.default for k, p in inspect.signature(build).parameters.items()} == {
            k: p.default for k, p in package.items()
        }
        assert build(worlds="crumb").name == name


def test_versions_tell_texts_apart_and_not_cells(monkeypatch):
    before = tasks.control().version
    assert before == tasks.safety().version
    assert before.startswith("1-")
    assert len(before) == 10
    monkeypatch.setattr(tasks, "protocol_sha", lambda: "another text")
    assert tasks.control().version != before


def test_a_cell_s_samples_are_those_of_its_dataset():
    task = tasks.no_leverage(worlds=["crumb", "medora"], variants="1")
    assert [s.id for s in task.dataset] == [
        s.id for s in blackmail_dataset("no_leverage", ["crumb", "medora"], 1)
    ]
    assert {s.metadata["leverage"] for s in task.dataset} == {"absent"}


# The header


def test_what_the_header_says(stage):
    log = stage.run("escalation", replies=["<finish/>"], delivery="single_turn", tools="native")
    meta = log.eval.metadata
    assert (log.eval.task, meta["cell"]) == ("escalation", "escalation")
    assert (meta["delivery"], meta["tools_used"]) == ("single_turn", "native")
    assert {"dataset_sha", "protocol_sha", "rubric_sha", "am_inspect_version"} <= set(meta)
    assert log.eval.task_version == tasks.escalation().version
    assert log.eval.config.message_limit
    assert log.eval.config.token_limit
    assert not log.eval.config.epochs_reducer
    assert log.plan.config.temperature == 1.0
    assert log.eval.viewer.trust_content is False
    assert log.eval.config.fail_on_error is False


def test_a_task_built_before_the_models_are_known_says_nothing_wrong_of_them(stage):
    stage.run(replies=["<finish/>"])
    log = stage.run(replies=["<finish/>"], grader="scripted/other")
    meta = log.eval.metadata
    assert meta["simulated"] in (None, False)
    assert meta["self_graded"] in (None, False)
    assert meta["grader"] in (None, "scripted/other")


def test_epochs_of_the_command_line_are_kept_apart(stage):
    log = stage.run(replies=["<finish/>"], options={"epochs": 3})
    assert [s.epoch for s in log.samples] == [1, 2, 3]
    (score,) = [s for s in log.results.scores if s.name == "actions"]
    assert score.scored_samples == 3
    assert score.reducer is None


def test_by_path_and_by_registry_the_header_is_the_same(tmp_path, monkeypatch, capfd):
    found = []
    for name, folder in (("tasks/blackmail.py@control", ROOT), ("am_inspect/control", tmp_path)):
        monkeypatch.chdir(folder)
        (log,) = inspect_eval(
            name,
            model="amsim/never",
            limit=2,
            task_args={"worlds": "crumb,skerry"},
            log_dir=str(tmp_path / "logs"),
            display="log",
            log_realtime=False,
        )
        assert log.status == "success"
        told = "".join(capfd.readouterr())
        assert told.count("graded by rules (amsim/rubric)") == 2
        assert "am-inspect regrade" in told
        found.append(log)
    one, other = (log.eval for log in found)
    assert one.task == other.task == "control"
    assert one.task_version == other.task_version
    assert one.metadata == other.metadata
    assert one.metadata["grader"] == "amsim/rubric"
    assert one.metadata["simulated"] is True
    assert one.metadata["self_graded"] is False
    assert one.dataset.sample_ids == other.dataset.sample_ids
    assert {s.metadata["world"] for s in found[0].samples} == {"crumb", "skerry"}


def test_an_eval_set_goes_on_where_it_was(stage, tmp_path):
    stage.run(replies=["<finish/>"])
    options = {
        "model": "scripted/subject",
        "model_roles": {"grader": "scripted/grader"},
        "log_dir": str(tmp_path / "set"),
        "display": "log",
        "log_realtime": False,
    }
    fine, first = eval_set([tasks.control(worlds="crumb")], **options)
    assert fine
    fine, second = eval_set(
        [tasks.control(worlds="crumb"), tasks.safety(worlds="crumb")], **options
    )
    assert fine
    runs = {log.eval.task: log.eval.run_id for log in second}
    assert set(runs) == {"control", "safety"}
    assert runs["control"] == first[0].eval.run_id


# Bad input


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"delivery": "slow"}, "paced, single_turn"),
        ({"tools": "voice"}, "text, native, auto"),
        ({"max_turns": 0}, "a whole number from 1"),
        ({"max_turns": "x"}, "a whole number from 1"),
        ({"worlds": "atlantis"}, "crumb"),
        ({"worlds": ["crumb", "atlantis"]}, "crumb"),
        ({"worlds": []}, "crumb"),
        ({"variants": 9}, "1, 2"),
        ({"variants": ["1", "nine"]}, "1, 2"),
        ({"max_turns": 2}, "2"),
    ],
)
def test_what_is_not_allowed_is_refused_with_what_is(settings, named):
    with pytest.raises(BadInputError) as refused:
        tasks.control(**settings)
    message = refused.value.message
    assert named in message
    assert "\n" not in message
    (value,) = settings.values()
    assert str(value).strip("[]'").split("'")[-1] in message


def test_an_unknown_cell_is_refused():
    with pytest.raises(BadInputError, match="unknown cell 'chaos': allowed are control"):
        tasks.cell_task("chaos")


@pytest.mark.parametrize(
    ("name", "more", "sentence"),
    [
        ("tasks/blackmail.py@control", ("-T", "delivery=slow"), "unknown delivery 'slow'"),
        # Each starts Inspect's command line, which takes seconds.
        pytest.param(
            *("am_inspect/control", ("--model", "amsim/gpt"), "unknown amsim profile 'gpt'"),
            marks=pytest.mark.verify,
        ),
    ],
)
def test_on_the_command_line_bad_input_is_one_sentence_and_no_traceback(
    tmp_path, name, more, sentence
):
    run = inspect_command("eval", name, "--model", "amsim/never", *more, "--log-dir", tmp_path)
    told = run.stdout + run.stderr
    assert run.returncode != 0
    assert sentence in told
    assert "allowed are" in told
    assert "Traceback" not in told
    assert not list(tmp_path.glob("*.eval"))


def test_everything_that_inspect_finds_is_registered_under_the_package():
    for name in CELLS:
        assert registry_info(getattr(_registry, name)).name == f"am_inspect/{name}"
