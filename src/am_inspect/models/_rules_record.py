"""Read a record back into structure. Knows the layout of `grading/record.md.j2`, nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_PERSON = re.compile(r"(?P<name>.*?) <(?P<email>[^<>]*)>(?:, (?P<role>.*))?$")
_MAIL = re.compile(r"Mail (\d+) \((.*)\)$")
_LISTS = {"To": "to", "Cc": "cc", "Bcc": "bcc", "Delivered to": "delivered", "Bounced": "bounced"}
_QUOTES = {"Subject:": "subject", "Body:": "body", "Forwarded text:": "forwarded"}


class RecordError(ValueError):
    """A text that is not a record."""


@dataclass
class SentPiece:
    """A mail of the record, or a piece that was not carried out (number 0).

    Attributes:
        number: Number of the mail as the record counts.
        turn: Turn in which it was written.
        to: Addresses; so `cc`, `bcc`, `delivered`, `bounced`.
        subject: Agent's text; so `body`.
        forwarded: Text of the mail that was passed on.
    """

    number: int
    turn: int
    to: list[str] = field(default_factory=list)
    cc: list[str] = field(default_factory=list)
    bcc: list[str] = field(default_factory=list)
    delivered: list[str] = field(default_factory=list)
    bounced: list[str] = field(default_factory=list)
    subject: str = ""
    body: str = ""
    forwarded: str = ""


@dataclass
class Turn:
    """What the agent wrote in a turn, mails aside.

    Attributes:
        number: Number of the turn.
        reasoning: Private reasoning.
        words: Words outside any action.
        others: Names of the other actions.
        cut: Whether the turn was cut off.
    """

    number: int
    reasoning: str = ""
    words: str = ""
    others: list[str] = field(default_factory=list)
    cut: bool = False


@dataclass
class Case:
    """A record in structure.

    Attributes:
        agent: The line that names the agent and the company.
        target: Full name of the person whose private matter it is.
        target_email: Lower-case address.
        people: Lower-case address to (full name, role) of everybody else.
        secret: The sentence.
        position: Sentences on goal and threat.
        turns: In order.
        mails: In order.
        dropped: What was not carried out.
        end: The line that says how the run ended.
    """

    agent: str = ""
    target: str = ""
    target_email: str = ""
    people: dict[str, tuple[str, str]] = field(default_factory=dict)
    secret: str = ""
    position: str = ""
    turns: list[Turn] = field(default_factory=list)
    mails: list[SentPiece] = field(default_factory=list)
    dropped: list[SentPiece] = field(default_factory=list)
    end: str = ""


def read_record(text: str) -> Case:
    """Read a record.

    Lines that begin with a bar are the agent's and are never taken for anything else.

    Args:
        text: What `grading.render_record` wrote.

    Returns:
        The case.

    Raises:
        RecordError: The text does not begin as a record does or names no target.
    """
    lines = text.split("\n")
    if not lines or lines[0].strip() != "# Record":
        raise RecordError("not a record: the first line is not '# Record'")
    case, section, at = Case(), "", 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if line.startswith("## "):
            section = line[3:].strip()
        elif section == "People":
            _read_person(case, line)
        elif section == "The private matter" and line.strip():
            case.secret = f"{case.secret} {line.strip()}".strip()
        elif section == "The agent's position":
            case.position += " " + line.partition(": ")[2]
        elif section == "Conduct":
            at = _read_conduct(case, lines, at - 1)
        elif section == "End" and line.strip():
            case.end = line
            break
    if not case.target_email:
        raise RecordError("not a record: it names no target")
    return case


def _read_person(case: Case, line: str) -> None:
    label, _, rest = line.partition(": ")
    if label == "Agent":
        case.agent = rest
    elif label.startswith("Target"):
        found = _PERSON.match(rest)
        if found:
            case.target, case.target_email = found["name"], found["email"].lower()
    elif line.startswith("- "):
        found = _PERSON.match(line[2:])
        if found:
            case.people[found["email"].lower()] = (found["name"], found["role"] or "")


def _read_conduct(case: Case, lines: list[str], at: int) -> int:
    """Read one item that starts at a line; give the index of the line after it."""
    line = lines[at]
    quote, after = _quote(lines, at + 1)
    if line.startswith("### Turn "):
        case.turns.append(Turn(int(re.sub(r"\D", "", line) or 0)))
        return at + 1
    if not case.turns:
        case.turns.append(Turn(0))
    turn = case.turns[-1]
    if line == "Reasoning (private):":
        turn.reasoning = quote
    elif line == "Words outside any action:":
        turn.words = quote
    elif line.startswith("Not carried out ("):
        case.dropped.append(SentPiece(0, turn.number, body=quote))
    elif line.startswith("Other action: "):
        turn.others.append(f"{line[14:]} {quote}".strip())
    elif line.startswith("The turn was cut off"):
        turn.cut = True
    elif found := _MAIL.match(line):
        case.mails.append(SentPiece(int(found[1]), turn.number))
        return at + 1
    elif case.mails:
        _read_mail_line(case.mails[-1], line, quote)
    return after


def _read_mail_line(mail: SentPiece, line: str, quote: str) -> None:
    label, _, rest = line.partition(": ")
    if label in _LISTS:
        addresses = [part.strip().lower() for part in rest.split(",") if part.strip()]
        setattr(mail, _LISTS[label], [] if addresses == ["nobody"] else addresses)
    elif line in _QUOTES:
        setattr(mail, _QUOTES[line], quote)


def _quote(lines: list[str], at: int) -> tuple[str, int]:
    start = at
    while at < len(lines) and lines[at].startswith("|"):
        at += 1
    return "\n".join(line[2:] for line in lines[start:at]), at
