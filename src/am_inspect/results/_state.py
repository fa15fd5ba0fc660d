"""How far a log is: what was planned, what has ended, what it used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inspect_ai.log import EvalSampleSummary, list_eval_logs, read_eval_log_sample_summaries
from inspect_ai.model import ModelUsage

from ._files import LeftOut, read_header

SampleKey = tuple[str, int]
"""Id and epoch of a sample."""


@dataclass(frozen=True)
class Used:
    """Tokens that were used.

    Attributes:
        read: Tokens read, those from a prompt cache apart.
        cached: Tokens read from a prompt cache.
        written: Tokens written.
    """

    read: int = 0
    cached: int = 0
    written: int = 0

    @classmethod
    def of(cls, usage: ModelUsage | None) -> Used:
        """Take the counts out of Inspect's usage; zeros for None."""
        if usage is None:
            return cls()
        return cls(usage.input_tokens, usage.input_tokens_cache_read or 0, usage.output_tokens)

    def __add__(self, other: Used) -> Used:
        """Add two."""
        return Used(
            self.read + other.read, self.cached + other.cached, self.written + other.written
        )

    def __sub__(self, other: Used) -> Used:
        """Take one from another."""
        return Used(
            self.read - other.read, self.cached - other.cached, self.written - other.written
        )

    @property
    def total(self) -> int:
        """All of them."""
        return self.read + self.cached + self.written


@dataclass(frozen=True)
class LogState:
    """How far one log of ours is.

    Attributes:
        log: The file.
        task_id: Shared by a log and those that went on from it.
        modified: When it was last written, in seconds.
        model: The subject.
        cell: The cell.
        status: Inspect's: started, success, error or cancelled.
        problem: Message of the error that ended it; None if there was none.
        metadata: The header's metadata.
        ended: Samples that ended without an error, with their uuid.
        errors: Samples that ended in an error.
        subject: What the subject used, over all samples in the log.
        grader: What the grader used.
    """

    log: str
    task_id: str
    modified: float
    model: str
    cell: str
    status: str
    problem: str | None
    metadata: Mapping[str, Any]
    ended: Mapping[SampleKey, str]
    errors: tuple[SampleKey, ...]
    subject: Used
    grader: Used


def read_states(folder: Path) -> list[LogState]:
    """Read how far the logs in a folder are; those of other tasks are passed over.

    Args:
        folder: Where to look; it need not exist.

    Returns:
        The states, oldest log first.
    """
    if not folder.is_dir():
        return []
    states = []
    for info in list_eval_logs(str(folder)):
        path = info.name.removeprefix("file://")
        header = read_header(path)
        if isinstance(header, LeftOut):
            continue
        samples = read_eval_log_sample_summaries(path)
        pairs = [_used(sample, header.eval.model) for sample in samples]
        metadata = header.eval.metadata or {}
        states.append(
            LogState(
                log=path,
                task_id=header.eval.task_id,
                modified=(info.mtime or 0) / 1000,
                model=header.eval.model,
                cell=str(metadata.get("cell")),
                status=header.status,
                problem=header.error.message if header.error else None,
                metadata=metadata,
                ended={(str(s.id), s.epoch): s.uuid or "" for s in samples if s.error is None},
                errors=tuple((str(s.id), s.epoch) for s in samples if s.error is not None),
                subject=sum((subject for subject, _ in pairs), Used()),
                grader=sum((grader for _, grader in pairs), Used()),
            )
        )
    return sorted(states, key=lambda state: state.modified)


def _used(sample: EvalSampleSummary, model: str) -> tuple[Used, Used]:
    grader = Used.of(sample.role_usage.get("grader"))
    subject = Used.of(sample.model_usage.get(model))
    # A model that grades itself stands under its name with both.
    names = set(sample.model_usage) - {model}
    return (subject if names else subject - grader), grader
