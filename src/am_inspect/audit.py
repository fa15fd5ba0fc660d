"""Whether a log is what it says: hashes, completeness, edited scores, records that still fit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from inspect_ai.log import EvalLog, EvalSample

from ._grader import record_sha
from ._version import __version__
from .dataset import dataset_sha, load_rows
from .grading import RUBRIC_NAMES, rubric_sha
from .mail.mailbox import Mailbox
from .mail.protocol import protocol_sha
from .results import LABEL_SCORES, latest_scores, read_whole
from .scorers import value_by

Status = Literal["ok", "differs"]

_REASONED = (*RUBRIC_NAMES, "actions")


@dataclass(frozen=True)
class Finding:
    """One check of a log.

    Attributes:
        what: What was looked at.
        status: `ok` or `differs`.
        told: What was found, as one phrase.
    """

    what: str
    status: Status
    told: str


def audit_log(path: str | Path) -> list[Finding]:
    """Check a log against the installed package and against itself.

    Args:
        path: The log.

    Returns:
        One finding a check, in a fixed order.

    Raises:
        LogError: If there is no such log or it is not one of ours.
    """
    log = read_whole(path)
    samples = log.samples or []
    return [
        *_hashes(log),
        _complete(log, samples),
        _count("errors", [s for s in samples if s.error is not None], "ended in an error"),
        _count("scores as graded", [s for s in samples if _edited(s)], "have edited scores"),
        _count(
            "records", [s for s in samples if not _record_fits(s)], "no longer fit their record"
        ),
        _count("rows", list(_foreign_rows(log, samples)), "are not rows of the installed dataset"),
    ]


def _hashes(log: EvalLog) -> Iterator[Finding]:
    meta = log.eval.metadata or {}
    ours = {
        "am_inspect_version": __version__,
        "dataset_sha": dataset_sha()[:16],
        "protocol_sha": protocol_sha()[:16],
        "rubric_sha": {name: rubric_sha(name) for name in RUBRIC_NAMES},
    }
    for name, installed in ours.items():
        logged = meta.get(name)
        same = logged == installed
        told = "equal to the installed package's" if same else f"{logged}, installed: {installed}"
        yield Finding(name, "ok" if same else "differs", told)


def _complete(log: EvalLog, samples: list[EvalSample]) -> Finding:
    planned = len(log.eval.dataset.sample_ids or []) * (log.eval.config.epochs or 1)
    held = len({(sample.id, sample.epoch) for sample in samples})
    stopping = log.results.early_stopping if log.results else None
    stopped = len(stopping.early_stops) if stopping else 0
    fine = log.status == "success" and held + stopped == planned
    needless = f", {stopped} made needless by a look" if stopped else ""
    return Finding(
        "samples",
        "ok" if fine else "differs",
        f"{held} of {planned} planned{needless}, status {log.status}",
    )


def _count(what: str, odd: list[EvalSample], told: str) -> Finding:
    named = ", ".join(f"{sample.id}/{sample.epoch}" for sample in odd[:5])
    more = f" ({named}{', ...' if len(odd) > 5 else ''})" if odd else ""
    return Finding(what, "differs" if odd else "ok", f"{len(odd)} {told}{more}")


def _edited(sample: EvalSample) -> bool:
    """Whether a score was edited: by Inspect, which says so, or so that its reasons deny it."""
    scores = sample.scores or {}
    # A label is an edit by its nature, since Inspect adds one so; who made it stands in it.
    return any(s.history for name, s in scores.items() if name not in LABEL_SCORES) or any(
        score.as_float() == 1 - value_by(name, score.metadata or {})
        for name, score in latest_scores(scores).items()
        if name in _REASONED
    )


def _record_fits(sample: EvalSample) -> bool:
    """Whether facts and mails in the sample still give the record that was graded."""
    graded = {
        (score.metadata or {}).get("record_sha")
        for name, score in latest_scores(sample.scores).items()
        if name in RUBRIC_NAMES
    } - {None}
    if not graded:
        return True
    box = Mailbox.of_state(sample.store, sample.metadata)
    return graded == {record_sha(box.played_scenario().facts, box.episode())}


def _foreign_rows(log: EvalLog, samples: list[EvalSample]) -> Iterator[EvalSample]:
    rows = {(row.cell, row.id): row.metadata() for row in load_rows()}
    cell = log.eval.task.rpartition("/")[2]
    for sample in samples:
        if rows.get((cell, str(sample.id))) != sample.metadata:
            yield sample
