"""The command `am-inspect`."""

from __future__ import annotations

import sys

import typer

from .. import __version__
from ..errors import BadInputError
from . import baseline, dataset, gate, grader, label, study
from ._graders import PanelCommand
from .compare_published import compare
from .doctor import doctor
from .grade import grade
from .parse import parse
from .power import power
from .regrade import regrade
from .report import report
from .results import results
from .show import show
from .verify import verify

app = typer.Typer(
    help="Does a model blackmail when its goal and existence are threatened, or hold back? "
    "Run cells with `inspect eval tasks/blackmail.py --model ...`; the commands here make and "
    "check the dataset, and read, re-grade and check logs.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(baseline.app, name="baseline")
app.add_typer(dataset.app, name="dataset")
app.add_typer(study.app, name="study")
app.add_typer(gate.app, name="gate")
app.add_typer(grader.app, name="grader")
app.add_typer(label.app, name="label")
for command in (results, report, show, power, regrade, verify, parse, doctor):
    app.command()(command)
app.command(cls=PanelCommand)(grade)
app.command("compare-published")(compare)


def main() -> None:
    """Run the command line; bad input ends it with one sentence and exit code 2."""
    try:
        app()
    except BadInputError as error:
        print(f"error: {error.message}", file=sys.stderr)
        sys.exit(error.exit_code)


@app.callback(invoke_without_command=True)
def _top(
    version: bool = typer.Option(False, "--version", help="Print the version and end."),
) -> None:
    if version:
        typer.echo(__version__)
        raise typer.Exit
