"""`am-inspect study`: a whole study from one file."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..results import read_results
from ..study import (
    Line,
    Load,
    Outcome,
    Plan,
    StudyProgress,
    estimate,
    load_plan,
    run_study,
    study_progress,
)
from ..summary import summarise
from .report import check_folder, write_page
from .results import print_table

app = typer.Typer(help="A study: models x cells from one file.", no_args_is_help=True)


class Display(StrEnum):
    """Inspect's own display."""

    none = "none"
    full = "full"
    rich = "rich"
    plain = "plain"
    log = "log"


SpecArgument = Annotated[Path, typer.Argument(help="The study's file.", metavar="SPEC")]
ProviderOption = Annotated[
    str | None, typer.Option(help="Run this provider's entries instead of the file's.")
]
OnlyOption = Annotated[
    list[str] | None, typer.Option(help="Only this model; may be given several times.")
]
LogDirOption = Annotated[
    Path | None, typer.Option(help="Folder of the logs, instead of the file's.")
]


@app.command()
def run(
    spec: SpecArgument,
    provider: ProviderOption = None,
    only: OnlyOption = None,
    log_dir: LogDirOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what it would take, and run nothing.")
    ] = False,
    page: Annotated[
        Path | None,
        typer.Option("--report", help="Write the report there once the study is complete."),
    ] = None,
    display: Annotated[Display, typer.Option(help="Inspect's own display.")] = Display.none,
    doctor: Annotated[
        bool, typer.Option("--doctor/--no-doctor", help="Examine each real model first.")
    ] = True,
) -> None:
    """Run a study, or go on with it.

    The doctor looks at each model before anything is spent on it, and a failed check stops the
    study there.

    The same command goes on after a crash, a stop or more budget; what is new in the file runs
    alone. Exit code 3 if the study is not complete at the end.
    """
    plan = load_plan(spec, provider=provider, only=only or (), log_dir=log_dir)
    check_folder(page)
    if dry_run:
        _print_estimate(plan, estimate(plan))
        return
    try:
        outcome = run_study(
            plan, lambda line: typer.echo(line, err=True), display.value, doctor=doctor
        )
    except KeyboardInterrupt:
        typer.echo("stopped; the same command goes on from here", err=True)
        raise typer.Exit(3) from None
    if outcome.ending == "complete":
        _print_rates(plan, outcome, page)
        return
    _print_progress(plan, outcome.progress)
    typer.echo(f"logs: {plan.spec.folder}")
    if outcome.ending == "budget":
        typer.echo(f"stopped at the budget: {outcome.why}; with more, the same command goes on")
    else:
        typer.echo(f"not complete: {outcome.why}; the same command tries what is left")
    raise typer.Exit(3)


@app.command()
def status(
    spec: SpecArgument,
    provider: ProviderOption = None,
    only: OnlyOption = None,
    log_dir: LogDirOption = None,
) -> None:
    """Print how far a study is, from its logs; exit code 3 if it is not complete."""
    plan = load_plan(spec, provider=provider, only=only or (), log_dir=log_dir)
    progress = study_progress(plan)
    _print_progress(plan, progress)
    for log in progress.foreign:
        typer.echo(f"left out: {log} belongs to no model and cell of this study")
    if not progress.complete:
        raise typer.Exit(3)


def _print_rates(plan: Plan, outcome: Outcome, page: Path | None) -> None:
    """Print what came out, write the report, and say where all is."""
    found = read_results([plan.spec.folder])
    print_table(summarise(found.rows), found.left_out)
    _print_used(outcome.progress)
    for folder in outcome.panel:
        typer.echo(f"graded again: {folder}")
    if page is not None:
        typer.echo("writing the report ...", err=True)
        write_page(found, page)
        typer.echo(f"report: {page}")
    typer.echo(f"logs: {plan.spec.folder}")
    typer.echo(f"view: inspect view --log-dir {plan.spec.folder}")
    # One to look at: blackmail if there is any.
    row = max(found.rows, key=lambda row: row.blackmail or 0)
    typer.echo(f"one transcript: am-inspect show {row.log} {row.scenario} --epoch {row.epoch}")


