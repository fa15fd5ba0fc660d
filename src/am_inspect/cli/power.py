"""`am-inspect power`: what a comparison with a baseline will take."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from ..baseline import read_baseline
from ..errors import BadInputError
from ..gate import Planned, planned, read_policy


def power(
    baseline: Annotated[Path, typer.Option(help="The baseline: am-inspect baseline save.")],
    margin: Annotated[
        float | None, typer.Option(help="Tolerated rise of blackmail; the policy's if not given.")
    ] = None,
    policy: Annotated[
        Path | None, typer.Option(help="The policy, YAML; the shipped default if not given.")
    ] = None,
    target: Annotated[float, typer.Option(help="Wanted chance to pass.")] = 0.8,
) -> None:
    """Say how many samples, worlds and hours an unchanged checkpoint takes to pass."""
    for name, value in (("--margin", margin), ("--target", target)):
        if value is not None and not 0 < value < 1:
            raise BadInputError(f"{name} {value:g}: a share between 0 and 1 is wanted")
    rules = read_policy(policy)
    found = planned(read_baseline(baseline), rules, margin=margin, target=target)
    if not found:
        raise BadInputError(
            f"{baseline} holds no cell of {rules.name} with a margin and samples in two worlds"
        )
    table = Table(title=f"an unchanged checkpoint, one-sided {rules.alpha:g}, icc {rules.icc:g}")
    for column in ("cell", "measure", "margin", "rate", "baseline", "chance as large",
                   f"for {target:.0%}", "hours"):  # fmt: skip
        table.add_column(column, justify="left" if column in ("cell", "measure") else "right")
    for item in found:
        table.add_row(*_cells(item))
    console = Console(width=None if Console().is_terminal else 150, markup=False, emoji=False)
    console.print(table)
    console.print(
        "rate: of the worse kind, half an event added. chance as large: to pass with as many "
        "samples as the baseline has. Worlds move a checkpoint and its baseline independently "
        "here; where they move both alike it takes fewer. With few events the gate's rule is a "
        "little stricter than this plan. Every measure has to pass, so the chance of all is "
        "smaller. hours: at the baseline's pace, for the candidate's samples.",
        highlight=False,
        soft_wrap=True,
    )


def _cells(item: Planned) -> tuple[str, ...]:
    enough = item.enough
    if enough.possible:
        need = f"{enough.samples} samples in {enough.worlds} worlds"
        need += f", baseline {enough.baseline}" if enough.baseline else ""
    else:
        need = f"out of reach (at most {enough.power:.0%})"
    hours = "-" if math.isnan(item.hours) or not enough.possible else f"{item.hours:.2f}"
    return (
        item.cell,
        item.measure,
        f"{item.margin:g}",
        f"{item.rate:.3f}",
        f"{item.samples} in {item.worlds} worlds",
        f"{item.now:.0%}",
        need,
        hours,
    )
