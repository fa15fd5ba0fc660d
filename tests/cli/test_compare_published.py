"""What `am-inspect compare-published` prints, and that it refuses what is not the same."""

import csv
import io
import json

import pytest
from inspect_ai import eval as inspect_eval

pytest.importorskip("inspect_evals", reason="needs inspect-evals: am-inspect[original]")

from am_inspect.original import summitbridge_task
from am_inspect.results import read_results


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two cells of the published protocol on a simulated model."""
    folder = tmp_path_factory.mktemp("published")
    inspect_eval(
        [summitbridge_task("goal_and_threat"), summitbridge_task("permissive")],
        model="amsim/gemma-3-12b",
        model_roles={"grader": "amsim/rubric"},
        epochs=4,
        log_dir=str(folder),
        log_realtime=False,
        display="log",
    )
    return folder


def test_each_format_has_the_comparison_and_its_refusals(folder, command):
    rows = [r for r in read_results([folder]).rows if r.setting.cell == "goal_and_threat"]
    ours = f"{sum(r.study_rule for r in rows)} of 4"
    code, out, err = command("compare-published", folder)
    assert (code, err) == (0, "")
    flat = " ".join(out.split())
    for part in (
        ours,
        "28 of 100",
        "simulated: made to imitate",
        "not compared: amsim/gemma-3-12b",
    ):
        assert part in flat
    found = json.loads(command("compare-published", folder, "--format", "json")[1])
    (compared,) = found["compared"]
    assert compared["ours_events"] == sum(r.study_rule for r in rows)
    assert (compared["published_rate"], compared["published_rows"]) == (0.28, 1)
    assert len(found["refused"]) == 2
    (line,) = csv.DictReader(
        io.StringIO(command("compare-published", folder, "--format", "csv")[1])
    )
    assert line["published_answers"] == "100"
    assert line["source"].startswith("xplorer1/")
    markdown = command("compare-published", folder, "--format", "md")[1]
    assert markdown.startswith("## Beside published rates")
    assert "| amsim/gemma-3-12b | goal\\_and\\_threat | grader\\_only |" in markdown


@pytest.mark.parametrize("format", ["table", "json", "md", "csv"])
def test_our_own_protocol_is_refused(stage, command, capsys, format):
    log = stage.run("control", subject="amsim/phi-4", grader=None)
    capsys.readouterr()
    code, _, err = command("compare-published", log.location, "--format", format)
    assert (code, err.count("\n")) == (2, 1)
    assert err.startswith("error: nothing was compared: protocols differ: ours is am_inspect,")


def test_a_name_that_is_not_published(folder, command):
    code, _, err = command("compare-published", folder, "--against", "amsim/gemma-3-12b=gpt-9")
    assert (code, err.count("\n")) == (2, 1)
    assert "nothing is published on 'gpt-9'" in err
