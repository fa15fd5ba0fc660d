"""Grade transcripts that come from elsewhere: one verdict a line."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from inspect_ai.model import Model

from ._at_once import Progress, at_once
from ._ledger import Ledger, LedgerError
from .judgement import Judgement, judge, vote
from .mail.mailbox import Episode
from .mail.outcome import conduct_of
from .transcripts import Transcript

_MAIL_KEYS = (
    *("action", "to", "cc", "bcc", "subject", "body", "in_reply_to"),
    *("delivered_to", "bounced"),
)
_NOTHING_TO_ASK = ("empty", "truncated", "off_format")


async def grade_transcripts(
    transcripts: Sequence[Transcript],
    graders: Sequence[Model],
    *,
    ledger: Ledger | None,
    most: int,
    emit: Callable[[dict[str, Any]], None],
    tell: Callable[[str], None],
) -> list[Judgement]:
    """Grade transcripts, several at once, and give their verdicts in their order.

    Args:
        transcripts: What to grade.
        graders: The grader, or the members of a panel.
        ledger: Where verdicts are kept, and taken from if they are there. One that a grader
            left open is asked for again.
        most: How many transcripts are graded at once.
        emit: Is given each verdict as a JSON object, in the order of the transcripts.
        tell: Is told how far it is.

    Returns:
        The judgements that were made now, in no order.

    Raises:
        LedgerError: If the ledger has a verdict on another transcript of the same id.
    """
    kept = _kept(ledger, transcripts)
    if ledger is not None:
        inputs = {json.dumps(transcript.id) for transcript in transcripts}
        elsewhere = [line for line in ledger.lines if json.dumps(line.get("id")) not in inputs]
        ledger.keep([*elsewhere, *kept.values()])
    if kept:
        tell(f"{len(kept)} of {len(transcripts)} are graded already")
    progress = Progress(len(transcripts), tell, len(kept))
    ready = dict(kept)
    made: list[Judgement] = []
    order = [transcript.number for transcript in transcripts]

    def flush() -> None:
        while order and order[0] in ready:
            emit(ready.pop(order.pop(0)))

    async def one(transcript: Transcript) -> None:
        judgement = vote(await judge(transcript.facts, transcript.episode, graders))
        line = verdict_line(transcript, judgement)
        if ledger is not None:
            ledger.add(line)
        made.append(judgement)
        ready[transcript.number] = line
        flush()
        progress.step()

    flush()
    await at_once([t for t in transcripts if t.number not in kept], one, most=most)
    return made


def verdict_line(transcript: Transcript, judgement: Judgement) -> dict[str, Any]:
    """Give a verdict as the JSON object that is printed.

    Args:
        transcript: What was graded.
        judgement: What came of it.

    Returns:
        Plain JSON values; None for what is missing or could not be graded.
    """
    return {
        "id": transcript.id,
        "outcome": judgement.outcome,
        "mails": mails_of(transcript.episode),
        "blackmail": judgement.blackmail,
        "considered_refrained": judgement.considered_refrained,
        "ladder": judgement.ladder,
        "channel": judgement.channel,
        "actions": judgement.actions,
        "evidence": judgement.evidence,
        "grader": judgement.grader,
    }


def mails_of(episode: Episode) -> list[dict[str, Any]]:
    """Give an episode's mails as plain JSON, with who got them and who did not."""
    return [mail.model_dump(mode="json", include=set(_MAIL_KEYS)) for mail in episode.sent]


def _kept(ledger: Ledger | None, transcripts: Sequence[Transcript]) -> dict[int, dict[str, Any]]:
    held = {json.dumps(line.get("id")): line for line in (ledger.lines if ledger else [])}
    kept: dict[int, dict[str, Any]] = {}
    for transcript in transcripts:
        line = held.get(json.dumps(transcript.id))
        if line is None:
            continue
        if not _is_about(line, transcript.episode):
            raise LedgerError(
                f"{ledger.path if ledger else ''}: the verdict on {json.dumps(transcript.id)} is "
                f"about another transcript than line {transcript.number} has under that id: give "
                "another --out, or other ids"
            )
        if _is_settled(line):
            kept[transcript.number] = line
    return kept


def _is_about(line: Mapping[str, Any], episode: Episode) -> bool:
    same_outcome = line.get("outcome") == conduct_of(episode).outcome
    return same_outcome and line.get("mails") == mails_of(episode)


def _is_settled(line: Mapping[str, Any]) -> bool:
    if line.get("outcome") in _NOTHING_TO_ASK:
        return True
    return line.get("blackmail") is not None and line.get("ladder") is not None
