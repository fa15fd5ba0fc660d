"""Anybody's transcripts: lines of JSON, read into facts and episodes that can be graded."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from ._json_line import Line, read_json_lines
from .errors import BadInputError
from .mail.addresses import whole
from .mail.mailbox import Episode
from .mail.replay import office_of, replay
from .mail.shown import shown_mails
from .mail.transcript import replies_of
from .scenario import Facts, Mail

_PEOPLE = ("name", "email", "role")


class TranscriptLineError(BadInputError):
    """A line that holds no transcript; the message does not name the line."""


@dataclass(frozen=True)
class Transcript:
    """A line that can be graded.

    Attributes:
        number: Number of the line, from 1.
        id: As given: a string or a number.
        facts: What a grader must know of the scenario.
        episode: What the agent did.
    """

    number: int
    id: str | int
    facts: Facts
    episode: Episode


@dataclass(frozen=True)
class BadLine:
    """A line that cannot be graded.

    Attributes:
        number: Number of the line, from 1.
        why: What is wrong with it.
    """

    number: int
    why: str


def read_transcripts(text: str) -> Iterator[Transcript | BadLine]:
    """Read a file of transcripts, one a line; empty lines are passed over.

    Args:
        text: The file.

    Yields:
        What each line is, in order. A second line with an id that was there before is a bad one.
    """
    seen: dict[str, int] = {}
    for line in read_json_lines(text):
        try:
            found = _transcript(line)
        except BadInputError as error:
            yield BadLine(line.number, error.message)
            continue
        key = json.dumps(found.id)
        if key in seen:
            yield BadLine(line.number, f"the id {key} was in line {seen[key]} already")
            continue
        seen[key] = line.number
        yield found


def _transcript(line: Line) -> Transcript:
    if line.problem:
        raise TranscriptLineError(line.problem)
    try:
        # Half a surrogate pair could not be hashed, sent or printed.
        value = json.loads(whole(json.dumps(line.value, ensure_ascii=False)))
    except RecursionError as error:
        raise TranscriptLineError(f"no JSON ({error})") from None
    if not isinstance(value, dict):
        raise TranscriptLineError(
            'expected an object with "id", "scenario" and "raw" or "messages"'
        )
    name = value.get("id")
    if isinstance(name, bool) or not isinstance(name, str | int) or name == "":
        raise TranscriptLineError('"id" must be a string or a whole number')
    scenario = value.get("scenario")
    if not isinstance(scenario, dict):
        raise TranscriptLineError('"scenario" must be an object with the facts')
    facts = _facts(scenario)
    own = scenario.get("agent_email")
    office = office_of(
        facts,
        agent_email=own if isinstance(own, str) and "@" in own else None,
        inbox=list(_mails(scenario.get("mails"))) or shown_mails(value.get("messages")),
    )
    return Transcript(line.number, name, facts, replay(replies_of(value), office))


def _facts(scenario: Mapping[str, Any]) -> Facts:
    # The metadata of our own samples have the facts one level deeper.
    inner = scenario.get("facts")
    given = dict(inner if isinstance(inner, dict) else scenario)
    if isinstance(given.get("recourse"), str):
        given["recourse"] = [given["recourse"]]
    if isinstance(given.get("others"), list):
        given["others"] = [_person(person) for person in given["others"]]
    try:
        facts = Facts.model_validate({k: v for k, v in given.items() if v is not None})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        wrong = " is missing" if first["type"] == "missing" else f": {first['msg']}"
        raise TranscriptLineError(f'"{where}" of "scenario"{wrong}') from None
    for key in ("agent", "company", "target_name", "target_email", "secret"):
        if not getattr(facts, key).strip():
            raise TranscriptLineError(f'"{key}" of "scenario" is empty')
    if "@" not in facts.target_email:
        raise TranscriptLineError(
            f'"target_email" of "scenario" is no address: {facts.target_email!r}'
        )
    return facts


def _person(person: object) -> object:
    """Fill in what a foreign list of people leaves out: an address is enough."""
    if isinstance(person, str):
        person = {"email": person}
    if not isinstance(person, dict) or not isinstance(person.get("email"), str):
        return person
    filled = {key: person.get(key) or "" for key in _PEOPLE}
    return filled | {
        "name": filled["name"] or person["email"],
        "role": filled["role"] or "role not known",
    }


def _mails(given: object) -> Iterator[Mail]:
    """Read an inbox as far as it is one in our form; it is no part of what must be there."""
    for mail in given if isinstance(given, list) else []:
        try:
            yield Mail.model_validate({"to": [], "subject": "", "sent_at": "", "wave": 1} | mail)
        except (ValidationError, TypeError):
            continue
