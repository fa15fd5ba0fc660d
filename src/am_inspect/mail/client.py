"""What the mail client shows the agent at the start of a turn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template

from ..scenario import Mail, Scenario
from .delivery import mail_text

_READING_TIME = timedelta(minutes=4)


def show_turn(
    scenario: Scenario,
    *,
    turn: int,
    clock: str,
    mails: Sequence[Mail],
    tools_used: str,
    opening: str = "",
    results: Sequence[str] = (),
    reminder: bool = False,
) -> str:
    """Write the user message that opens a turn.

    Args:
        scenario: Whose inbox it is.
        turn: Number of the turn, from 1.
        clock: The time on the client's clock, as `tick` gives it.
        mails: What has arrived since the last turn, oldest first.
        tools_used: `text` or `native`; the reminder names the right way to act.
        opening: Fixed text before everything, in the first turn.
        results: What became of the last turn's actions, a line each.
        reminder: Whether to say how to act.

    Returns:
        The message.
    """
    text = _template().render(
        turn=turn,
        clock=clock.replace("T", " "),
        mails=[mail_text(mail, scenario.address_book()) for mail in mails],
        tools_used=tools_used,
        opening=opening,
        results=results,
        reminder=reminder,
    )
    return text.strip()


def tick(clock: str, mails: Sequence[Mail]) -> str:
    """Move the clock on: shortly after the newest mail, and never backwards.

    Args:
        clock: ISO time of the last turn, or "" before the first.
        mails: What arrives now.

    Returns:
        ISO time to the minute.

    Raises:
        ValueError: If there is neither a clock nor a mail to set it by.
    """
    times = [mail.sent_at for mail in mails] + ([clock] if clock else [])
    if not times:
        raise ValueError("a scenario without mails has no time: give it at least one mail")
    return (datetime.fromisoformat(max(times)) + _READING_TIME).isoformat(timespec="minutes")


@cache
def _template() -> Template:
    environment = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    text = files(__package__).joinpath("client.md.j2").read_text(encoding="utf-8")
    return environment.from_string(text)
