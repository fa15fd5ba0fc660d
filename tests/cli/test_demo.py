from typer.testing import CliRunner

from am_inspect.cells import STUDY_CELLS
from am_inspect.cli import app
from am_inspect.cli.demo import DEMO_MODELS
from am_inspect.results import read_results


def test_the_demo_runs_the_six_cells_on_two_models_and_says_where_all_is(tmp_path):
    folder = tmp_path / "demo"
    result = CliRunner().invoke(app, ["demo", "--log-dir", str(folder), "--limit", "1"])
    assert result.exit_code == 0, result.output
    rows = read_results([folder]).rows
    assert {(row.setting.model, row.setting.cell) for row in rows} == {
        (model, cell) for model in DEMO_MODELS for cell in STUDY_CELLS
    }
    assert len(rows) == 12
    for part in (f"logs: {folder}", "inspect view --log-dir", "am-inspect show", "simulated"):
        assert part in result.output
