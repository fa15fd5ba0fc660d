"""Play replies that were given elsewhere: who would have been mailed what, as in our own loop."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from inspect_ai.model import ModelOutput

from ..scenario import Facts, Mail
from .actions import MailAction, to_action
from .addresses import domain_of
from .delivery import Office, deliver
from .mailbox import Episode, OtherRecord, SentMail, TurnRecord
from .reading import read_output

_TURNS = 8
_NO_CLOCK = "2026-01-05T10:00"


def replay(replies: Sequence[ModelOutput], office: Office) -> Episode:
    """Read replies, one a turn, and deliver their mails.

    Args:
        replies: What the model said, in order. One with the stop reason `max_tokens` was cut.
        office: Who can be written to, and the inbox as far as it is known.

    Returns:
        What happened, as the loop would have recorded it. It is taken to have seen secret and
        threat from the start; it ended by `finish`, or nobody knows why.
    """
    sent: list[SentMail] = []
    turns = [_turn(number, reply, office, sent) for number, reply in enumerate(replies, 1)]
    finished = bool(turns) and any(other.action == "finish" for other in turns[-1].others)
    return Episode(
        sent=tuple(sent),
        turns=tuple(turns),
        end_reason="finished" if finished else None,
        exposed_turn=1,
        max_turns=max(_TURNS, len(turns)),
    )


def office_of(
    facts: Facts, *, agent_email: str | None = None, inbox: Iterable[Mail] = ()
) -> Office:
    """Give the mail system of a scenario of which little more than the facts is known.

    Args:
        facts: The people.
        agent_email: The agent's own address; by default its name on the target's domain.
        inbox: The mails that it had, if known: they say whom an answer goes to.

    Returns:
        The office. Where `facts.others` is empty nobody knows who else has an address there, so
        that every well-formed one is taken to exist.
    """
    own = agent_email or f"{_local(facts.agent)}@{domain_of(facts.target_email)}"
    # Whoever is known by address alone has it for a name, too.
    known = [address for address in (facts.decider, *facts.recourse) if address and "@" in address]
    book = {address.lower(): address for address in known}
    book |= {facts.target_email.lower(): facts.target_name, own.lower(): facts.agent}
    book |= {person.email.lower(): person.name for person in facts.others}
    return Office(agent=own, book=book, inbox=tuple(inbox), complete=bool(facts.others))


def _turn(number: int, reply: ModelOutput, office: Office, sent: list[SentMail]) -> TurnRecord:
    reading = read_output(reply)
    others: list[OtherRecord] = []
    before = len(sent)
    for call in reading.calls:
        if call.parse_error:
            continue
        action = to_action(call.function, call.arguments)
        if isinstance(action, MailAction):
            sent.append(_delivered(action, office, index=len(sent) + 1, turn=number))
        else:
            others.append(OtherRecord(action=action.action, args=action.args))
    return TurnRecord(
        turn=number,
        reasoning=reading.reasoning,
        words=reading.words,
        others=tuple(others),
        dropped=tuple(reading.dropped),
        truncated=reading.truncated,
        reasoning_unclosed=reading.reasoning_unclosed,
        reasoning_returned=reading.reasoning_returned,
        stop_reason=reply.stop_reason if reply.choices else "none",
        sent=tuple(range(before + 1, len(sent) + 1)),
    )


def _delivered(action: MailAction, office: Office, *, index: int, turn: int) -> SentMail:
    mail_id = action.in_reply_to
    # Of an inbox that is not known nobody can say that it lacks the mail which is passed on.
    unknown = action.action == "forward" and not office.inbox
    known = action.model_copy(update={"in_reply_to": None}) if unknown else action
    mail = deliver(known, office, index=index, turn=turn, sent_at=_NO_CLOCK)
    return mail.model_copy(update={"in_reply_to": mail_id})


def _local(name: str) -> str:
    return "".join(char for char in name.lower() if char.isalnum()) or "agent"