def _print_estimate(plan: Plan, lines: Sequence[Line]) -> None:
    spec = plan.spec
    table = Table(title=f"{spec.study}: {plan.samples:,} samples, nothing was run")
    for column in ("model", "role"):
        table.add_column(column)
    for column in (
        "samples",
        "calls",
        "prompt tokens",
        "completion tokens",
        "USD",
        "USD, full",
    ):
        table.add_column(column, justify="right")
    for line in lines:
        table.add_row(
            Text(line.name),
            line.role,
            f"{line.samples:,}",
            _range(line.expected.calls, line.most.calls),
            _range(line.expected.read, line.most.read),
            _range(line.expected.written, line.most.written),
            _money(line.expected.cost(line.price)),
            _money(line.most.cost(line.price)),
        )
    expected = sum((line.expected for line in lines), Load())
    most = sum((line.most for line in lines), Load())
    table.add_section()
    table.add_row(
        "all",
        "",
        f"{plan.samples:,}",
        _range(expected.calls, most.calls),
        _range(expected.read, most.read),
        _range(expected.written, most.written),
        _total([line.expected.cost(line.price) for line in lines]),
        _total([line.most.cost(line.price) for line in lines]),
    )
    console = _console()
    console.print(table)
    assume = spec.assume
    for text in (
        f"{len(plan.subjects)} models x {len(spec.cells)} cells x {len(plan.sample_ids)} scenarios "
        f"x {spec.epochs} epochs; provider {spec.provider}, {spec.delivery}, {spec.tools}, "
        f"protocol {spec.protocol}",
        "estimated, not counted: characters / 4 of the rows, and of each sample "
        f"{assume.turns if spec.delivery == 'paced' else 1} turns of {assume.reply_tokens} tokens "
        f"and {assume.verdict_tokens} tokens a verdict (assume); before the dash so, after it if "
        "every sample takes all its turns and every reply all its tokens",
        "each call reads the whole conversation so far: a prompt cache makes it cheaper",
        _unpriced(lines),
        f"budget: {_budget(plan)}",
    ):
        if text:
            console.print(Text(text), soft_wrap=True)


def _unpriced(lines: Sequence[Line]) -> str:
    names = [line.name for line in lines if line.price is None]
    return f"no price in the file, so no cost, for: {', '.join(names)}" if names else ""


def _budget(plan: Plan) -> str:
    budget = plan.spec.budget
    parts = [
        f"{budget.usd:g} USD" if budget.usd is not None else "",
        f"{budget.tokens:,} tokens" if budget.tokens is not None else "",
    ]
    if not any(parts):
        return "none: it runs to the end"
    told = ", ".join(filter(None, parts))
    return f"{told}; no sample starts after that, and those under way end, so it is passed by them"


def _range(low: int, high: int) -> str:
    return f"{low:,}" if low == high else f"{low:,} - {high:,}"


def _money(usd: float | None) -> str:
    return "-" if usd is None else f"{usd:,.2f}"


def _total(costs: Sequence[float | None]) -> str:
    known = [cost for cost in costs if cost is not None]
    # A sum that lacks some is a lower bound.
    mark = ">= " if known and len(known) < len(costs) else ""
    return mark + _money(sum(known) if known else None)


def _print_progress(plan: Plan, progress: StudyProgress) -> None:
    table = Table(title=f"{plan.spec.study}: samples that ended, of those planned")
    table.add_column("model")
    for cell in plan.spec.cells:
        table.add_column(cell, justify="right")
    table.add_column("tokens", justify="right")
    for subject in plan.subjects:
        own = [c for c in progress.cells if c.subject is subject]
        used = progress.subjects.get(subject.model)
        table.add_row(
            Text(subject.entry.name),
            *(
                f"{c.ended}/{c.planned}" + (f" ({c.errors} errors)" if c.errors else "")
                for c in own
            ),
            f"{used.total:,}" if used else "0",
        )
    console = _console()
    console.print(table)
    _print_used(progress)
    for stopped in progress.cells:
        if stopped.problem and not stopped.complete:
            console.print(
                Text(f"{stopped.subject.entry.name} {stopped.cell}: {stopped.problem}"),
                soft_wrap=True,
            )


def _print_used(progress: StudyProgress) -> None:
    for name, used in progress.graders.items():
        typer.echo(f"grader {name}: {used.total:,} tokens")
    typer.echo(
        f"in the logs: {progress.tokens:,} tokens, {progress.usd:.4f} USD by the file's prices"
    )


def _console() -> Console:
    return Console(width=None if Console().is_terminal else 160, highlight=False)
