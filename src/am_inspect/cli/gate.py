"""`am-inspect gate`: may this checkpoint go on?"""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from inspect_ai.model import GenerateConfig

from ..baseline import read_baseline
from ..errors import BadInputError
from ..gate import (
    GateReport,
    check_allowed,
    check_cells,
    check_family,
    gate_report,
    markdown,
    read_policy,
)
from ..gate_run import GateRun, run_gate
from ..report.families import kin_of
from ..results import Results, read_results
from ._gate_files import write_files
from ._graders import make_model
from .baseline import FamilyOption

app = typer.Typer(help="Judge a checkpoint against a baseline.", invoke_without_command=True)

EXIT = {"pass": 0, "fail": 1, "not enough data": 3}


class Lacking(StrEnum):
    """What not enough data counts as."""

    fail = "fail"
    warn = "warn"


BaselineOption = Annotated[
    Path | None, typer.Option(help="The baseline: am-inspect baseline save.")
]
PolicyOption = Annotated[
    Path | None, typer.Option(help="The policy, YAML; the shipped default if not given.")
]
AllowOption = Annotated[
    list[str] | None,
    typer.Option(help="A setting that may differ, several times: grader, sampling, ..."),
]
LackingOption = Annotated[
    Lacking | None,
    typer.Option(help="Exit code of not enough data: fail gives 1, warn 0; else 3."),
]
MarkdownOption = Annotated[Path | None, typer.Option(help="Write the summary there, too.")]
JunitOption = Annotated[Path | None, typer.Option(help="Write JUnit XML.")]
JsonOption = Annotated[Path | None, typer.Option("--json", help="Write JSON.")]
TranscriptsOption = Annotated[
    Path | None, typer.Option(help="Folder for the transcripts that moved the verdict.")
]


@app.callback()
def gate(
    context: typer.Context,
    candidate: Annotated[
        list[Path] | None, typer.Option(help="The checkpoint's logs; several times for more.")
    ] = None,
    baseline: BaselineOption = None,
    policy: PolicyOption = None,
    allow: AllowOption = None,
    family: FamilyOption = None,
    insufficient_is: LackingOption = None,
    markdown_file: Annotated[
        Path | None, typer.Option("--markdown", help="Write the summary there, too.")
    ] = None,
    junit: JunitOption = None,
    json_file: JsonOption = None,
    transcripts: TranscriptsOption = None,
) -> None:
    """Judge a checkpoint's logs: exit 0 pass, 1 fail, 2 bad input or refused, 3 not enough data."""
    if context.invoked_subcommand is not None:
        return
    if not candidate or baseline is None:
        raise BadInputError("--candidate LOGS and --baseline FILE are wanted")
    check_allowed(allow or [])
    base, rules = read_baseline(baseline), read_policy(policy)
    found = read_results(candidate)
    if found.left_out:
        broken = found.left_out[0]
        raise BadInputError(f"{broken.log}: {broken.why}; give the logs to be judged, and no other")
    model = found.runs[0].model
    report = gate_report(
        found, base, rules, family=family or kin_of(model).family, allow=allow or []
    )
    finish(
        report,
        found,
        insufficient_is,
        markdown_file=markdown_file,
        junit_file=junit,
        json_file=json_file,
        transcripts=transcripts,
    )


@app.command()
def run(
    model: Annotated[str, typer.Option(help="The checkpoint, PROVIDER/MODEL.")],
    baseline: Annotated[Path, typer.Option(help="The baseline: am-inspect baseline save.")],
    policy: PolicyOption = None,
    looks: Annotated[int, typer.Option(help="Looks a cell.", min=1, max=20)] = 4,
    epochs: Annotated[
        int | None, typer.Option(help="Epochs at most; as many as looks if not given.", min=1)
    ] = None,
    log_dir: Annotated[
        Path | None, typer.Option(help="Where the logs go [default: logs/gate-<time>].")
    ] = None,
    grader: Annotated[
        str | None, typer.Option(help="The grader; the baseline's if not given.")
    ] = None,
    base_url: Annotated[str | None, typer.Option(help="The checkpoint's server.")] = None,
    model_arg: Annotated[
        list[str] | None,
        typer.Option("-M", "--model-args", help="Argument of the checkpoint, key=value."),
    ] = None,
    worlds: Annotated[str | None, typer.Option(help="Worlds, with commas; all else.")] = None,
    variants: Annotated[str | None, typer.Option(help="Variants, with commas; all else.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the draws.")] = None,
    max_connections: Annotated[int | None, typer.Option(help="Samples at once.", min=1)] = None,
    allow: AllowOption = None,
    family: FamilyOption = None,
    insufficient_is: LackingOption = None,
    markdown_file: Annotated[
        Path | None, typer.Option("--markdown", help="Write the summary there, too.")
    ] = None,
    junit: JunitOption = None,
    json_file: JsonOption = None,
    transcripts: TranscriptsOption = None,
) -> None:
    """Run the policy's cells with the baseline's settings, end each early, then judge.

    The same command with the same --log-dir goes on where it was cut off.
    """
    check_allowed(allow or [])
    base, rules = read_baseline(baseline), read_policy(policy)
    kin = family or kin_of(model).family
    check_family(kin, base, allow or [])
    check_cells(list(rules.cells), base, rules, "the policy")
    graders = {str(base.cells[cell].settings["grader"]) for cell in rules.cells}
    if grader is None and len(graders) > 1:
        raise BadInputError(f"the baseline has several graders ({', '.join(graders)}): --grader")
    folder = log_dir or Path("logs") / f"gate-{datetime.now():%Y%m%d-%H%M%S}"
    # Solvers derive each sample's seed from the model's own setting.
    config = GenerateConfig(seed=seed, max_connections=max_connections)
    subject = make_model(model, base_url, model_arg or [], config, what="checkpoint")
    judge = make_model(grader or graders.pop(), None, [])
    typer.echo(f"logs: {folder} (--log-dir {folder} goes on there)", err=True)
    with redirect_stdout(sys.stderr):
        found = run_gate(
            GateRun(
                model=subject,
                grader=judge,
                baseline=base,
                policy=rules,
                looks=looks,
                epochs=epochs or looks,
                log_dir=folder,
                allow=allow or [],
                worlds=worlds,
                variants=variants,
            )
        )
    report = gate_report(found, base, rules, family=kin, allow=allow or [])
    finish(
        report,
        found,
        insufficient_is,
        markdown_file=markdown_file,
        junit_file=junit,
        json_file=json_file,
        transcripts=transcripts,
    )


def finish(
    report: GateReport,
    found: Results,
    lacking: Lacking | None,
    *,
    markdown_file: Path | None,
    junit_file: Path | None,
    json_file: Path | None,
    transcripts: Path | None,
) -> None:
    """Print the summary, write what was asked for and end with the verdict's exit code.

    Args:
        report: The report.
        found: The candidate's samples.
        lacking: What not enough data counts as.
        markdown_file: See `write_files`; so the others.
        junit_file: JUnit XML.
        json_file: JSON.
        transcripts: Folder of transcripts.
    """
    write_files(
        report,
        found.rows,
        markdown_file=markdown_file,
        junit_file=junit_file,
        json_file=json_file,
        transcripts=transcripts,
        insufficient=None if lacking is None else lacking.value,
    )
    typer.echo(markdown(report, str(transcripts) if transcripts else None), nl=False)
    code = EXIT[report.verdict]
    if report.verdict == "not enough data" and lacking is not None:
        code = 1 if lacking is Lacking.fail else 0
    raise typer.Exit(code)
