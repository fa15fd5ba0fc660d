"""What was run with which settings, and what was not used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...results import Run
from ..material import Material
from ..prose import names, say
from ..section import Section
from ..table import Column, Table

_RUNS = (
    Column("model", "model"),
    Column("cell", "cell"),
    Column("status", "status"),
    Column("held", "samples", "number"),
    Column("planned", "planned", "number"),
    Column("epochs", "epochs", "number"),
    Column("seed", "seed"),
    Column("generation", "generation"),
    Column("model_args", "model settings"),
    Column("task_args", "task settings"),
    Column("created", "begun"),
    Column("log", "log", "code"),
)
_OTHERS = (
    Column("batch", "--batch", "number"),
    Column("differs", "what differs"),
    Column("samples", "samples", "number"),
    Column("models", "models"),
    Column("logs", "logs"),
)
_LEFT = (Column("log", "log", "code"), Column("why", "why"))


def run(material: Material) -> Section:
    """Show the runs.

    Args:
        material: The samples.

    Returns:
        The section.
    """
    batch = material.batch
    lead = say(
        "run.lead",
        logs=len(material.runs),
        models=len(material.models),
        cells=len(material.cells),
        form=f"{batch.protocol}, {batch.delivery}, {batch.tools_used} protocol",
    )
    tables = [Table("runs", say("run.settings"), _RUNS, tuple(map(_record, material.runs)))]
    if material.others:
        tables.append(Table("other_batches", say("run.other"), _OTHERS, tuple(_others(material))))
    if material.left_out:
        left = tuple({"log": item.log, "why": item.why} for item in material.left_out)
        tables.append(Table("left_out", say("run.left"), _LEFT, left))
    return Section("run", say("run.title"), (lead,), (), tuple(tables))


def settings_text(settings: Mapping[str, Any]) -> str:
    """Give settings on one line, sorted by name."""
    return ", ".join(f"{key}={settings[key]}" for key in sorted(settings))


def _record(run: Run) -> dict[str, object]:
    return {
        "model": run.model,
        "cell": run.cell,
        "status": run.status,
        "held": run.held,
        "planned": run.planned,
        "epochs": run.epochs,
        "seed": run.seed,
        "generation": settings_text(run.generation),
        "model_args": settings_text(run.model_args) or None,
        "base_url": run.base_url,
        "grader": run.grader,
        "task_args": settings_text(run.task_args) or None,
        "created": run.created[:16].replace("T", " "),
        "revision": run.revision,
        **{f"version_{name}": version for name, version in run.versions.items()},
        "log": run.log,
    }


def _others(material: Material) -> list[dict[str, object]]:
    return [
        {
            "batch": part.number,
            "differs": material.batch.differs(part.batch),
            "samples": len(part.rows),
            "models": names(part.models),
            "logs": names(part.logs, 3),
        }
        for part in material.others
    ]
