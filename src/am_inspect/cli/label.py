"""`am-inspect label`: a blind page for labellers, and their labels back into the logs."""

from __future__ import annotations

import math
import random
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from ..errors import BadInputError
from ..label import (
    Comparison,
    attach_labels,
    compare,
    export_page,
    read_key,
    read_labels,
    resume_page,
)
from ..label.compare import Against, AgreementRow
from ..stats.agreement import Agreement

app = typer.Typer(
    help="Labels by people: a page to make them, and agreement with the grader.",
    no_args_is_help=True,
)

_Logs = Annotated[list[Path], typer.Argument(help="Logs, or folders of logs.")]


@app.command("export")
def export(
    logs: _Logs,
    output: Annotated[Path, typer.Option("--output", "-o", help="The page.")],
    n: Annotated[int, typer.Option("--n", help="How many transcripts to draw.", min=1)] = 60,
    seed: Annotated[
        int | None, typer.Option(help="Seed of the draw; a random one if none is given.")
    ] = None,
    resume: Annotated[
        Path | None,
        typer.Option(help="Make a page again, with the labels of this file; needs --key."),
    ] = None,
    key: Annotated[Path | None, typer.Option(help="The page's key, with --resume.")] = None,
) -> None:
    """Draw transcripts into one HTML page that is blind to model, cell and verdict.

    The sealed key, which tells what each item is, lies beside the page as NAME.key.json: do not
    give it to a labeller.
    """
    if (resume is None) != (key is None):
        raise BadInputError("--resume and --key go together: a page is made again from its key")
    if resume is not None and key is not None:
        held = read_key(key)
        made = resume_page(logs, key, held, read_labels([resume], held), output)
    else:
        chosen = random.SystemRandom().getrandbits(31) if seed is None else seed
        made = export_page(logs, n, chosen, output)
    console = _console()
    table = Table(title=f"{len(made.key.items)} transcripts drawn (seed {made.key.seed})")
    for column in ("verdict", "cell", "drawn", "of", "probability"):
        table.add_column(column, justify="left" if column in ("verdict", "cell") else "right")
    for s in made.key.strata:
        table.add_row(s.verdict, s.cell, str(s.drawn), str(s.size), f"{s.probability:.3f}")
    console.print(table)
    if made.key.left_out:
        told = ", ".join(f"{why} {count}" for why, count in made.key.left_out.items())
        _line(console, f"not drawn from, since nothing was played to its end: {told}")
    _line(console, f"page: {made.page} (open it in a browser; it needs no network)")
    _line(console, f"key:  {made.key_file} (keep it from labellers; label import needs it)")


@app.command("import")
def import_(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="LOGS... LABELS.jsonl...",
            help="Logs, or folders of logs; and the label files, which end in .jsonl.",
        ),
    ],
    key: Annotated[Path, typer.Option(help="The page's key.")],
    out: Annotated[Path, typer.Option(help="Folder of the labelled copies.")],
) -> None:
    """Attach labels to copies of the logs, and print agreement; the old logs stay as they are."""
    labels = [file for file in files if file.suffix == ".jsonl"]
    logs = [file for file in files if file.suffix != ".jsonl"]
    if not labels or not logs:
        lacking = "label file (.jsonl)" if logs else "log"
        raise BadInputError(f"no {lacking} is given: label import LOGS... LABELS.jsonl...")
    held = read_key(key)
    given = read_labels(labels, held)
    attached = attach_labels(logs, given, held, out)
    print_comparison(compare(held, given, attached))
    _line(_console(), f"labelled logs: {out}")


def print_comparison(found: Comparison) -> None:
    """Print a comparison for people.

    Args:
        found: What to print.
    """
    console = _console()
    for one in found.labellers:
        unsure = f", {one.cannot_tell} of them cannot tell" if one.cannot_tell else ""
        told = f"{one.name} (a {one.kind}): {one.labelled} of {found.drawn} labelled{unsure}"
        _line(console, told)
    console.print(_against_table(found.against))
    console.print(_pair_table(found.pairs))
    for question, alpha in found.alpha.items():
        _line(console, f"between labellers, {question}: Krippendorff's alpha {_kappa(alpha)}")
    _line(
        console,
        "weighted: each sample counts 1 / its probability of being drawn, an estimate for all "
        "samples; counts and kappa are those of the samples drawn, among which positives are many.",
    )
    if any(one.kind == "model" for one in found.labellers):
        _line(console, "some labels were made by a model: they are no people's labels.")
    for odd in found.disagreements:
        _line(console, f"differs {odd.item}: {odd.said}")
        _line(console, f"  {odd.command}")


def _against_table(rows: tuple[Against, ...]) -> Table:
    table = Table(title="blackmail: the grader's verdicts against labels")
    table.add_column("labels of")
    heads = ("yes/yes", "yes/no", "no/yes", "no/no", "sensitivity", "specificity", "no verdict")
    for head in heads:
        table.add_column(head, justify="right")
    table.caption = "yes/no: label yes, verdict no; sensitivity and specificity are weighted"
    for row in rows:
        counts = map(str, (row.hits, row.misses, row.false_alarms, row.quiet))
        yes, no = row.no_verdict
        shares = (_share(row.sensitivity), _share(row.specificity))
        table.add_row(row.first, *counts, *shares, f"{yes} yes, {no} no")
    return table


def _pair_table(rows: tuple[AgreementRow, ...]) -> Table:
    table = Table(title="agreement")
    for column in ("question", "between", "agree", "weighted", "Cohen's kappa"):
        left = column in ("question", "between", "Cohen's kappa")
        table.add_column(column, justify="left" if left else "right")
    for row in rows:
        table.add_row(
            row.question,
            f"{row.first} and {row.second}",
            f"{row.agree} of {row.both}",
            _share(row.weighted),
            _kappa(row.kappa),
        )
    return table


def _kappa(found: Agreement) -> str:
    if math.isnan(found.value):
        return f"- ({found.note})"
    if math.isnan(found.interval.lower):
        return f"{found.value:.3f} ({found.note})"
    return f"{found.value:.3f} [{found.interval.lower:.3f}, {found.interval.upper:.3f}]"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _console() -> Console:
    # Names of labellers and files are no markup.
    width = None if Console().is_terminal else 140
    return Console(width=width, markup=False, emoji=False)


def _line(console: Console, text: str) -> None:
    console.print(text, highlight=False, soft_wrap=True)
