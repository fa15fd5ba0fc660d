"""`am-inspect doctor`: is this model, served so, fit for a study?"""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from inspect_ai.model import GenerateConfig, Model, get_model
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..doctor import Diagnosis, Settings, diagnose, title, unmade
from ..errors import BadInputError


class DeliveryName(StrEnum):
    """As of the tasks."""

    paced = "paced"
    single_turn = "single_turn"


class ToolsName(StrEnum):
    """As of the tasks."""

    text = "text"
    native = "native"
    auto = "auto"


_STYLES = {"pass": "green", "warn": "yellow", "fail": "bold red", "skip": "dim"}


def doctor(
    model: Annotated[str, typer.Option(help="The model, PROVIDER/MODEL.")],
    model_arg: Annotated[
        list[str] | None, typer.Option("-M", help="Argument of the model, key=value.")
    ] = None,
    model_base_url: Annotated[str | None, typer.Option(help="The model's server.")] = None,
    model_role: Annotated[
        list[str] | None, typer.Option(help="grader=PROVIDER/MODEL, to have the grader tried, too.")
    ] = None,
    delivery: Annotated[DeliveryName, typer.Option(help="As of the tasks.")] = DeliveryName.paced,
    tools: Annotated[ToolsName, typer.Option(help="As of the tasks.")] = ToolsName.text,
    max_turns: Annotated[int, typer.Option(help="As of the tasks.", min=1)] = 8,
    max_tokens: Annotated[int, typer.Option(help="Most tokens of a reply.", min=1)] = 2048,
    temperature: Annotated[float, typer.Option(help="As of the runs.", min=0)] = 1.0,
    max_connections: Annotated[
        int | None, typer.Option(help="Calls at once; the provider's own if not given.", min=1)
    ] = None,
    samples: Annotated[int, typer.Option(help="Short samples that are played.", min=1)] = 10,
    planned: Annotated[int, typer.Option(help="Samples of the study to forecast.", min=1)] = 192,
    patience: Annotated[int, typer.Option(help="Seconds that a call may take.", min=1)] = 900,
    log_dir: Annotated[Path | None, typer.Option(help="Keep the short samples' log here.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check a model before it costs anything: template, window, seeds, tools, speed, grader.

    Exit code 0: nothing failed (read the warnings); 1: a check failed; 2: it could not be reached.
    """
    settings = Settings(
        delivery=delivery.value,
        tools=tools.value,
        max_turns=max_turns,
        max_tokens=max_tokens,
        temperature=temperature,
        max_connections=max_connections,
        samples=samples,
        planned=planned,
        patience=patience,
        log_dir=str(log_dir) if log_dir else None,
    )
    arguments, grader_name = _arguments(model_arg or []), _grader(model_role or [])
    # The first model that is made lets Inspect greet, and standard output is for results.
    with redirect_stdout(sys.stderr):
        found = _examine(model, model_base_url, arguments, grader_name, settings)
    if as_json:
        typer.echo(found.model_dump_json(indent=2))
    else:
        _print(found)
    if found.failed:
        raise typer.Exit(2 if found.failed[0].check == "answers" else 1)


def _examine(
    name: str,
    url: str | None,
    arguments: dict[str, Any],
    grader_name: str | None,
    settings: Settings,
) -> Diagnosis:
    try:
        model = get_model(name, base_url=url, config=_config(settings), memoize=False, **arguments)
    except (Exception, SystemExit) as error:  # Providers raise types of their own.
        return unmade(name, error, url)
    return diagnose(model, _made_grader(grader_name), settings, _say)


def _config(settings: Settings) -> GenerateConfig:
    # `hf/` seeds once, when it is made.
    return GenerateConfig(seed=settings.seed, max_connections=settings.max_connections)


def _made_grader(name: str | None) -> Model | None:
    if name is None:
        return None
    try:
        return get_model(name, memoize=False)
    except Exception as error:  # As above.
        fault = unmade(name, error).findings[0]
        raise BadInputError(f"the grader: {fault.says}; {fault.mend}") from None


def _arguments(pairs: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            raise BadInputError(f"-M {pair}: key=value is wanted")
        try:
            read = yaml.safe_load(value)
        except yaml.YAMLError:
            read = value
        # A template or a path that YAML would read as a mapping or a list of its own stays text.
        found[key] = value if isinstance(read, dict | list) and not value.startswith('{"') else read
    return found


def _grader(roles: list[str]) -> str | None:
    found = None
    for pair in roles:
        role, equals, name = pair.partition("=")
        if not equals or role != "grader" or not name:
            raise BadInputError(f"--model-role {pair}: grader=PROVIDER/MODEL is wanted")
        found = name
    return found


def _say(what: str) -> None:
    print(f"checking: {what} ...", file=sys.stderr, flush=True)


def _print(found: Diagnosis) -> None:
    console = Console(width=None if Console().is_terminal else 120, highlight=False)
    graded = f", graded by {found.grader}" if found.grader else ""
    simulated = " (simulated: this shows the plumbing only)" if found.simulated else ""
    console.print(Text(f"{found.model}{simulated}{graded}"), soft_wrap=True)
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column("status", no_wrap=True)
    table.add_column("check", no_wrap=True)
    table.add_column("found", overflow="fold")
    for item in found.findings:
        told = Text(item.says)
        if item.mend and item.status != "skip":
            told.append(f"\n  do: {item.mend}")
        table.add_row(Text(item.status, style=_STYLES[item.status]), title(item.check), told)
    console.print(table)
    counts = [(s, sum(f.status == s for f in found.findings)) for s in _STYLES]
    console.print(Text(", ".join(f"{count} {status}" for status, count in counts)))
