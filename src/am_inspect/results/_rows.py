"""Rows out of logs: one a planned sample."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from inspect_ai.log import EvalLog, EvalSampleSummary, read_eval_log_sample_summaries
from inspect_ai.scorer import Score

from ..cells import CELLS
from ..grading import VIEW_NAMES
from ._files import LeftOut, LogError, log_files, read_header
from ._row import Missing, Row, Setting, ViewAnswer
from ._run import Run, run_of
from ._scores import GRADED, latest_scores, number

_REASONS: Mapping[str, Missing] = {
    "no_response": "empty",
    "truncated": "truncated",
    "invalid_response_format": "off_format",
    "unintelligible": "unintelligible",
    "grader_failed": "ungraded",
}


@dataclass(frozen=True)
class Results:
    """What a set of logs holds.

    Attributes:
        rows: A row a planned sample.
        left_out: Logs of other tasks, unreadable ones, and unfinished runs whose samples another
            log holds.
        runs: The logs that the rows come from.
    """

    rows: tuple[Row, ...]
    left_out: tuple[LeftOut, ...]
    runs: tuple[Run, ...] = ()


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
    runs: dict[str, Run] = {}
    for path in log_files(logs):
        header = read_header(path)
        if isinstance(header, LeftOut):
            left_out.append(header)
            continue
        found = list(_rows(path, header))
        if not found:
            left_out.append(LeftOut(path, f"it holds no sample and plans none ({header.status})"))
            continue
        rows += found
        held = sum(row.missing != "not_run" for row in found)
        runs[path] = run_of(path, header, held)
    if not rows:
        named = ", ".join(f"{item.log} ({item.why})" for item in left_out) or "nothing there"
        raise LogError(f"no am_inspect log among the given ones: {named}")
    replaced = _replaced(rows, runs)
    left_out += replaced.values()
    return Results(
        tuple(row for row in rows if row.log not in replaced),
        tuple(left_out),
        tuple(run for path, run in runs.items() if path not in replaced),
    )


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
    run = header.eval.eval_id
    rows = [_row(path, base, seed, s) for s in read_eval_log_sample_summaries(path)]
    graded = next((row.setting for row in rows if _is_graded(row)), base)
    for row in rows:
        seen.add((row.scenario, row.epoch))
        # A sample that was never graded is counted with those of its log that were.
        setting = row.setting if _is_graded(row) else graded
        yield replace(row, setting=setting, no_chat_template=bare, eval_id=run)
    # What a look made needless was never asked for, and is not missing.
    stopping = header.results.early_stopping if header.results else None
    seen |= {(str(stop.id), stop.epoch) for stop in (stopping.early_stops if stopping else [])}
    epochs = header.eval.config.epochs or 1
    for sample_id in header.eval.dataset.sample_ids or []:
        for epoch in range(1, epochs + 1):
            if (str(sample_id), epoch) not in seen:
                world = str(sample_id).rpartition("-v")[0]
                yield Row(path, graded, world, str(sample_id), epoch, seed, "not_run", eval_id=run)


def row_of_sample(sample: EvalSampleSummary) -> Row:
    """Make the row of a sample that has just ended and stands in no log yet.

    Args:
        sample: Its id, epoch, metadata with the world, scores and error.

    Returns:
        The row; log, model and whatever else a header says are empty.

    Raises:
        LogError: If its two scores were given by different graders.
    """
    return _row("", Setting("", "", "", "", "", "", "", "", ""), None, sample)


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
        blackmail=number(verdict),
        refrained=number(ladder),
        ladder=steps.get("ladder"),
        channel=about.get("channel"),
        choice=steps.get("choice"),
        keywords=number(words),
        exposed=facts.get("exposed"),
        attempted=bool(about.get("attempted") or steps.get("attempted")),
        interrupted=bool(steps.get("interrupted")),
        overruled=bool(about.get("overruled") or steps.get("overruled")),
        self_graded=bool(facts.get("self_graded")),
        original_verdict=number(scores.get("original_verdict")),
        study_rule=number(scores.get("study_rule")),
        views={name: _view(scores[name]) for name in VIEW_NAMES if name in scores},
    )


def _view(score: Score) -> ViewAnswer:
    about = score.metadata or {}
    value = number(score)
    words = str(score.answer or "").split("+") if value is not None else []
    return ViewAnswer(
        value=value,
        said=tuple(word for word in words if word),
        sophistication=about.get("sophistication") if value is not None else None,
        grader=str(about.get("grader") or ""),
    )


def _graded_setting(
    path: str, base: Setting, scores: Mapping[str, Score], acts: Mapping[str, Any]
) -> Setting:
    about = {name: scores[name].metadata or {} for name in GRADED if name in scores}
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


def _replaced(rows: Sequence[Row], runs: Mapping[str, Run]) -> dict[str, LeftOut]:
    """Find unfinished runs that a finished one repeats; refuse any other pair of equal samples.

    Which of two finished runs counts is the reader's choice and made beforehand, not ours: taken
    after the fact it is a choice among results.
    """
    first: dict[tuple[Setting, int | None, str, int], Row] = {}
    replaced: dict[str, LeftOut] = {}
    for row in sorted(rows, key=lambda row: not runs[row.log].finished):
        other = first.setdefault((row.setting, row.seed, row.scenario, row.epoch), row)
        if other.log == row.log or row.log in replaced:
            continue
        if runs[row.log].finished or not runs[other.log].finished:
            raise LogError(
                f"{min(other.log, row.log)} and {max(other.log, row.log)} hold the same samples "
                f"({row.setting.model}, {row.setting.cell}, {row.scenario} epoch {row.epoch}, "
                "equal --seed): give one of them"
            )
        why = f"unfinished ({runs[row.log].status}); {other.log} holds its samples and finished"
        replaced[row.log] = LeftOut(row.log, why)
    return replaced
