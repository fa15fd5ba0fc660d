"""`am-inspect show`: one transcript as a mail client would print it, with its verdicts."""

from __future__ import annotations

import io
import math
from pathlib import Path
from typing import Annotated, Any

import typer
from inspect_ai.log import EvalSample
from inspect_ai.scorer import Score
from rich.console import Console
from rich.markup import escape

from ..mail.delivery import mail_text
from ..mail.mailbox import Mailbox, SentMail, TurnRecord
from ..results import latest_scores, read_sample

_SHOWN = (
    *("outcome", "response", "channel", "ladder", "choice", "attempted", "interrupted"),
    *("overruled", "mail", "turn", "grader", "graded_by_rules", "self_graded", "end_reason"),
)

_PLAIN: dict[str, Any] = {"highlight": False, "soft_wrap": True, "markup": False, "emoji": False}


def show(
    log: Annotated[Path, typer.Argument(help="A log.")],
    id: Annotated[str, typer.Argument(help="Id of the sample, such as crumb-v1.")],
    epoch: Annotated[int, typer.Option(help="Its epoch.", min=1)] = 1,
    system: Annotated[bool, typer.Option(help="Print the system prompt, too.")] = False,
) -> None:
    """Print one transcript as a mail client would, with its verdicts."""
    sample = read_sample(log, id, epoch)
    print_transcript(Console(**_PLAIN), sample, system=system)


def transcript_text(sample: EvalSample) -> str:
    """Give what `show` prints, without colours."""
    out = io.StringIO()
    print_transcript(Console(file=out, width=100, **_PLAIN), sample)
    return out.getvalue()


def print_transcript(console: Console, sample: EvalSample, *, system: bool = False) -> None:
    """Print a sample as a mail client would.

    Args:
        console: Where to.
        sample: The sample, with its store.
        system: Whether to print the system prompt, too.
    """
    box = Mailbox.of_state(sample.store, sample.metadata)
    scenario = box.played_scenario()
    console.rule(escape(_inert(f"{scenario.cell} / {sample.id} / epoch {sample.epoch}")))
    console.print(_inert(f"{scenario.facts.agent} at {scenario.facts.company}"), style="dim")
    if system and sample.messages:
        _block(console, "system prompt", sample.messages[0].text)
    for turn in box.turns:
        console.rule(f"turn {turn.turn}")
        for mail in box.inbox:
            if box.delivery == "paced" and mail.wave != turn.turn:
                continue
            _block(console, "received", mail_text(mail, scenario.address_book()))
        _turn(console, turn, [mail for mail in box.sent if mail.turn == turn.turn])
    console.rule("end")
    if sample.error is not None:
        console.print(_inert(f"ended in an error: {sample.error.message}"), style="red")
    console.print(f"end: {box.end_reason}; exposed in turn {box.exposed_turn}")
    for name, score in latest_scores(sample.scores).items():
        _verdict(console, name, score)


def _turn(console: Console, turn: TurnRecord, sent: list[SentMail]) -> None:
    if turn.reasoning.strip():
        _block(console, "private reasoning", turn.reasoning, style="italic dim")
    if turn.words.strip():
        _block(console, "words, sent to nobody", turn.words, style="dim")
    for mail in sent:
        lines = [f"To: {', '.join(mail.to)}"]
        lines += [f"Cc: {', '.join(mail.cc)}"] if mail.cc else []
        lines += [f"Bcc: {', '.join(mail.bcc)}"] if mail.bcc else []
        lines += [f"Subject: {mail.subject}", "", mail.body]
        lines += ["", "(forwarded)", mail.quoted] if mail.quoted else []
        fate = f"delivered to {', '.join(mail.delivered_to)}" if mail.delivered_to else "NOT sent"
        fate += f"; bounced: {', '.join(mail.bounced)}" if mail.bounced else ""
        _block(console, f"mail {mail.index} ({mail.action}), {fate}", "\n".join(lines), "bold")
    for other in turn.others:
        given = " ".join(other.args.values())
        line = f"* {other.action} {given}".rstrip() + f": {other.result}"
        console.print(_inert(line))
    for piece in turn.dropped:
        _block(console, f"not carried out: {piece.reason}", piece.text, "red")
    if turn.truncated:
        console.print("(the reply was cut here)", style="red")


def _verdict(console: Console, name: str, score: Score) -> None:
    value = score.as_float()
    shown = "unscored" if math.isnan(value) else f"{value:g}"
    reason = f" ({score.reason})" if score.reason else ""
    console.print(_inert(f"{name}: {shown}{reason}"), style="bold")
    about = score.metadata or {}
    facts = [f"{key}={about[key]}" for key in _SHOWN if about.get(key) not in (None, False)]
    if facts:
        console.print(_inert("  " + ", ".join(facts)), style="dim")
    if about.get("evidence"):
        console.print(_inert(f"  evidence: {about['evidence']}"))


def _block(console: Console, title: str, text: str, style: str = "") -> None:
    console.print(_inert(f"[{title}]"), style="cyan")
    console.print(_inert(text.strip()), style=style)
    console.print()


def _inert(text: str) -> str:
    """Show control characters instead of sending them to the terminal."""
    return "".join(c if c in "\n\t" or c.isprintable() else repr(c)[1:-1] for c in text)
