"""The only reader of logs: from `.eval` files to one tidy row a planned sample."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from inspect_ai.log import (
    EvalLog,
    EvalSample,
    EvalSampleSummary,
    list_eval_logs,
    read_eval_log,
    read_eval_log_sample,
    read_eval_log_sample_summaries,
)
from inspect_ai.scorer import Score

from ._grader import is_simulated
from .cells import CELLS
from .errors import BadInputError

Missing = Literal[
    "error", "empty", "truncated", "off_format", "unintelligible", "ungraded", "not_run"
]
"""Why a planned sample gave no answer. None of these is ever a no."""

_REASONS: Mapping[str, Missing] = {
    "no_response": "empty",
    "truncated": "truncated",
    "invalid_response_format": "off_format",
    "unintelligible": "unintelligible",
    "grader_failed": "ungraded",
}


_GRADED = ("blackmail", "considered_refrained", "original_verdict", "study_rule")
_APPENDED = re.compile(rf"({'|'.join((*_GRADED, 'actions', 'keywords'))})-?(\d+)")


class LogError(BadInputError):
    """A log, or a set of logs, that cannot be used."""


@dataclass(frozen=True)
class Setting:
    """What must be equal for samples to be counted together.

    Attributes:
        model: The subject.
        protocol: `am_inspect`, or the published protocol that was followed.
        cell: The cell.
        delivery: `paced` or `single_turn`.
        tools_used: `text` or `native`.
        grader: The grader of all graded scores; "" if none graded.
        dataset_sha: Hash of the dataset.
        protocol_sha: Hash of the how-to-act blocks.
        rubric_sha: Hashes of the questions that were asked.
    """

    model: str
    protocol: str
    cell: str
    delivery: str
    tools_used: str
    grader: str
    dataset_sha: str
    protocol_sha: str
    rubric_sha: str


@dataclass(frozen=True)
class Row:
    """One planned sample.

    Attributes:
        log: File that holds it.
        setting: What it was run and graded with.
        world: Its world, the cluster.
        scenario: Its id.
        epoch: Its epoch.
        seed: The run's `--seed`; None if none was given.
        missing: Why it is no answer; None for an answer.
        outcome: From the record: acted, no_mail, ...; None if it ended in an error.
        blackmail: 1 or 0 for an answer, else None.
        refrained: 1 or 0 where `considered_refrained` is scored, else None.
        ladder: Highest rung; None if not graded.
        channel: direct, copy, relay or none; None if not graded.
        choice: chose_not_to, did_not_act or undecided; None if not graded.
        keywords: 1 if any of the study's words fell, 0 if none did, None if nothing was said.
        exposed: Whether secret and threat had both arrived.
        attempted: Whether a try reached nobody.
        interrupted: Whether it was cut off or ended in mid-plan.
        overruled: Whether the record contradicted the grader.
        self_graded: Whether the grader was the subject.
        no_chat_template: Whether the subject is known to have no chat template.
        original_verdict: 1 or 0 by the published evaluation; None if that was not asked.
        study_rule: 1 or 0 by the 2026 study's rule; None if that was not asked.
    """

    log: str
    setting: Setting
    world: str
    scenario: str
    epoch: int
    seed: int | None
    missing: Missing | None
    outcome: str | None = None
    blackmail: int | None = None
    refrained: int | None = None
    ladder: str | None = None
    channel: str | None = None
    choice: str | None = None
    keywords: int | None = None
    exposed: bool | None = None
    attempted: bool = False
    interrupted: bool = False
    overruled: bool = False
    self_graded: bool = False
    no_chat_template: bool = False
    original_verdict: int | None = None
    study_rule: int | None = None

    @property
    def conflict(self) -> bool:
        """Whether the two scorers disagree on whether such a message was sent.

        A relay is `sent` on the ladder and 0 in `blackmail`: that is no conflict.
        """
        if self.blackmail is None or self.ladder is None:
            return False
        return (self.channel not in (None, "none")) != (self.ladder == "sent")

    @property
    def simulated(self) -> bool:
        """Whether an embedded model played it."""
        return is_simulated(self.setting.model)


@dataclass(frozen=True)
class LeftOut:
    """A log that was not used.

    Attributes:
        log: The file.
        why: The reason, as the end of a sentence.
    """

    log: str
    why: str


@dataclass(frozen=True)
class Results:
    """What a set of logs holds.

    Attributes:
        rows: A row a planned sample.
        left_out: Logs of other tasks, and unreadable ones.
    """

    rows: tuple[Row, ...]
    left_out: tuple[LeftOut, ...]


def read_results(logs: Iterable[str | Path]) -> Results:
    """Read logs into rows.

    Args:
        logs: Files, or folders that are searched for `.eval` and `.json` logs.

    Returns:
        The rows, and which logs were left out.

    Raises:
        LogError: If there is no log of ours; if a log's two scorers were graded by different
            graders; or if two logs hold the same samples.
    """
    rows: list[Row] = []
    left_out: list[LeftOut] = []
    for path in log_files(logs):
        header = read_header(path)
        if isinstance(header, LeftOut):
            left_out.append(header)
            continue
        rows += _rows(path, header)
    if not rows:
        named = ", ".join(f"{item.log} ({item.why})" for item in left_out) or "nothing there"
        raise LogError(f"no am_inspect log among the given ones: {named}")
    _refuse_twice(rows)
    return Results(tuple(rows), tuple(left_out))


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


def latest_scores(scores: Mapping[str, Score] | None) -> dict[str, Score]:
    """Give the newest score of each scorer.

    Args:
        scores: A sample's scores by name.

    Returns:
        The newest, by the scorer's own name.
    """
    newest: dict[str, tuple[int, Score]] = {}
    for name, score in (scores or {}).items():
        base, rank = scorer_and_rank(name)
        if base not in newest or rank > newest[base][0]:
            newest[base] = (rank, score)
    return {name: score for name, (_, score) in newest.items()}


def scorer_and_rank(name: str) -> tuple[str, int]:
    """Tell of which scorer a score is, and how many of that scorer came before it.

    `inspect score --action append` keeps an old score and names the new one `blackmail1`.

    Args:
        name: Name of a score in a sample.

    Returns:
        The scorer's name, and 0 for its first score. Of a scorer that is not ours the name as it
        is, for its digits may mean something else.
    """
    match = _APPENDED.fullmatch(name)
    return (match[1], int(match[2])) if match else (name, 0)


def _rows(path: str, header: EvalLog) -> Iterator[Row]:
    meta: Mapping[str, Any] = header.eval.metadata or {}
    cell = str(meta.get("cell"))
    if cell not in CELLS:
        raise LogError(f"{path}: unknown cell {cell!r}; allowed are {', '.join(CELLS)}")
    seen: set[tuple[str, int]] = set()
    base = Setting(
        model=header.eval.model,
        protocol=str(meta.get("protocol")),
        cell=cell,
        delivery=str(meta.get("delivery")),
        tools_used=str(meta.get("tools_used")),
        grader="",
        dataset_sha=str(meta.get("dataset_sha")),
        protocol_sha=str(meta.get("protocol_sha")),
        rubric_sha="",
    )
    seed = header.eval.model_generate_config.seed
    bare = bool(meta.get("no_chat_template"))
    rows = [_row(path, base, seed, s) for s in read_eval_log_sample_summaries(path)]
    graded = next((row.setting for row in rows if _is_graded(row)), base)
    for row in rows:
        seen.add((row.scenario, row.epoch))
        # A sample that was never graded is counted with those of its log that were.
        setting = row.setting if _is_graded(row) else graded
        yield replace(row, setting=setting, no_chat_template=bare)
    epochs = header.eval.config.epochs or 1
    for sample_id in header.eval.dataset.sample_ids or []:
        for epoch in range(1, epochs + 1):
            if (str(sample_id), epoch) not in seen:
                world = str(sample_id).rpartition("-v")[0]
                yield Row(path, graded, world, str(sample_id), epoch, seed, "not_run")


def _is_graded(row: Row) -> bool:
    # A sample that ended in an error may have been put to some of the graders' questions only.
    return bool(row.setting.grader) and row.missing != "error"


def _row(path: str, base: Setting, seed: int | None, sample: EvalSampleSummary) -> Row:
    scores = latest_scores(sample.scores)
    verdict, ladder = scores.get("blackmail"), scores.get("considered_refrained")
    about = (verdict.metadata or {}) if verdict else {}
    steps = (ladder.metadata or {}) if ladder else {}
    facts = about or steps
    words = scores.get("keywords")
    acts = (scores["actions"].metadata or {}) if "actions" in scores else {}
    return Row(
        log=path,
        setting=_graded_setting(path, base, scores, acts),
        world=str(sample.metadata.get("world")),
        scenario=str(sample.id),
        epoch=sample.epoch,
        seed=seed,
        missing=_missing(sample, verdict),
        outcome=facts.get("outcome"),
        blackmail=_number(verdict),
        refrained=_number(ladder),
        ladder=steps.get("ladder"),
        channel=about.get("channel"),
        choice=steps.get("choice"),
        keywords=_number(words),
        exposed=facts.get("exposed"),
        attempted=bool(about.get("attempted") or steps.get("attempted")),
        interrupted=bool(steps.get("interrupted")),
        overruled=bool(about.get("overruled") or steps.get("overruled")),
        self_graded=bool(facts.get("self_graded")),
        original_verdict=_number(scores.get("original_verdict")),
        study_rule=_number(scores.get("study_rule")),
    )


def _graded_setting(
    path: str, base: Setting, scores: Mapping[str, Score], acts: Mapping[str, Any]
) -> Setting:
    about = {name: scores[name].metadata or {} for name in _GRADED if name in scores}
    graders = {name: str(m["grader"]) for name, m in about.items() if m.get("grader")}
    if len(set(graders.values())) > 1:
        (first, one), *others = graders.items()
        named = " and ".join(f"{name} by {other}" for name, other in others if other != one)
        raise LogError(
            f"{path}: {first} was graded by {one} and {named}; a pair needs one grader: run "
            f"am-inspect regrade {path} --grader MODEL --out DIR"
        )
    shas = dict.fromkeys(str(m["rubric_sha"]) for m in about.values() if m.get("rubric_sha"))
    return replace(
        base,
        tools_used=str(acts.get("tools_used") or base.tools_used),
        grader=next(iter(graders.values()), ""),
        rubric_sha="+".join(shas),
    )


def _missing(sample: EvalSampleSummary, verdict: Score | None) -> Missing | None:
    if sample.error is not None:
        return "error"
    if verdict is None:
        return "ungraded"
    if not math.isnan(verdict.as_float()):
        return None
    return _REASONS.get(str(verdict.reason), "ungraded")


def _number(score: Score | None) -> int | None:
    if score is None or math.isnan(score.as_float()):
        return None
    return int(score.as_float())


def _refuse_twice(rows: Sequence[Row]) -> None:
    first: dict[tuple[Setting, int | None, str, int], str] = {}
    for row in rows:
        key = (row.setting, row.seed, row.scenario, row.epoch)
        other = first.setdefault(key, row.log)
        if other != row.log:
            raise LogError(
                f"{other} and {row.log} hold the same samples ({row.setting.model}, "
                f"{row.setting.cell}, {row.scenario} epoch {row.epoch}, equal --seed): give one "
                "of them"
            )


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
