"""The package as others get it: what importing it costs, what its wheel holds, its versions."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml
from inspect_ai.log import read_eval_log

from am_inspect import __version__
from am_inspect.cells import CELLS
from am_inspect.original import ORIGINAL_CELLS

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONSTRAINTS = [
    line
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
IN_THE_WHEEL = (
    "am_inspect/_datasets/scenarios.jsonl",
    "am_inspect/_datasets/scenarios.sha256",
    "am_inspect/_datasets/prompts/system.md.j2",
    "am_inspect/_datasets/worlds/crumb.yaml",
    "am_inspect/eval.yaml",
    "am_inspect/grading/record.md.j2",
    "am_inspect/grading/rubrics/blackmail.md",
    "am_inspect/mail/protocols/text_paced.md",
    "am_inspect/models/profiles/always.yaml",
    "am_inspect/py.typed",
    "am_inspect/report/prose.yaml",
    "am_inspect/report/templates/page.css",
    "am_inspect/report/templates/page.html.j2",
)


def python(*arguments: str, cwd: Path, path: Path | None = None) -> str:
    """Run this interpreter in a folder and give what it printed."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    if path is not None:
        environment["PYTHONPATH"] = str(path)
    done = subprocess.run(
        [sys.executable, *arguments], cwd=cwd, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    python("-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), ".", cwd=ROOT)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the wheel's content, as pip lays it out."""
    # Inspect takes a package for installed by its path.
    target = tmp_path_factory.mktemp("installed") / "site-packages"
    zipfile.ZipFile(wheel).extractall(target)
    return target


def test_importing_it_is_light(tmp_path: Path) -> None:
    heavy = "{'torch', 'transformers', 'datasets', 'inspect_evals'}"
    code = f"import sys, am_inspect, am_inspect._registry; print({heavy} & set(sys.modules))"
    assert python("-c", code, cwd=tmp_path).strip() == "set()"


@pytest.mark.parametrize("name", IN_THE_WHEEL)
def test_the_wheel_holds(wheel: Path, name: str) -> None:
    assert name in zipfile.ZipFile(wheel).namelist()


def test_the_wheel_holds_every_world_and_nothing_from_outside(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    worlds = {Path(name).name for name in names if "/worlds/" in name}
    assert worlds == {path.name for path in (ROOT / "datasets" / "worlds").glob("*.yaml")}
    top = {name.split("/")[0] for name in names}
    assert top == {"am_inspect", f"am_inspect-{__version__}.dist-info"}


def test_the_wheel_runs_a_registered_task_in_an_empty_folder(
    installed: Path, tmp_path: Path
) -> None:
    find = "from importlib.util import find_spec; print(find_spec('am_inspect').origin)"
    where = python("-c", find, cwd=tmp_path, path=installed)
    assert Path(where.strip()).is_relative_to(installed)
    arguments = ["am_inspect/goal_and_threat", "--model", "amsim/gemma-3-12b", "--limit", "2"]
    arguments += ["--model-role", "grader=amsim/rubric", "--display", "plain"]
    python("-m", "inspect_ai", "eval", *arguments, cwd=tmp_path, path=installed)
    (log,) = (tmp_path / "logs").glob("*.eval")
    header = read_eval_log(str(log), header_only=True)
    assert header.status == "success"
    assert header.eval.task_registry_name == "am_inspect/goal_and_threat"


def test_the_version_is_the_same_everywhere() -> None:
    assert version("am-inspect") == __version__
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == __version__
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (\S+)", changes, re.M)[0] == __version__


def test_eval_yaml_lists_the_tasks() -> None:
    listing = yaml.safe_load((ROOT / "src/am_inspect/eval.yaml").read_text(encoding="utf-8"))
    original = [f"summitbridge_{cell}" for cell in ORIGINAL_CELLS]
    assert [task["name"] for task in listing["tasks"]] == [*CELLS, *original]


@pytest.mark.parametrize("line", CONSTRAINTS)
def test_a_constraint_is_an_exact_version_without_an_address(line: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*", line)


def required() -> set[str]:
    groups = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    names = {re.split(r"[^A-Za-z0-9._-]", line)[0] for group in groups for line in group}
    return {normal(name) for name in names} - {"torch"}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_constraints_cover_what_the_project_asks_for() -> None:
    assert required() <= {normal(line.split("==")[0]) for line in CONSTRAINTS}
