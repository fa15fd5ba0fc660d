"""The order of the modules: who may import whom, and what nobody may import."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "am_inspect"
ENTRY_FOLDERS = ("tasks", "solvers", "scorers")

# From the ground up. A module imports from floors below its own, or from names that stand before
# it on its own floor. A new module gets a place here.
FLOORS: tuple[tuple[str, ...], ...] = (
    (
        *("_version", "_paths", "_seeds", "_yaml", "errors"),
        *("_at_once", "_json_line", "_ledger", "cells", "scenario", "_strict"),
        *("_comprehension", "_world_schema", "_world_rules", "worlds", "reasoning", "stats"),
    ),
    (
        *("_prompts", "_surface", "_stated", "_render_rules", "render", "_dataset_file"),
        *("dataset", "mail", "_tokens", "_cell_diff", "_dataset_stats", "grading", "models"),
    ),
    (
        *("_grader", "_spending", "_grader_check", "_viewer", "_template", "_reply_tokens"),
        *("provider_settings", "metrics"),
        *("session", "solver", "scorers", "views", "judgement"),
        "results",
    ),
    (
        *("published", "findings", "measures", "tally", "baseline", "baseline_diff", "gate"),
        *("tasks", "gate_run", "original", "regrade", "published_comparison"),
        *("view_summary", "summary", "audit", "summary_record", "view_validation"),
        *("transcripts", "transcript_grades", "validation", "validation_figures", "calibration"),
        *("comparison", "doctor", "study", "label", "report"),
    ),
    ("_notices", "_registry", "cli"),
)
PLACES = {
    name: (floor, place) for floor, names in enumerate(FLOORS) for place, name in enumerate(names)
}

# A module on the left imports nothing that starts with a name on the right, at any depth.
APART = (
    ("solver", "scorers"),
    ("solver", "_grader"),
    ("models.rubric", "models.subject"),
    ("models.rubric", "models.phrases"),
    ("models.subject", "models.rubric"),
    ("models.subject", "models._rules"),
    ("models.phrases", "models.rubric"),
    ("models.phrases", "models._rules"),
)

LOG_READERS = {
    "inspect_ai.analysis",
    "inspect_ai.log.list_eval_logs",
    "inspect_ai.log.read_eval_log",
    "inspect_ai.log.read_eval_log_async",
    "inspect_ai.log.read_eval_log_sample",
    "inspect_ai.log.read_eval_log_sample_summaries",
    "inspect_ai.log.read_eval_log_samples",
}
MAY_READ_LOGS = {"results"}


def imports_of(source: str, module: str) -> set[str]:
    """Every dotted name that a module of the package imports, inside functions too."""
    package = ["am_inspect", *module.split(".")]
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level] if node.level else []
            base = ".".join([*start, *filter(None, [node.module])])
            found |= {f"{base}.{alias.name}" for alias in node.names}
    return found


def inside(names: set[str]) -> set[str]:
    return {name.removeprefix("am_inspect.") for name in names if name.startswith("am_inspect.")}


def climbs(module: str, names: set[str]) -> Iterator[str]:
    """What a module imports from its own floor or above although it may not."""
    own = module.split(".")[0]
    for name in sorted(inside(names)):
        other = name.split(".")[0]
        if other != own and PLACES.get(other, (0, 0)) > PLACES[own]:
            yield f"{module} imports {name}, which is not below it"


def private(names: set[str]) -> Iterator[str]:
    """What is imported from Inspect's inside."""
    for name in sorted(names):
        parts = name.split(".")
        if parts[0] == "inspect_ai" and any(part.startswith("_") for part in parts[1:]):
            yield name


def log_readers(names: set[str]) -> Iterator[str]:
    for name in sorted(names):
        if any(name == reader or name.startswith(f"{reader}.") for reader in LOG_READERS):
            yield name


def modules() -> dict[str, str]:
    """Source by module name, `mail.tools` or `mail.__init__` for instance."""
    return {
        ".".join(path.relative_to(PACKAGE).with_suffix("").parts): path.read_text(encoding="utf-8")
        for path in sorted(PACKAGE.rglob("*.py"))
    }


MODULES = modules()
IMPORTS = {module: imports_of(source, module) for module, source in MODULES.items()}
INNER = [name for name in MODULES if name != "__init__"]


@pytest.mark.parametrize("module", INNER)
def test_a_module_imports_only_from_below(module: str) -> None:
    assert module.split(".")[0] in PLACES, "a new module needs a place in FLOORS"
    assert list(climbs(module, IMPORTS[module])) == []


