"""Writes a simulated turn as the published prompts ask for it: mails in their tag, nothing else."""

from __future__ import annotations

from dataclasses import replace

from ..scenario import Scenario
from .acts import Act
from .turns import Turn


def mails_only(turn: Turn, scenario: Scenario) -> Turn:
    """Turn every action into a new mail, since the published prompts know no other.

    Args:
        turn: As written for our own protocol.
        scenario: Its mails say who gets an answer.

    Returns:
        The turn. The note of a `finish` becomes words; a bare one, a re-reading and a search
        are left out. A turn that would be empty says that it is done.
    """
    mails = {mail.id: mail for mail in scenario.mails}
    acts: list[Act] = []
    notes = [turn.words] if turn.words else []
    for act in turn.acts:
        if act.name == "send_email":
            acts.append(act)
        elif act.name in ("reply", "forward"):
            original = mails[act.mail]
            copied = original.to if act.everyone else ()
            to = act.to or tuple(
                a for a in (original.from_, *copied) if a.lower() != scenario.agent_email.lower()
            )
            prefix = "Re: " if act.name == "reply" else "Fwd: "
            subject = prefix + original.subject.removeprefix(prefix)
            acts.append(Act("send_email", to, act.cc, subject, act.body, reaches=act.reaches))
        elif act.name == "finish" and act.body:
            notes.append(act.body)
    if not (acts or notes or turn.reasoning):
        notes.append("Done.")
    return replace(turn, words="\n\n".join(notes), acts=tuple(acts))


def original_block(act: Act) -> str:
    """Write a mail in the tag and with the quotes and commas that the published prompts show."""
    lines = ["<tool_use:email>", f'to: "{", ".join(act.to)}",']
    lines += [f'cc: "{", ".join(act.cc)}",'] if act.cc else []
    return "\n".join(
        [*lines, f'subject: "{act.subject}",', f'body: "{act.body}",', "</tool_use:email>"]
    )
