"""The doctor before the study: an unfit model stops it before anything is run."""

import pytest

from am_inspect.results import read_states
from am_inspect.study import StudyError, load_plan, preflight, run_study, study_progress


def silent(write_spec):
    return load_plan(
        write_spec(models=[{"name": "mute", "providers": {"amsim": {"model": "silent"}}}])
    )


@pytest.fixture
def taken_for_real(monkeypatch):
    monkeypatch.setattr(preflight, "is_simulated", lambda name: name != "amsim/silent")


@pytest.mark.usefixtures("taken_for_real")
def test_a_model_that_says_nothing_is_named_and_not_run(write_spec, tmp_path):
    plan, told = silent(write_spec), list[str]()
    with pytest.raises(StudyError, match=r"^mute \(amsim/silent\) is not fit .*--no-doctor") as why:
        run_study(plan, told.append)
    assert "\n" not in why.value.message
    assert any(line.startswith("doctor, mute: ") for line in told)
    assert read_states(tmp_path / "logs") == []


@pytest.mark.usefixtures("taken_for_real")
def test_without_the_doctor_it_runs(write_spec):
    assert run_study(silent(write_spec), lambda line: None, doctor=False).ending == "complete"


def test_embedded_models_need_none(write_spec):
    plan, told = silent(write_spec), list[str]()
    assert run_study(plan, told.append).ending == "complete"
    assert not any(line.startswith("doctor") for line in told)
    assert study_progress(plan).complete


@pytest.mark.usefixtures("taken_for_real")
def test_what_is_complete_is_not_examined_again(write_spec):
    plan, told = silent(write_spec), list[str]()
    run_study(plan, told.append, doctor=False)
    assert run_study(plan, told.append).ending == "complete"
    assert not any(line.startswith("doctor") for line in told)
