"""How far a study is, read from its folder of logs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .._grader import is_simulated
from ..results import LogState, Used, read_states
from .keys import StudyError
from .plan import Plan, Subject


@dataclass(frozen=True)
class CellProgress:
    """How far one model is in one cell.

    Attributes:
        subject: The model.
        cell: The cell.
        planned: Samples planned.
        ended: Of these, samples in the logs that ended without an error.
        errors: Of the others, samples that ended in an error.
        complete: Whether Inspect counts the newest log as done: nothing is left to run.
        problem: Why the newest log ended early; None if it did not.
    """

    subject: Subject
    cell: str
    planned: int
    ended: int
    errors: int
    complete: bool
    problem: str | None


@dataclass(frozen=True)
class StudyProgress:
    """How far a study is.

    Attributes:
        cells: A record a model and cell, in the order of the file.
        subjects: What each model used, by its name in Inspect.
        graders: What each grader used, likewise.
        usd: What that cost, by the file's prices.
        tokens: All tokens used.
        foreign: Logs in the folder that belong to no model and cell of the file.
    """

    cells: tuple[CellProgress, ...]
    subjects: dict[str, Used]
    graders: dict[str, Used]
    usd: float
    tokens: int
    foreign: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether nothing is left to run."""
        return all(cell.complete for cell in self.cells)


def study_progress(plan: Plan) -> StudyProgress:
    """Read how far a study is.

    Args:
        plan: The study.

    Returns:
        The progress; what earlier runs used counts.

    Raises:
        StudyError: If a log of the study was made with other settings than the file has now.
    """
    states = read_states(plan.spec.folder)
    known = {
        (subject.model, cell): subject for subject in plan.subjects for cell in plan.spec.cells
    }
    own = [state for state in states if (state.model, state.cell) in known]
    for state in own:
        _refuse_other_settings(plan, known[state.model, state.cell], state)
    cells = tuple(
        _cell(plan, subject, cell, [s for s in own if (s.model, s.cell) == (model, cell)])
        for (model, cell), subject in known.items()
    )
    newest = newest_by_task(states)
    grader = plan.spec.graders[0]
    subjects: dict[str, Used] = {}
    graded = Used()
    usd = 0.0
    for state in newest:
        price = next((s.price for s in plan.subjects if s.model == state.model), None)
        subjects[state.model] = subjects.get(state.model, Used()) + state.subject
        graded += state.grader
        for used, rate in ((state.subject, price), (state.grader, grader.price)):
            usd += rate.cost(used.read, used.written, used.cached) if rate else 0.0
    return StudyProgress(
        cells=cells,
        subjects=subjects,
        graders={grader.model: graded},
        usd=usd,
        tokens=graded.total + sum(used.total for used in subjects.values()),
        foreign=tuple(s.log for s in states if (s.model, s.cell) not in known),
    )


def newest_by_task(states: Sequence[LogState]) -> list[LogState]:
    """Give the newest log of each task: it holds all that those before it hold.

    Args:
        states: Logs, oldest first.

    Returns:
        One a task.
    """
    return list({state.task_id: state for state in states}.values())


def left_over(states: Sequence[LogState]) -> list[LogState]:
    """Find logs that a crash or a stop left behind and that a later log has gone on from.

    Args:
        states: Logs, oldest first.

    Returns:
        Those whose ended samples all stand in the task's newest log, as the same runs.
    """
    newest = {state.task_id: state for state in states}
    return [
        state
        for state in states
        if newest[state.task_id] is not state
        and state.ended.items() <= newest[state.task_id].ended.items()
    ]


def simulated(plan: Plan) -> bool:
    """Say whether any subject of a study is simulated."""
    return any(is_simulated(subject.model) for subject in plan.subjects)


def planned_keys(plan: Plan) -> set[tuple[str, int]]:
    """Give id and epoch of each sample of a cell."""
    return {(i, epoch) for i in plan.sample_ids for epoch in range(1, plan.spec.epochs + 1)}


def remove(states: Sequence[LogState]) -> None:
    """Remove logs that are left over."""
    for state in states:
        Path(state.log).unlink(missing_ok=True)


def _cell(plan: Plan, subject: Subject, cell: str, states: Sequence[LogState]) -> CellProgress:
    wanted = planned_keys(plan)
    ended = {key for state in states for key in state.ended} & wanted
    errors = ({key for state in states for key in state.errors} & wanted) - ended
    newest = states[-1] if states else None
    done = newest is not None and newest.status == "success"
    return CellProgress(
        subject=subject,
        cell=cell,
        planned=len(wanted),
        ended=len(ended),
        errors=len(errors),
        complete=done and len(ended | errors) == len(wanted),
        problem=newest.problem if newest else None,
    )


def _refuse_other_settings(plan: Plan, subject: Subject, state: LogState) -> None:
    about = (state.metadata.get("study") or {}).get("models", {}).get(state.model)
    if about is None:
        raise StudyError(
            f"{state.log} is no log of a study: give the study a folder of its own (log_dir)"
        )
    now, then = plan.pinned(subject), about.get("pinned", {})
    differing = [name for name in {**then, **now} if now.get(name) != then.get(name)]
    if differing:
        named = ", ".join(f"{n} ({then.get(n)!r} there, {now.get(n)!r} now)" for n in differing)
        raise StudyError(
            f"{state.log} was made with other settings: {named}; samples are never mixed, so give "
            "another log_dir or the old settings"
        )
