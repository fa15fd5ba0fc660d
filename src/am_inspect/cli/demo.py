"""`am-inspect demo`: the six cells on two simulated models, to see the whole path work."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from inspect_ai import eval as run_eval

from .. import tasks
from .._grader import RULES_GRADER
from ..cells import STUDY_CELLS
from ..results import read_results
from ..summary import summarise
from .results import print_table

DEMO_MODELS = ("amsim/gemma-3-12b", "amsim/llama-3.1-70b")


def demo(
    log_dir: Annotated[
        Path | None, typer.Option(help="Where the logs go [default: logs/demo-<time>].")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(help="Samples a cell; all if not given.", min=1)
    ] = None,
) -> None:
    """Run the study's six cells on two simulated models, and print their table."""
    folder = log_dir or Path("logs") / f"demo-{datetime.now():%Y%m%d-%H%M%S}"
    run_eval(
        [getattr(tasks, cell)() for cell in STUDY_CELLS],
        model=list(DEMO_MODELS),
        model_roles={"grader": RULES_GRADER},
        log_dir=str(folder),
        limit=limit,
        max_tasks=2,
        log_realtime=False,
    )
    found = read_results([folder])
    print_table(summarise(found.rows), found.left_out)
    typer.echo(f"logs: {folder}\nview: inspect view --log-dir {folder}")
    typer.echo(f"one transcript: am-inspect show {found.rows[0].log} {found.rows[0].scenario}")
