"""Run a study through Inspect's `eval_set`, or go on with it."""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import anyio
from inspect_ai import Epochs, eval_set
from inspect_ai.model import (
    GenerateConfig,
    Model,
    ModelCost,
    ModelInfo,
    get_model,
    get_model_info,
    set_model_info,
)
from inspect_ai.util import DisplayType

from .._grader import is_simulated
from .._spending import Spending, watching
from ..regrade import regrade_logs
from ..results import read_states
from .keys import StudyError
from .live import Board
from .plan import Plan, Subject
from .preflight import examine
from .progress import StudyProgress, left_over, newest_by_task, remove, study_progress
from .source import Price
from .spec import Grader

_Examine = Callable[[Plan, Subject, Model, Model], None]
Ending = Literal["complete", "budget", "incomplete"]


@dataclass(frozen=True)
class Outcome:
    """How a run of a study ended.

    Attributes:
        ending: `complete`; `budget`: it stopped there; `incomplete`: a cell ended early.
        progress: How far the study is.
        why: The budget that is spent, or the first cell's problem; None if complete.
        panel: Folders of the logs that the panel's other members graded.
    """

    ending: Ending
    progress: StudyProgress
    why: str | None
    panel: tuple[Path, ...] = ()


def run_study(
    plan: Plan,
    tell: Callable[[str], None],
    display: DisplayType = "none",
    *,
    doctor: bool = True,
) -> Outcome:
    """Run what is left of a study.

    The same call goes on where a crash, a stop or the budget cut the last one off: samples that
    are in the logs are kept. A model, cell, world, variant or epoch that is new runs alone.

    Args:
        plan: The study.
        tell: Is told of steps and warnings, a line each.
        display: Inspect's own display, beside the study's lines; none by default.
        doctor: Whether each model that has something left to run is examined first.

    Returns:
        How it ended.

    Raises:
        BadInputError: If the folder holds logs with other settings, or another run of the same
            models is at work there, or a model cannot be made or is found unfit.
    """
    folder = plan.spec.folder
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(plan):
        progress = study_progress(plan)
        for log in progress.foreign:
            tell(f"left alone: {log} belongs to no model and cell of this study")
        spending = Spending(
            plan.spec.budget.usd, plan.spec.budget.tokens, progress.usd, progress.tokens
        )
        board = Board(progress, spending, _prices(plan))
        with watching(spending), board.shown():
            for batch in plan.batches():
                if spending.problem is None:
                    _run_batch(plan, batch, display, _examiner(progress, tell) if doctor else None)
                    _tidy(folder, tell)
        progress = study_progress(plan)
        if not progress.complete:
            return _cut_off(progress, spending)
        return Outcome("complete", progress, None, _grade_again(plan, tell))


def _examiner(progress: StudyProgress, tell: Callable[[str], None]) -> _Examine:
    """Give what looks at a model that has something left to run."""
    left = [cell.subject for cell in progress.cells if not cell.complete]

    def look(plan: Plan, subject: Subject, model: Model, grader: Model) -> None:
        if subject in left:
            examine(plan, subject, model, grader, tell)

    return look


def _run_batch(
    plan: Plan, batch: Sequence[Subject], display: DisplayType, look: _Examine | None
) -> None:
    spec = plan.spec
    limits = spec.limits.model_dump(exclude_none=True)
    with ExitStack() as models:
        subjects = [_subject_model(subject, models) for subject in batch]
        grader = _grader_model(spec.graders[0], models)
        for model, price in (
            *zip(subjects, [subject.price for subject in batch], strict=True),
            (grader, spec.graders[0].price),
        ):
            _set_price(model, price)
        if look is not None:
            for subject, model in zip(batch, subjects, strict=True):
                look(plan, subject, model, grader)
        connections = {key: limits.pop(key) for key in ("max_connections",) if key in limits}
        seed = {} if spec.seed is None else {"seed": spec.seed}
        every_sample = spec.worlds is None and spec.variants is None
        settings: dict[str, Any] = {**batch[0].generate, **connections, **seed}
        eval_set(
            tasks=plan.task_names(),
            log_dir=str(spec.folder),
            # An ended sample is never run again as a whole task; `retry_on_error` is by sample.
            retry_attempts=0,
            retry_immediate=False,
            # An error does not cut off the other samples, and marks the log as not done, so
            # that the same command tries that sample again.
            fail_on_error=True,
            continue_on_fail=True,
            model=subjects,
            model_roles={"grader": grader},
            task_args=plan.task_args(),
            metadata={"study": _about(plan, batch)},
            display=display,
            sample_id=None if every_sample else list(plan.sample_ids),
            epochs=Epochs(spec.epochs, []),
            log_realtime=spec.log_realtime,
            log_dir_allow_dirty=True,
            score_display=False,
            **limits,
            **settings,
        )


