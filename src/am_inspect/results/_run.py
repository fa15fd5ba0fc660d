"""A run: what a log's header says of how it was made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from inspect_ai.log import EvalLog
from inspect_ai.model import ModelConfig


@dataclass(frozen=True)
class Run:
    """One log, without its samples.

    Attributes:
        log: The file.
        eval_id: Its id, which rows carry too.
        model: The subject.
        cell: The cell.
        status: `success`, `started`, `cancelled` or `error`.
        created: When it began, as the log has it.
        planned: Samples planned, epochs counted.
        held: Samples in the log.
        epochs: Epochs.
        seed: `--seed`; None if none was given.
        generation: Generation settings that were set, by name.
        model_args: Arguments of the model, such as its revision or quantisation.
        base_url: Server of the model; None where it has none or the default.
        grader: The model in the role `grader`; None if none was bound.
        task_args: Arguments that were given to the task.
        revision: Git commit of the code, as far as the log knows it.
        versions: Versions of am_inspect and inspect_ai, by name.
        max_turns: Most turns of a paced run; None where the log does not say.
        seconds: From the first to the last sample; None for a run without an end.
        looks: What a run with looks wrote of them (`gate.Looks`); empty for any other.
    """

    log: str
    eval_id: str
    model: str
    cell: str
    status: str
    created: str
    planned: int
    held: int
    epochs: int
    seed: int | None
    generation: Mapping[str, Any]
    model_args: Mapping[str, Any]
    base_url: str | None
    grader: str | None
    task_args: Mapping[str, Any]
    revision: str | None
    versions: Mapping[str, str]
    max_turns: int | None = None
    seconds: float | None = None
    looks: Mapping[str, Any] = field(default_factory=dict)

    @property
    def finished(self) -> bool:
        """Whether the run came to its end."""
        return self.status == "success"


def run_of(path: str, header: EvalLog, held: int) -> Run:
    """Describe a log of ours.

    Args:
        path: The file.
        header: Its header.
        held: How many samples it holds.

    Returns:
        The run.
    """
    spec, meta = header.eval, header.eval.metadata or {}
    generation = spec.model_generate_config.merge(header.plan.config)
    return Run(
        log=path,
        eval_id=spec.eval_id,
        model=spec.model,
        cell=str(meta.get("cell")),
        status=header.status,
        created=str(spec.created),
        planned=len(spec.dataset.sample_ids or []) * (spec.config.epochs or 1),
        held=held,
        epochs=spec.config.epochs or 1,
        seed=spec.model_generate_config.seed,
        generation=generation.model_dump(exclude_none=True, mode="json"),
        model_args=spec.model_args,
        base_url=spec.model_base_url,
        grader=_grader((spec.model_roles or {}).get("grader")),
        task_args=spec.task_args_passed,
        revision=spec.revision.commit if spec.revision else None,
        versions={
            "am_inspect": str(meta.get("am_inspect_version")),
            **{name: v for name, v in spec.packages.items() if name == "inspect_ai"},
        },
        max_turns=meta.get("max_turns"),
        seconds=_seconds(header),
        looks=_looks(header),
    )


def _seconds(header: EvalLog) -> float | None:
    try:
        began, ended = (
            datetime.fromisoformat(str(stamp))
            for stamp in (header.stats.started_at, header.stats.completed_at)
        )
    except ValueError:
        return None
    return (ended - began).total_seconds()


def _looks(header: EvalLog) -> Mapping[str, Any]:
    stopping = header.results.early_stopping if header.results else None
    return dict(stopping.metadata) if stopping and "looks" in stopping.metadata else {}


def _grader(bound: ModelConfig | list[ModelConfig] | None) -> str | None:
    models = bound if isinstance(bound, list) else [bound]
    return ", ".join(model.model for model in models if model) or None
