"""Run a policy's cells on a checkpoint, each ended early by its comparison with a baseline."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inspect_ai import Task, eval_set
from inspect_ai.model import GenerateConfig, Model

from . import tasks
from .baseline import Baseline
from .errors import BadInputError
from .gate import Looks, Policy, check_cells, setting_differences
from .results import Results, read_results
from .tally import CellTally


class GateRunError(BadInputError):
    """A gate run that cannot be made."""


@dataclass(frozen=True)
class GateRun:
    """What to run.

    Attributes:
        model: The checkpoint, its seed set.
        grader: The grader.
        baseline: What it is held against, and whose settings it is run with.
        policy: What is tolerated.
        looks: Looks a cell.
        epochs: Epochs, at least as many as looks.
        log_dir: Where the logs go. The same run goes on there where it was cut off.
        allow: Settings that may differ.
        worlds: Worlds to keep; all if None.
        variants: Variants to keep; all if None.
        display: Inspect's display.
    """

    model: Model
    grader: Model
    baseline: Baseline
    policy: Policy
    looks: int
    epochs: int
    log_dir: Path
    allow: Collection[str] = ()
    worlds: str | None = None
    variants: str | None = None
    display: str = "plain"


def run_gate(run: GateRun) -> Results:
    """Run the policy's cells.

    Delivery, tools, turns and sampling are the baseline's own; what still differs, such as the
    dataset or the grader, is refused before any sample runs.

    Args:
        run: What to run.

    Returns:
        The rows of this run's logs.

    Raises:
        BadInputError: If a setting differs or cannot be kept to, or a cell did not end.
    """
    base = run.baseline.cells
    check_cells(list(run.policy.cells), run.baseline, run.policy, "the policy")
    if run.epochs < run.looks:
        raise GateRunError(
            f"{run.looks} looks need at least as many epochs, and --epochs is {run.epochs}"
        )
    made = {cell: _task(run, cell, base[cell]) for cell in run.policy.cells}
    setting_differences(
        {cell: _settings(task, run) for cell, task in made.items()},
        base,
        list(made),
        run.allow,
    )
    sampling = {cell: dict(base[cell].settings.get("sampling") or {}) for cell in made}
    for cell, task in made.items():
        task.config = task.config.merge(GenerateConfig.model_validate(sampling[cell]))
    success, logs = eval_set(
        list(made.values()),
        model=run.model,
        model_roles={"grader": run.grader},
        log_dir=str(run.log_dir),
        epochs=run.epochs,
        retry_attempts=0,
        fail_on_error=False,
        display=run.display,  # type: ignore[arg-type]
        log_dir_allow_dirty=True,
    )
    broken = [log for log in logs if log.status != "success"]
    if not success or broken:
        why = broken[0].error.message if broken and broken[0].error else "it was cut off"
        raise GateRunError(
            f"{broken[0].eval.task if broken else run.log_dir}: the run did not end: {why}; the "
            "same command goes on"
        )
    return read_results([str(log.location) for log in logs])


def _task(run: GateRun, cell: str, base: CellTally) -> Task:
    held = base.settings
    build = getattr(tasks, cell)
    task: Task = build(
        delivery=held["delivery"],
        tools=held["tools"],
        worlds=run.worlds,
        variants=run.variants,
        looks=run.looks,
        **({"max_turns": held["max_turns"]} if held["delivery"] == "paced" else {}),
    )
    looks = Looks(cell, run.looks, run.policy, base.worlds)
    task.early_stopping, task.cleanup = looks, looks.cleanup
    return task


def _settings(task: Task, run: GateRun) -> Mapping[str, Any]:
    meta = task.metadata or {}
    return {
        "protocol": meta["protocol"],
        "dataset": meta["dataset_sha"],
        "how_to_act": meta["protocol_sha"],
        "rubric": "+".join(meta["rubric_sha"].values()),
        "grader": str(run.grader),
    }
