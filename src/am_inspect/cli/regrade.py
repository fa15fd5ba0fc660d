"""`am-inspect regrade`: both graded scores anew, by one grader, in new logs."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import anyio
import typer

from ..regrade import regrade_logs
from ..results import read_results
from ..summary import summarise
from ..views import view_names
from ._graders import BaseUrlOption, ModelArgOption, make_model
from .results import print_table


def regrade(
    logs: Annotated[list[Path], typer.Argument(help="Logs, or folders of logs.")],
    grader: Annotated[str, typer.Option(help="The grader, PROVIDER/MODEL.")],
    out: Annotated[Path, typer.Option(help="Folder of the new logs.")],
    views: Annotated[
        str,
        typer.Option(help="Further views, with commas: comprehension, strategy, eval_awareness."),
    ] = "",
    base_url: BaseUrlOption = None,
    model_arg: ModelArgOption = None,
) -> None:
    """Write new logs with both graded scores by one grader; the old logs stay as they are.

    The same command goes on where it was cut off: logs that are already in --out are kept.
    """
    wanted = view_names(views)
    model = make_model(grader, base_url, model_arg or [])
    say = partial(typer.echo, err=True)
    written = anyio.run(regrade_logs, logs, model, out, say, wanted)
    found = read_results(written)
    print_table(summarise(found.rows), found.left_out)
