"""Which log holds which of a key's samples."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from .._grader import record_sha
from ..errors import BadInputError
from ..mail.mailbox import Mailbox
from ..results import LeftOut, log_files, read_header
from .key import Key, KeyItem


def logs_by_run(logs: Sequence[str | Path]) -> dict[str, str]:
    """Give the logs of ours among files and folders, by the id of their run.

    Raises:
        BadInputError: If two logs are of one run, as a log and its re-graded copy are.
    """
    found: dict[str, str] = {}
    for path in log_files(logs):
        header = read_header(path)
        if isinstance(header, LeftOut):
            continue
        other = found.setdefault(header.eval.eval_id, path)
        if other != path:
            raise BadInputError(
                f"{other} and {path} are copies of one run, whose transcripts would count twice: "
                "give one of them"
            )
    return found


def refuse_missing_logs(key: Key, runs: dict[str, str]) -> None:
    """Refuse logs that do not hold all that a key was drawn from.

    Raises:
        BadInputError: If a log is not there; the message names it.
    """
    names = {item.eval_id: item.log for item in key.items}
    for one in (*key.items, *key.undrawn):
        if one.eval_id not in runs:
            name = names.get(one.eval_id, f"the log of run {one.eval_id}")
            raise BadInputError(
                f"the key's samples were drawn from {name} too, and neither that log nor a copy "
                "of it is among the given ones"
            )


def refuse_changed_record(item: KeyItem, box: Mailbox, log: str) -> None:
    """Refuse a sample that no longer reads as it did on the page.

    Raises:
        BadInputError: If its record is another one.
    """
    if record_sha(box.played_scenario().facts, box.episode()) != item.record_sha:
        raise BadInputError(
            f"{log}: {item.sample} epoch {item.epoch} is not the transcript that item {item.id} "
            "showed: its record has changed, or this version of am_inspect writes it differently"
        )
