"""`am-inspect grader`: how good is a grader, and what changes with another one?"""

from __future__ import annotations

import re
import sys
import time
from contextlib import redirect_stdout
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import anyio
import typer
from inspect_ai.model import Model

from .._grader_check import reach_all
from .._ledger import Ledger
from ..calibration import (
    CalibrationFile,
    make_calibration,
    read_calibration,
    write_calibration,
)
from ..comparison import compare_gradings
from ..errors import BadInputError
from ..grading import RUBRIC_NAMES, rubric_sha
from ..grading.gold_set import GoldSet, load_gold
from ..judgement import panel_name
from ..validation import Case, grade_gold
from ..validation_figures import figures_of
from ..view_validation import KeyAgreement, validate_views
from ..views import view_names
from ._comparison_tables import print_comparison
from ._graders import (
    BaseUrlOption,
    ConnectionsOption,
    GraderOption,
    ModelArgOption,
    PanelCommand,
    PanelOption,
    make_graders,
)
from ._validation_tables import print_validation
from ._view_tables import print_views

app = typer.Typer(help="Test graders on labelled transcripts, compare gradings.")


class PartName(StrEnum):
    """A part of the gold set."""

    test = "test"
    development = "development"
    all = "all"


@app.command(cls=PanelCommand)
def validate(
    grader: GraderOption = None,
    panel: PanelOption = None,
    part: Annotated[
        PartName | None,
        typer.Option(help="Part of the gold set: test, or all where --gold is given."),
    ] = None,
    gold: Annotated[
        Path | None,
        typer.Option(help="Another gold set: a JSONL file, or a folder as grading/gold."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="The calibration file; calibration-GRADER-PART.json if left out."),
    ] = None,
    views: Annotated[
        str,
        typer.Option(
            help="Instead of the pair, further views on their own labels: comprehension, "
            "strategy, eval_awareness, with commas."
        ),
    ] = "",
    base_url: BaseUrlOption = None,
    model_arg: ModelArgOption = None,
    max_connections: ConnectionsOption = 10,
) -> None:
    """Grade the gold set and print how the verdicts agree with the labels.

    Writes a calibration file, which counts how often the test part was used, and beside it each
    case's judgements (.cases.jsonl). The same command goes on where it was cut off; once it is
    through, it grades anew. The labels are by models: none is a person's.
    """
    if wanted := view_names(views):
        _validate_views(
            wanted,
            make_graders(grader, panel, base_url, model_arg, max_connections),
            max_connections,
        )
        return
    lines = load_gold(gold, (part or (PartName.all if gold else PartName.test)).value)
    graders = make_graders(grader, panel, base_url, model_arg, max_connections)
    name = panel_name([str(model) for model in graders])
    target = out or Path(f"calibration-{_slug(name)}-{lines.part}.json")
    before = _uses_before(target, name, lines)
    say = partial(typer.echo, err=True)
    say(f"{len(lines.lines)} labelled transcripts ({lines.part} part), graded by {name}")
    ledger = Ledger(
        target.with_suffix(".partial.jsonl"),
        {
            "grader": name,
            "rubric_sha": {rubric: rubric_sha(rubric) for rubric in RUBRIC_NAMES},
            "gold_sha": lines.sha,
        },
    )

    async def run() -> list[Case]:
        await reach_all(graders)
        return await grade_gold(lines, graders, ledger=ledger, most=max_connections, tell=say)

    began = time.monotonic()
    with redirect_stdout(sys.stderr):
        cases = anyio.run(run)
    figures = figures_of(cases)
    calibration = make_calibration(name, _names(graders), lines, figures, before)
    write_calibration(target, calibration)
    ledger.move_to(target.with_suffix(".cases.jsonl"))
    print_validation(calibration, figures, time.monotonic() - began)
    say(f"written: {target}")


def _validate_views(views: tuple[str, ...], graders: list[Model], most: int) -> None:
    if len(graders) != 1:
        raise BadInputError("--views takes one grader, not a panel")
    say = partial(typer.echo, err=True)

    async def run() -> list[KeyAgreement]:
        await reach_all(graders)
        return await validate_views(views, graders[0], most=most, tell=say)

    with redirect_stdout(sys.stderr):
        found = anyio.run(run)
    print_views(str(graders[0]), views, found)


@app.command()
def compare(
    old: Annotated[Path, typer.Argument(help="A log, a folder of logs, or `grade`'s output.")],
    new: Annotated[Path, typer.Argument(help="The other grading of the same.")],
) -> None:
    """Print the table of verdicts, and every flip, of two gradings of the same samples.

    Both are logs or folders of logs (as `regrade` writes them), or both files that `grade` wrote.
    """
    print_comparison(compare_gradings(old, new))


def _names(graders: list[Model]) -> tuple[str, ...]:
    return tuple(str(model) for model in graders)


def _slug(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9.]+", "-", name).strip("-")[:80]


def _uses_before(target: Path, name: str, gold: GoldSet) -> int:
    if not target.exists():
        return 0
    held: CalibrationFile = read_calibration(target)
    for what, there, now in (("grader", held.grader, name), ("part", held.part, gold.part)):
        if there != now:
            raise BadInputError(
                f"{target} is the calibration of another {what} ({there}, now {now}): give "
                "another --out"
            )
    return held.test_part_uses
