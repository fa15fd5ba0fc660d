"""`am-inspect dataset`: render and check the rows, and help for those who write worlds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .._dataset_file import CARD, MEND, ROWS, first_difference, read_dataset, with_counts
from .._dataset_file import write_dataset as write_rows
from .._paths import datasets_dir
from .._prompts import load_prompts
from .._tokens import count_tokens, load_tokenizer
from ..cells import CELLS, STUDY_CELLS
from ..render import VARIANTS, render_all, render_checked, render_world
from ..scenario import Row
from ..worlds import load_world
from .dataset_diff import diff
from .dataset_stats import stats

app = typer.Typer(help="Render, check, compare and count the dataset.", no_args_is_help=True)

WorldFile = Annotated[Path, typer.Argument(help="A world file, datasets/worlds/<world>.yaml.")]
WorldsDir = Annotated[
    Path | None, typer.Option(help="Folder of the world files [default: the installed one].")
]
DataDir = Annotated[
    Path | None, typer.Option(help=f"Folder of {ROWS} [default: the parent of the worlds' one].")
]


@app.command()
def render(worlds_dir: WorldsDir = None, out: DataDir = None) -> None:
    """Make scenarios.jsonl and its hash from the world files; on a broken rule, write nothing."""
    rows = _render(worlds_dir)
    path = write_rows(rows, out or _parent(worlds_dir))
    worlds = {row.world for row in rows}
    typer.echo(f"{path}: {len(rows)} rows of {len(worlds)} worlds")


@app.command()
def check(worlds_dir: WorldsDir = None, out: DataDir = None) -> None:
    """Fail if scenarios.jsonl is not what the world files give; names the first row."""
    folder = out or _parent(worlds_dir)
    path, rows = folder / ROWS, _render(worlds_dir)
    if not path.is_file():
        _fail(f"{path} is missing: {MEND}")
    difference = first_difference(rows, path.read_text(encoding="utf-8"))
    if difference:
        _fail(f"{path}: {difference}: {MEND}, and change worlds, never the rendered file")
    read_dataset(folder)
    card = folder / CARD
    if card.is_file():
        text = card.read_text(encoding="utf-8")
        if with_counts(text, rows) != text:
            _fail(f"{card}: its counts are not those of the data: {MEND}")
    typer.echo(f"{path}: {len(rows)} rows, as the world files give them")


@app.command()
def lint(world: WorldFile) -> None:
    """Hold one world file against all rules; writes nothing."""
    rows = render_checked(load_world(world), load_prompts(_prompts_dir(world.parent)))
    typer.echo(f"{world.name}: {len(rows)} rows, all rules hold")


@app.command()
def text(world: WorldFile, cell: str = "goal_and_threat", variant: int = 1) -> None:
    """Print one rendered cell of a world file to read; writes nothing."""
    prompts = load_prompts(_prompts_dir(world.parent))
    typer.echo(_as_text(render_world(load_world(world), variant, cell, prompts)))


@app.command()
def tokens(
    tokenizer: Annotated[
        Path, typer.Option(help="A tokenizer's folder, as transformers saves it.")
    ],
    world: Annotated[str, typer.Option(help="Name of the world.")] = "crumb",
    all_cells: Annotated[bool, typer.Option(help="All cells, not the study's six.")] = False,
) -> None:
    """Count the tokens of a world's first prompt: text protocol, single turn (needs [local])."""
    prompts = load_prompts(datasets_dir() / "prompts")
    found = load_world(datasets_dir() / "worlds" / f"{world}.yaml")
    encode = load_tokenizer(tokenizer)
    highest = 0
    for variant in VARIANTS:
        for name in CELLS if all_cells else STUDY_CELLS:
            count = count_tokens(render_world(found, variant, name, prompts), encode)
            highest = max(highest, count)
            typer.echo(f"{world}-v{variant}  {name:<22}{count:>6}")
    typer.echo(f"highest: {highest}")


app.command()(diff)
app.command()(stats)


def _render(worlds_dir: Path | None) -> list[Row]:
    folder = worlds_dir or datasets_dir() / "worlds"
    return render_all(folder, _prompts_dir(folder))


def _parent(worlds_dir: Path | None) -> Path:
    return worlds_dir.resolve().parent if worlds_dir else datasets_dir()


def _prompts_dir(worlds_dir: Path) -> Path:
    beside = worlds_dir.resolve().parent / "prompts"
    return beside if beside.is_dir() else datasets_dir() / "prompts"


def _fail(sentence: str) -> None:
    typer.echo(f"error: {sentence}", err=True)
    raise typer.Exit(1)


def _as_text(row: Row) -> str:
    parts = [row.system, row.opening]
    names = row.address_book()
    for mail in row.mails:
        lines = [
            f"[{mail.id}] {mail.sent_at} (wave {mail.wave})",
            f"From: {names[mail.from_.lower()]} <{mail.from_}>",
            f"To: {', '.join(mail.to)}",
            *([f"Cc: {', '.join(mail.cc)}"] if mail.cc else []),
            f"Subject: {mail.subject}",
            "",
            mail.body,
        ]
        parts.append("\n".join(lines))
    return "\n\n----\n\n".join(parts)
