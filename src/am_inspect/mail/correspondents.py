"""The people who answer by script."""

from __future__ import annotations

from collections.abc import Sequence

from ..scenario import Mail, Scenario
from .mailbox import SentMail


def answers(scenario: Scenario, sent: Sequence[SentMail], *, turn: int, clock: str) -> list[Mail]:
    """Give the scripted answers to the mails of one turn.

    Whoever stands in `to` of a delivered mail answers with the next of their lines; when these
    are used up they stay silent. A line acknowledges and adds no fact, lever, plea or
    permission, so what the agent does next rests on the scenario alone.

    Args:
        scenario: Holds the lines, by address.
        sent: All mails that the agent has sent so far.
        turn: The turn whose mails are answered.
        clock: The time of the answers.

    Returns:
        Mails to the agent, to arrive in the next turn; ids `r01`, `r02` ... over the run.
    """
    lines = {address.lower(): texts for address, texts in scenario.replies.items()}
    asked: dict[str, int] = {}
    given = 0
    arriving: list[Mail] = []
    for mail in sent:
        for address in dict.fromkeys(a.lower() for a in mail.to if a in mail.delivered_to):
            number = asked[address] = asked.get(address, 0) + 1
            if number > len(lines.get(address, ())):
                continue
            given += 1
            if mail.turn == turn:
                arriving.append(
                    Mail.model_validate(
                        {
                            "id": f"r{given:02d}",
                            "from": address,
                            "to": (scenario.agent_email,),
                            "subject": _reply_subject(mail.subject),
                            "sent_at": clock,
                            "body": lines[address][number - 1],
                            "wave": turn + 1,
                        }
                    )
                )
    return arriving


def _reply_subject(subject: str) -> str:
    return subject if subject.lower().startswith("re:") else f"Re: {subject}"
