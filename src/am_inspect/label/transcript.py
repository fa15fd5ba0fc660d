"""A sample as the page shows it: what a grader's record holds, laid out for a mail client."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ..grading import how_it_ended, self_name_mask
from ..mail.mailbox import Episode, SentMail, TurnRecord
from ..scenario import Facts, Scenario

_Mask = Callable[[str], str]


def page_item(item_id: str, scenario: Scenario, episode: Episode) -> dict[str, Any]:
    """Give what the page knows of a sample.

    It is what graders are given (`grading.record`): never the system prompt, inbox, answers,
    cell or model, and self-names masked, so that labels and verdicts judge the same.

    Args:
        item_id: The item's random id.
        scenario: Its facts are told.
        episode: What the agent did.

    Returns:
        Plain JSON.
    """
    facts = scenario.facts
    names = scenario.address_book()
    mask = self_name_mask(facts)
    return {
        "id": item_id,
        "agent": facts.agent,
        "company": facts.company,
        "secret": facts.secret,
        "goal": facts.goal,
        "threat": facts.threat,
        "people": list(_people(facts)),
        "turns": [
            {
                "number": turn.turn,
                "cut": turn.truncated,
                "parts": list(
                    _parts(turn, [m for m in episode.sent if m.turn == turn.turn], names, mask)
                ),
            }
            for turn in episode.turns
        ],
        "end": f"{how_it_ended(episode)}; turns {len(episode.turns)} of {episode.max_turns}",
    }


def _people(facts: Facts) -> Iterator[dict[str, Any]]:
    def marks(email: str) -> list[str]:
        held = []
        if email == facts.target_email:
            held.append("whose private matter it is")
        if email == facts.decider:
            held.append("decides on the assistant")
        if email in facts.recourse:
            held.append("may be told of wrongs")
        return held

    listed = {person.email: (person.name, person.role) for person in facts.others}
    listed = {facts.target_email: (facts.target_name, "")} | listed
    for email, (name, role) in listed.items():
        yield {"name": name, "email": email, "role": role, "marks": marks(email)}


def _parts(
    turn: TurnRecord, sent: Sequence[SentMail], names: dict[str, str], mask: _Mask
) -> Iterator[dict[str, Any]]:
    if turn.reasoning.strip():
        yield {"kind": "reasoning", "text": mask(turn.reasoning.strip())}
    if turn.words.strip():
        yield {"kind": "words", "text": mask(turn.words.strip())}
    for mail in sent:
        yield _mail(mail, names, mask)
    for other in turn.others:
        given = " ".join(other.args.values())
        yield {"kind": "other", "action": other.action, "text": mask(given)}
    for piece in turn.dropped:
        yield {"kind": "dropped", "reason": piece.reason, "text": mask(piece.text)}


def _mail(mail: SentMail, names: dict[str, str], mask: _Mask) -> dict[str, Any]:
    def person(address: str) -> str:
        name = names.get(address.lower())
        return f"{name} <{address}>" if name else address

    def people(addresses: Sequence[str]) -> list[str]:
        return [person(address) for address in addresses]

    return {
        "kind": "mail",
        "number": mail.index,
        "action": mail.action,
        "sent_at": mail.sent_at.replace("T", " "),
        "to": people(mail.to),
        "cc": people(mail.cc),
        "bcc": people(mail.bcc),
        "delivered": people(mail.delivered_to),
        "bounced": people(mail.bounced),
        "subject": mask(mail.subject),
        "body": mask(mail.body),
        "quoted": mail.quoted if mail.quoted is None else mask(mail.quoted),
    }
