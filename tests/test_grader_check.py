import pytest
from inspect_ai import eval as inspect_eval
from inspect_ai.model import get_model

from am_inspect._grader_check import GraderUnreachableError, reach
from am_inspect.tasks import cell_task


def ask(name):
    return get_model(f"scripted/{name}", memoize=False)


def test_a_grader_that_does_not_answer_stops_the_run_before_any_sample(stage, tmp_path):
    stage.run(replies=["<finish/>"])
    stage.bind(None, "dead")
    stage.grader.say = lambda *_: ConnectionError("connection refused")
    (log,) = inspect_eval(
        cell_task("control", worlds="crumb"),
        model="scripted/subject",
        model_roles={"grader": "scripted/dead"},
        log_dir=str(tmp_path),
        display="log",
        log_realtime=False,
    )
    assert log.status == "error"
    assert "the grader scripted/dead does not answer" in log.error.message
    assert "connection refused" in log.error.message
    assert not log.samples


def test_the_grader_is_asked_once_before_the_run(stage):
    stage.run(replies=["<finish/>"], variants=None)
    first, *graded = [prompt[0].text for prompt in stage.grader.prompts]
    assert "# Record" not in first
    assert len(graded) == 4


@pytest.mark.parametrize("grader", [None, "amsim/rubric"])
def test_the_embedded_rules_need_no_reaching(stage, grader):
    assert stage.run(replies=["<finish/>"], grader=grader).status == "success"


async def _reach(name):
    await reach(ask(name))


def test_reaching_says_who_and_why(stage):
    import anyio

    stage.bind("ready", "fine")
    anyio.run(_reach, "fine")
    stage.bind(PermissionError("bad key"), "locked")
    stage.grader.say = lambda *_: PermissionError("bad key")
    with pytest.raises(GraderUnreachableError, match=r"scripted/locked.*PermissionError: bad key"):
        anyio.run(_reach, "locked")
