"""`am-inspect baseline`: the counts that a later checkpoint is held against."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from ..baseline import make_baseline, read_baseline, write_baseline
from ..baseline_diff import baseline_changes, counted
from ..errors import BadInputError
from ..report.families import kin_of
from ..results import read_results

app = typer.Typer(help="Make and compare baselines: small files of counts, kept in git.")

FamilyOption = Annotated[
    str | None, typer.Option(help="The model's family; by its name if not given.")
]


@app.command()
def save(
    logs: Annotated[list[Path], typer.Argument(help="Logs, or folders of logs, of one model.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="The file.")] = Path("baseline.json"),
    family: FamilyOption = None,
    force: Annotated[bool, typer.Option(help="Replace a file that is there.")] = False,
) -> None:
    """Count logs up by cell and world, with settings and hashes; no transcripts."""
    if out.exists() and not force:
        raise BadInputError(f"{out} is there already: give another --out, or --force")
    found = read_results(logs)
    model = found.runs[0].model if found.runs else ""
    baseline = make_baseline(found, family or kin_of(model).family)
    write_baseline(out, baseline)
    for name, cell in baseline.cells.items():
        typer.echo(
            f"{name}: blackmail {counted(cell, 'blackmail')}, restraint "
            f"{counted(cell, 'inhibition')}, missing {counted(cell, 'missing')}, "
            f"{len(cell.worlds)} worlds"
        )
    for item in found.left_out:
        typer.echo(f"left out: {item.log}: {item.why}")
    if baseline.simulated:
        typer.echo(
            "simulated: an amsim model shows the plumbing only and says nothing of any model."
        )
    typer.echo(f"written: {out} ({out.stat().st_size} bytes), {baseline.model}, {baseline.family}")


@app.command()
def diff(
    old: Annotated[Path, typer.Argument(help="A baseline.")],
    new: Annotated[Path, typer.Argument(help="Another one.")],
) -> None:
    """Print what differs between two baselines: model, settings, counts."""
    changes = baseline_changes(read_baseline(old), read_baseline(new))
    if not changes:
        typer.echo("no difference in model, settings and counts")
        return
    table = Table()
    for column in ("cell", "what", old.name, new.name):
        table.add_column(column, overflow="fold")
    for change in changes:
        table.add_row(change.where or "(all)", change.what, change.old, change.new)
    console = Console(width=None if Console().is_terminal else 140, markup=False, emoji=False)
    console.print(table)
