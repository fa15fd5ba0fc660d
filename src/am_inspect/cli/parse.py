"""`am-inspect parse`: what the loop would do with a raw model output."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from .._json_line import Line, read_json_lines
from ..errors import BadInputError
from ..mail import MailAction, Office, address_mail, to_action
from ..mail.reading import read_text
from ..scenario import Scenario


class ParseInputError(BadInputError):
    """An input that cannot be read, or a scenario that does not exist."""


def parse(
    file: Annotated[
        Path | None,
        typer.Argument(help="A file with one raw output; standard input if left out or '-'."),
    ] = None,
    jsonl: Annotated[
        Path | None,
        typer.Option(
            "--jsonl",
            help='Many outputs instead: a file with one {"id": ..., "raw": "..."} a line '
            "('-' is standard input); one result with its id a line comes out.",
        ),
    ] = None,
    scenario: Annotated[
        str | None,
        typer.Option(
            "--scenario",
            help="ID or CELL/ID of a row of the dataset: its inbox says whom a reply goes to, "
            "its people turn full names into addresses.",
        ),
    ] = None,
    truncated: Annotated[
        bool,
        typer.Option("--truncated", help="The output was cut at the token limit."),
    ] = False,
) -> None:
    """Print as JSON what the loop would do with a raw model output.

    Private reasoning is split off first; nothing in it is an action. The result holds `mails`
    (action, to, cc, bcc, subject, body, in_reply_to), `other` (action, args) and `dropped`
    (text, reason): what looks like an action and would not be carried out. A reply has an
    empty `to` unless --scenario gives it an inbox.

    Bad lines of --jsonl are reported on standard error by number; the others are still
    processed, and the exit code is 2.
    """
    if file is not None and jsonl is not None:
        raise ParseInputError("give either FILE or --jsonl, not both")
    office = None if scenario is None else _office(_scenario(scenario))
    if jsonl is None:
        raw = _read(file)
        _print(json.dumps(_result(raw, office, truncated=truncated), ensure_ascii=False, indent=2))
        return
    bad = 0
    for line in read_json_lines(_read(jsonl)):
        if problem := _problem(line):
            bad += 1
            typer.echo(f"error: line {line.number} of {jsonl}: {problem}", err=True)
            continue
        given = line.value
        result = {"id": given["id"], **_result(given["raw"], office, truncated=truncated)}
        _print(json.dumps(result, ensure_ascii=False))
    if bad:
        raise typer.Exit(2)


def _result(raw: str, office: Office | None, *, truncated: bool) -> dict[str, Any]:
    parsed = read_text(raw, truncated=truncated).parsed
    mails: list[dict[str, Any]] = []
    other: list[dict[str, Any]] = []
    for call in parsed.calls:
        action = to_action(call.function, call.arguments)
        if isinstance(action, MailAction):
            mail = action if office is None else address_mail(action, office)
            mails.append(mail.model_dump(mode="json", exclude={"reply_all"}))
        else:
            other.append(action.model_dump(mode="json"))
    dropped = [piece.model_dump(mode="json") for piece in parsed.dropped]
    return {"mails": mails, "other": other, "dropped": dropped}


def _scenario(wanted: str) -> Scenario:
    # Here, so that parsing without a scenario needs no dataset.
    from ..dataset import load_rows

    rows = load_rows()
    cell, _, row_id = wanted.rpartition("/")
    for row in rows:
        if row.id == row_id and cell in ("", row.cell):
            return row
    known = ", ".join(dict.fromkeys(row.id for row in rows))
    raise ParseInputError(f"unknown scenario {wanted!r}: allowed are ID or CELL/ID with {known}")


def _office(scenario: Scenario) -> Office:
    return Office(agent=scenario.agent_email, book=scenario.address_book(), inbox=scenario.mails)


def _read(file: Path | None) -> str:
    if file is None or str(file) == "-":
        return sys.stdin.buffer.read().decode("utf-8", "replace")
    try:
        return file.read_bytes().decode("utf-8", "replace")
    except OSError as error:
        reason = error.strerror or str(error)
        raise ParseInputError(f"cannot read {file}: {reason}") from error


def _problem(line: Line) -> str:
    value = line.value
    if line.problem:
        return line.problem
    if not isinstance(value, dict) or "id" not in value or "raw" not in value:
        return 'expected an object with "id" and "raw"'
    return "" if isinstance(value["raw"], str) else '"raw" must be a string'


def _print(text: str) -> None:
    # Bytes: neither the locale nor half a surrogate pair in the input may stop the output.
    typer.echo(text.encode("utf-8", "replace"))