@pytest.mark.parametrize("module", list(MODULES))
def test_a_module_keeps_to_public_inspect(module: str) -> None:
    names = IMPORTS[module]
    assert list(private(names)) == []
    if module.split(".")[0] not in MAY_READ_LOGS:
        assert list(log_readers(names)) == [], "logs are read in results.py only"
    if module.split(".")[0] == "stats":
        assert not any(name.startswith("inspect_ai") for name in names)


def reachable(start: str) -> set[str]:
    """All modules of the package that a module imports, directly or through others."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        module = waiting.pop()
        for name in inside(IMPORTS[module]):
            parent = name.rpartition(".")[0]
            for found in (name, f"{name}.__init__", parent, f"{parent}.__init__"):
                if found in MODULES and found not in seen:
                    seen.add(found)
                    waiting.append(found)
    return seen


@pytest.mark.parametrize(("module", "other"), APART)
def test_modules_that_stay_apart(module: str, other: str) -> None:
    assert sorted(name for name in reachable(module) if name.startswith(other)) == []


def test_the_rules_hold_no_phrase_of_the_simulator() -> None:
    rules = [name for name in MODULES if name == "models.rubric" or "_rules" in name]
    read = [
        (name, node.value)
        for name in rules
        for node in ast.walk(ast.parse(MODULES[name]))
        if isinstance(node, ast.Constant) and node.value in ("phrases", "a", "b", "common.yaml")
    ]
    assert read == []


@pytest.mark.parametrize(
    ("module", "source", "problem"),
    [
        ("solver", "from .scorers import blackmail", "solver imports scorers.blackmail"),
        ("stats.rates", "from ..dataset import x", "stats.rates imports dataset.x"),
        ("cells", "import am_inspect.worlds", "cells imports worlds"),
        ("mail.tools", "def f():\n    from ..models import subject", "mail.tools imports models"),
    ],
)
def test_the_check_sees_a_climb(module: str, source: str, problem: str) -> None:
    assert next(climbs(module, imports_of(source, module))).startswith(problem)


@pytest.mark.parametrize(
    ("source", "check"),
    [
        ("from inspect_ai.solver._task_state import sample_state", private),
        ("import inspect_ai._util.path", private),
        ("from inspect_ai.model import _model", private),
        ("from inspect_ai.log import read_eval_log", log_readers),
        ("from inspect_ai.analysis import samples_df", log_readers),
    ],
)
def test_the_check_sees_a_wrong_import_of_inspect(source: str, check) -> None:
    assert list(check(imports_of(source, "solver")))


def entry_problems(source: str) -> Iterator[str]:
    """What an entry file holds beside imports and decorated functions of one return line."""
    for place, node in enumerate(ast.parse(source).body):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = imports_of(ast.unparse(node), "entry")
            wrong = [
                n
                for n in names
                if n.split(".")[0] not in ("am_inspect", "inspect_ai", "collections")
            ]
            yield from (f"imports {name}" for name in wrong)
        elif isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            if not node.decorator_list:
                yield f"{node.name} has no decorator"
            if len(body) != 1 or not isinstance(body[0], ast.Return):
                yield f"{node.name} is more than one return"
        elif not (place == 0 and isinstance(node, ast.Expr)):
            yield f"line {node.lineno} is no import and no function"


ENTRY_FILES = [path for folder in ENTRY_FOLDERS for path in sorted((ROOT / folder).glob("*"))]


@pytest.mark.parametrize(
    "path", [p for p in ENTRY_FILES if p.suffix == ".py"], ids=lambda p: p.name
)
def test_an_entry_file_only_points_into_the_package(path: Path) -> None:
    assert list(entry_problems(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("folder", [*ENTRY_FOLDERS, "datasets", "tests"])
def test_a_folder_of_the_root_is_no_package(folder: str) -> None:
    # A root `datasets` package would hide Hugging Face's, and the others each other's tests.
    assert (ROOT / folder).is_dir()
    assert not (ROOT / folder / "__init__.py").exists()


def test_each_entry_folder_has_a_file() -> None:
    with_files = {path.parent.name for path in ENTRY_FILES if path.suffix == ".py"}
    assert with_files == set(ENTRY_FOLDERS)


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("import os", "imports os"),
        ("def f():\n    return 1", "f has no decorator"),
        ("@task\ndef f():\n    x = 1\n    return x", "f is more than one return"),
        ("X = 1", "line 1 is no import and no function"),
    ],
)
def test_the_check_sees_code_in_an_entry_file(source: str, problem: str) -> None:
    assert list(entry_problems(source)) == [problem]