def _about(plan: Plan, batch: Sequence[Subject]) -> dict[str, Any]:
    return {
        "name": plan.spec.study,
        "budget": plan.spec.budget.model_dump(exclude_none=True),
        "models": {subject.model: plan.about(subject) for subject in batch},
    }


def _subject_model(subject: Subject, opened: ExitStack) -> Model:
    source = subject.source
    return _made(
        subject.model,
        source.base_url,
        GenerateConfig(),
        source.model_args(subject.provider),
        opened,
    )


def _grader_model(grader: Grader, opened: ExitStack) -> Model:
    return _made(grader.model, grader.base_url, grader.config(), grader.args, opened)


def _made(
    name: str,
    base_url: str | None,
    config: GenerateConfig,
    args: dict[str, Any],
    opened: ExitStack,
) -> Model:
    try:
        model = get_model(name, config=config, base_url=base_url, memoize=False, **args)
    except Exception as error:  # Providers raise types of their own, which none can list.
        raise StudyError(f"{name} cannot be made: {' '.join(str(error).split())}") from None
    # Weights and servers go before the next model comes.
    opened.callback(lambda: asyncio.run(model.api.aclose()))
    return model


def _set_price(model: Model, price: Price | None) -> None:
    """Tell Inspect a price, so that logs carry costs and its cost limit works."""
    if price is None:
        if not is_simulated(str(model)):
            return
        price = Price(input=0, output=0)
    cached = price.input if price.cached is None else price.cached
    cost = ModelCost(
        input=price.input,
        output=price.output,
        input_cache_write=price.input,
        input_cache_read=cached,
    )
    known = get_model_info(model) or ModelInfo()
    set_model_info(str(model), known.model_copy(update={"cost": cost}))


def _prices(plan: Plan) -> dict[str, Price | None]:
    return {grader.model: grader.price for grader in plan.spec.graders} | {
        subject.model: subject.price for subject in plan.subjects
    }


def _tidy(folder: Path, tell: Callable[[str], None]) -> None:
    """Remove what a crash left behind, once another log holds all of it."""
    states = read_states(folder)
    over = left_over(states)
    remove(over)
    kept = set(map(id, [*over, *newest_by_task(states)]))
    for state in states:
        if id(state) not in kept:
            tell(f"warning: {state.log} holds samples that no later log of its task has: kept")


def _cut_off(progress: StudyProgress, spending: Spending) -> Outcome:
    if spending.problem is not None:
        return Outcome("budget", progress, spending.problem)
    first = next(cell for cell in progress.cells if not cell.complete)
    problem = first.problem or "ended early"
    if first.errors:
        problem = f"{first.errors} of {first.planned} samples ended in an error ({problem})"
    return Outcome("incomplete", progress, f"{first.subject.entry.name} {first.cell}: {problem}")


def _grade_again(plan: Plan, tell: Callable[[str], None]) -> tuple[Path, ...]:
    """Let the panel's other members grade the same samples, each into a folder of its own."""
    folders = []
    current = {Path(state.log).name for state in read_states(plan.spec.folder)}
    for number, member in enumerate(plan.spec.graders[1:], 2):
        out = plan.spec.folder.with_name(f"{plan.spec.folder.name}.grader{number}")
        for stale in out.glob("*.eval") if out.is_dir() else ():
            if stale.name not in current:
                stale.unlink()
        with ExitStack() as opened:
            model = _grader_model(member, opened)
            anyio.run(regrade_logs, [plan.spec.folder], model, out, tell)
        folders.append(out)
    return tuple(folders)


@contextmanager
def _alone(plan: Plan) -> Iterator[None]:
    """Keep a second run of the same models out; the lock goes with the process that holds it."""
    with ExitStack() as held:
        for subject in plan.subjects:
            path = plan.spec.folder / f".{subject.entry.name}.lock"
            file = held.enter_context(path.open("w", encoding="utf-8"))
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise StudyError(
                    f"{plan.spec.folder}: another run of this study is at work on "
                    f"{subject.entry.name}; wait for it, or name other models with --only"
                ) from None
        yield
