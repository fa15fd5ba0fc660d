"""`am-inspect regrade`: both graded scores anew, by one grader, in new logs."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import anyio
import typer
from inspect_ai.model import get_model

from ..errors import BadInputError
from ..regrade import regrade_logs
from ..results import read_results
from ..summary import summarise
from .results import print_table


def regrade(
    logs: Annotated[list[Path], typer.Argument(help="Logs, or folders of logs.")],
    grader: Annotated[str, typer.Option(help="The grader, PROVIDER/MODEL.")],
    out: Annotated[Path, typer.Option(help="Folder of the new logs.")],
    base_url: Annotated[str | None, typer.Option(help="The grader's server.")] = None,
    model_arg: Annotated[
        list[str] | None, typer.Option("-M", help="Argument of the grader, key=value.")
    ] = None,
) -> None:
    """Write new logs with both graded scores by one grader; the old logs stay as they are.

    The same command goes on where it was cut off: logs that are already in --out are kept.
    """
    model = _model(grader, base_url, model_arg or [])
    say = partial(typer.echo, err=True)
    written = anyio.run(regrade_logs, logs, model, out, say)
    found = read_results(written)
    print_table(summarise(found.rows), found.left_out)


def _model(grader: str, base_url: str | None, pairs: list[str]) -> Any:
    arguments: dict[str, Any] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            raise BadInputError(f"-M {pair}: key=value is wanted")
        try:
            arguments[key] = json.loads(value)
        except json.JSONDecodeError:
            arguments[key] = value
    try:
        return get_model(grader, base_url=base_url, **arguments)
    except Exception as error:  # Providers raise types of their own, which none can list.
        raise BadInputError(f"the grader {grader} cannot be made: {error}") from None
