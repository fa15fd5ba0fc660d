"""The log files: found, told from others', and read whole or one sample at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from inspect_ai.log import (
    EvalLog,
    EvalSample,
    list_eval_logs,
    read_eval_log,
    read_eval_log_sample,
    read_eval_log_sample_summaries,
)

from ..errors import BadInputError


class LogError(BadInputError):
    """A log, or a set of logs, that cannot be used."""


@dataclass(frozen=True)
class LeftOut:
    """A log that was not used.

    Attributes:
        log: The file.
        why: The reason, as the end of a sentence.
    """

    log: str
    why: str


def log_files(logs: Iterable[str | Path]) -> list[str]:
    """Find the log files among files and folders, sorted by name.

    Raises:
        LogError: If a path does not exist or a folder holds no log.
    """
    found: list[str] = []
    for log in logs:
        path = Path(str(log).removeprefix("file://"))
        if not path.exists():
            raise LogError(f"{log}: there is no such file or folder")
        if path.is_dir():
            inside = sorted(Path(i.name.removeprefix("file://")) for i in list_eval_logs(str(path)))
            if not inside:
                raise LogError(f"{log}: no log (.eval or .json) in this folder")
            found += map(str, inside)
        else:
            found.append(str(path))
    return list(dict.fromkeys(found))


def read_header(path: str) -> EvalLog | LeftOut:
    """Read a log's header if it is one of ours.

    Args:
        path: The file.

    Returns:
        The header, or why the log is left out.
    """
    try:
        header = read_eval_log(path, header_only=True)
    except (OSError, ValueError, KeyError, EOFError) as error:
        return LeftOut(path, f"not readable as an Inspect log: {type(error).__name__}")
    if "am_inspect_version" not in (header.eval.metadata or {}):
        return LeftOut(path, f"task {header.eval.task} is not one of am_inspect")
    return header


def read_whole(path: str | Path) -> EvalLog:
    """Read a log of ours with all its samples.

    Args:
        path: The file.

    Returns:
        The log.

    Raises:
        LogError: If it does not exist, cannot be read, or is another task's.
    """
    file = _one_of_ours(path)
    return read_eval_log(file)


def read_sample(path: str | Path, sample_id: str, epoch: int) -> EvalSample:
    """Read one sample of a log of ours.

    Args:
        path: The file.
        sample_id: Id of the sample.
        epoch: Its epoch, from 1.

    Returns:
        The sample.

    Raises:
        LogError: If there is no such log or sample; the message lists the ids.
    """
    file = _one_of_ours(path)
    try:
        return read_eval_log_sample(file, sample_id, epoch)
    except (IndexError, KeyError, ValueError):
        held = sorted({f"{s.id} epoch {s.epoch}" for s in read_eval_log_sample_summaries(file)})
        shown = ", ".join(held[:40]) + (" ..." if len(held) > 40 else "")
        raise LogError(f"{path}: no sample {sample_id} epoch {epoch}; it holds {shown}") from None


def _one_of_ours(path: str | Path) -> str:
    if Path(path).is_dir():
        raise LogError(f"{path} is a folder: one log file is wanted")
    (file,) = log_files([path])
    header = read_header(file)
    if isinstance(header, LeftOut):
        raise LogError(f"{header.log}: {header.why}")
    return file
