"""Grade logs anew with one grader; the old logs stay as they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from inspect_ai import score_async
from inspect_ai.log import EvalLog, write_eval_log_async
from inspect_ai.model import Model

from ._grader_check import reach
from .errors import BadInputError
from .grading import RUBRIC_NAMES, rubric_sha
from .original.dataset import PROTOCOL
from .original.scorers import ORIGINAL_SCORES, original_verdict, study_rule
from .results import log_files, read_results, read_whole, scorer_and_rank
from .scorers import actions, blackmail, considered_refrained, keywords
from .views import view_scorers


async def regrade_logs(
    logs: Sequence[str | Path],
    grader: Model,
    out: Path,
    tell: Callable[[str], None],
    views: Sequence[str] = (),
) -> list[Path]:
    """Write a copy of each log with all scores anew, the graded ones by one grader.

    A copy that is already there and was graded by the same grader is kept, so that the same
    command goes on after a crash. Scores that are not ours, such as people's labels, are kept.

    Args:
        logs: Logs, or folders of logs.
        grader: The grader.
        out: Folder of the copies; they keep their names.
        tell: Is told of each log in one line.
        views: Further views to be graded (`am_inspect.views`); scores of others are kept.

    Returns:
        The copies.

    Raises:
        BadInputError: If a log cannot be read, a copy would overwrite its log or another
            grader's copy, or the grader does not answer.
    """
    files = log_files(logs)
    targets = [out / Path(file).name for file in files]
    for file, target in zip(files, targets, strict=True):
        if Path(file).resolve() == target.resolve():
            raise BadInputError(f"{file}: --out is the log's own folder; give another one")
        if targets.count(target) > 1:
            raise BadInputError(
                f"{file}: another of the logs has the same name, and --out can hold one of them: "
                "give them one by one, each with its own --out"
            )
    await reach(grader)
    out.mkdir(parents=True, exist_ok=True)
    for number, (file, target) in enumerate(zip(files, targets, strict=True), 1):
        step = f"[{number} of {len(files)}] {target}"
        if target.exists():
            _refuse_other(target, grader, views)
            tell(f"{step}: there already, kept")
            continue
        log = read_whole(file)
        tell(f"{step}: {len(log.samples or [])} samples")
        await write_eval_log_async(await _regraded(log, grader, file, views), str(target))
    return targets


async def _regraded(log: EvalLog, grader: Model, file: str, views: Sequence[str]) -> EvalLog:
    others = {
        (sample.id, sample.epoch): {
            name: score
            for name, score in (sample.scores or {}).items()
            if not _is_ours(name, views)
        }
        for sample in log.samples or []
    }
    scorers = [blackmail(), considered_refrained(), actions(), keywords()]
    scorers += view_scorers(views)
    if (log.eval.metadata or {}).get("protocol") == PROTOCOL:
        scorers += [original_verdict(), study_rule()]
    # Left to itself Inspect would make subject and old grader anew, whose weights, keys or
    # providers need not be here.
    roles, log.eval.model_roles = log.eval.model_roles, None
    scored = await score_async(
        log,
        scorers,
        model="none/none",
        model_roles={"grader": grader},
        action="overwrite",
        copy=False,
    )
    scored.eval.model_roles = roles
    for sample in scored.samples or []:
        kept = others[sample.id, sample.epoch]
        if kept:
            sample.scores = {**(sample.scores or {}), **kept}
    scored.eval.metadata = {
        **(scored.eval.metadata or {}),
        "grader": str(grader),
        "self_graded": str(grader) == scored.eval.model,
        "rubric_sha": {name: rubric_sha(name) for name in RUBRIC_NAMES},
        "regraded_from": Path(file).name,
    }
    return scored


def _is_ours(name: str, views: Sequence[str]) -> bool:
    return scorer_and_rank(name)[0] in (
        "blackmail",
        "considered_refrained",
        "actions",
        "keywords",
        *ORIGINAL_SCORES,
        *views,
    )


def _refuse_other(target: Path, grader: Model, views: Sequence[str]) -> None:
    rows = [row for row in read_results([target]).rows if row.missing not in ("error", "not_run")]
    held = {row.setting.grader for row in rows} - {""}
    lacking = [view for view in views if any(view not in row.views for row in rows)]
    if lacking:
        raise BadInputError(
            f"{target} is there already without the view {lacking[0]}: give another --out, or "
            "remove it"
        )
    if held - {str(grader)}:
        raise BadInputError(
            f"{target} is there already and was graded by {', '.join(sorted(held))}: "
            "give another --out, or remove it"
        )
