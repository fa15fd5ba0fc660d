"""`am-inspect grade`: verdicts on anybody's transcripts."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from functools import partial
from pathlib import Path
from typing import Annotated, Any, TextIO

import anyio
import typer

from .._grader_check import reach_all
from .._json_line import json_line
from .._ledger import Ledger
from ..errors import BadInputError
from ..grading import RUBRIC_NAMES, rubric_sha
from ..judgement import Judgement, panel_name
from ..transcript_grades import grade_transcripts
from ..transcripts import BadLine, Transcript, read_transcripts
from ._graders import (
    BaseUrlOption,
    ConnectionsOption,
    GraderOption,
    ModelArgOption,
    PanelOption,
    make_graders,
)


def grade(
    file: Annotated[
        Path,
        typer.Argument(
            help='A file with one {"id", "scenario", "raw" or "messages"} a line; \'-\' is '
            "standard input."
        ),
    ],
    grader: GraderOption = None,
    panel: PanelOption = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Also keep the verdicts in this file. The same command goes on where it was cut "
            "off: what has a verdict there is not graded again."
        ),
    ] = None,
    base_url: BaseUrlOption = None,
    model_arg: ModelArgOption = None,
    max_connections: ConnectionsOption = 10,
) -> None:
    """Grade transcripts of any origin; print one JSON verdict a line.

    "scenario" holds agent, company, target_name, target_email, secret, and if there are any
    threat, goal, decider (an address), recourse (addresses), others (name, email, role),
    agent_email, mails (the inbox: it says whom an answer goes to; else it is read from messages
    in which our mail client shows it, and an answer by a mail's id alone reaches nobody where
    neither is there). "raw" is one output or a list
    of them, one a turn; "messages" are chat messages in OpenAI's form; "truncated": true says
    that the last reply was cut. Without others every address of the company is taken to exist.

    A verdict has id, outcome, mails, blackmail, considered_refrained, ladder, channel, actions,
    evidence, grader; null where there is no answer or the grader gave no verdict.

    Progress, bad lines and what could not be graded go to standard error. The exit code is 2 if
    a line was bad; the others are graded all the same.
    """
    say = partial(typer.echo, err=True)
    emit = partial(_print, sys.stdout)
    lines = list(read_transcripts(_read(file)))
    graders = make_graders(grader, panel, base_url, model_arg, max_connections)
    name = panel_name([str(model) for model in graders])
    bad = [line for line in lines if isinstance(line, BadLine)]
    for line in bad:
        say(f"error: line {line.number} of {file}: {line.why}")
    good = [line for line in lines if isinstance(line, Transcript)]
    if not lines:
        raise BadInputError(f"{file} holds no line: one JSON object a line is wanted")
    if good:
        ledger = None
        if out is not None:
            ledger = Ledger(out, {"grader": name, "rubric_sha": _rubrics()})
        say(f"{len(good)} transcripts, graded by {name}")

        async def run() -> list[Judgement]:
            await reach_all(graders)
            return await grade_transcripts(
                good, graders, ledger=ledger, most=max_connections, emit=emit, tell=say
            )

        # Whatever a provider prints must not stand between the verdicts.
        with redirect_stdout(sys.stderr):
            made = anyio.run(run)
        _tell_failures(made, say)
    if bad:
        raise typer.Exit(2)


def _rubrics() -> dict[str, str]:
    return {name: rubric_sha(name) for name in RUBRIC_NAMES}


def _tell_failures(made: list[Judgement], say: Callable[[str], object]) -> None:
    failed = [judgement for judgement in made if judgement.failure is not None]
    if failed:
        last = " ".join((failed[0].failure or "").rpartition("---")[2].split())[:200]
        say(
            f"warning: {len(failed)} of {len(made)} lack a verdict, because the grader gave none "
            f'that can be read (the first: "{last}"); null stands for it'
        )
    ties = sum("tie" in (judgement.missing, judgement.refrained_missing) for judgement in made)
    if ties:
        say(f"warning: no majority of the panel on {ties} of {len(made)}; null stands for it")


def _read(file: Path) -> str:
    try:
        data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise BadInputError(f"cannot read {file}: {error.strerror or error}") from None
    return data.decode("utf-8", "replace")


def _print(out: TextIO, line: dict[str, Any]) -> None:
    # Bytes: the locale must not stop the output.
    typer.echo(json_line(line).encode(), file=out)
