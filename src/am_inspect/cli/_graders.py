"""The options by which commands take graders."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from typing import Annotated, Any

import typer
from inspect_ai.model import GenerateConfig, Model, get_model
from typer.core import TyperCommand

from ..errors import BadInputError

_MANY = "--panel"
_MARKUP = re.compile(r"\[/?[a-z]*\]")

GraderOption = Annotated[str | None, typer.Option(help="The grader, PROVIDER/MODEL.")]
PanelOption = Annotated[
    list[str] | None,
    typer.Option(
        _MANY,
        metavar="A B C",
        help="Several graders that vote, with --grader as one more if it is given and not among "
        "them. What more than half of them say counts; a tie is unscored.",
    ),
]
BaseUrlOption = Annotated[str | None, typer.Option(help="The grader's server.")]
ModelArgOption = Annotated[
    list[str] | None,
    typer.Option("-M", "--model-args", help="Argument of the grader, key=value."),
]
ConnectionsOption = Annotated[
    int, typer.Option(help="How many transcripts are graded at once.", min=1)
]


class PanelCommand(TyperCommand):
    """A command whose `--panel` takes all that follows up to the next option: `--panel A B C`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Write `--panel A B C` as `--panel A --panel B --panel C`, then go on as always."""
        written: list[str] = []
        open_panel = False
        for argument in args:
            if open_panel and not argument.startswith("-") and not argument.endswith(".jsonl"):
                written += [_MANY, argument]
                continue
            open_panel = argument == _MANY
            if not open_panel:
                written.append(argument)
            elif args[-1] == _MANY:
                # Without a value click says what is wrong.
                written.append(argument)
        return super().parse_args(ctx, written)


def make_graders(
    grader: str | None,
    panel: Sequence[str] | None,
    base_url: str | None,
    pairs: Sequence[str] | None,
    connections: int,
) -> list[Model]:
    """Make the grader, or a panel's members.

    Args:
        grader: `--grader`.
        panel: `--panel`; a value may hold several names with commas or spaces between them.
        base_url: The server of all of them.
        pairs: Their arguments, `key=value`.
        connections: How many calls to one of them are under way at once.

    Returns:
        The models, the panel's in its order.

    Raises:
        BadInputError: If there is none, or one cannot be made.
    """
    members = [name for value in panel or [] for name in value.replace(",", " ").split()]
    if grader is not None and grader not in members:
        members.insert(0, grader)
    if not members:
        raise BadInputError("no grader: give --grader PROVIDER/MODEL, or --panel with several")
    config = GenerateConfig(max_connections=connections)
    return [make_model(name, base_url, pairs or [], config) for name in members]


def make_model(
    name: str,
    base_url: str | None,
    pairs: Sequence[str],
    config: GenerateConfig | None = None,
    *,
    what: str = "grader",
) -> Model:
    """Make a grader, or another model.

    Args:
        name: PROVIDER/MODEL.
        base_url: Its server, if not the provider's own.
        pairs: Its arguments, `key=value`; a value that is JSON is taken as that.
        config: Settings of all its calls.
        what: What it is, for the message.

    Returns:
        The model.

    Raises:
        BadInputError: If an argument has no `=`, or the model cannot be made.
    """
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
        # The first model that is made lets Inspect greet, and standard output is for results.
        with redirect_stdout(sys.stderr):
            return get_model(
                name, base_url=base_url, config=config or GenerateConfig(), **arguments
            )
    except Exception as error:  # Providers raise types of their own, which none can list.
        why = " ".join(_MARKUP.sub("", str(error)).split()).removeprefix("ERROR: ")
        raise BadInputError(f"the {what} {name} cannot be made: {why}") from None
