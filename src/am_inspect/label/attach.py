"""Labels into copies of the logs, by Inspect's own edits, so that who said what is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inspect_ai.log import (
    EvalLog,
    EvalSample,
    MetadataEdit,
    ProvenanceData,
    edit_eval_log,
    edit_score,
    write_eval_log,
)
from inspect_ai.scorer import Score, ScoreEdit

from .._version import __version__
from ..errors import BadInputError
from ..mail.mailbox import Mailbox
from ..results import INCLUSION, LABEL_SCORES, read_whole
from ._logs import logs_by_run, refuse_changed_record, refuse_missing_logs
from ._scored import UNLABELLED, agreed, label_scores
from .answers import ANSWERS, Label
from .key import Candidate, Key, KeyItem

_BY_US = "am-inspect label import"


@dataclass(frozen=True)
class Attached:
    """Where the labels went.

    Attributes:
        logs: The copies, by the run's id.
        scores: Each labeller's scores by (item id, labeller), each a mapping of score names.
    """

    logs: Mapping[str, Path]
    scores: Mapping[tuple[str, str], Mapping[str, Score]]


def attach_labels(
    logs: Sequence[str | Path], labels: Sequence[Label], key: Key, out: Path
) -> Attached:
    """Write a copy of each log that was drawn from, with the labels beside the verdicts.

    A label becomes a score of its own name, added with `edit_score`: the verdicts stay as they
    were, each labeller's answers stand in the score's history with name, kind, time and note,
    and the last edit is what counts: the only labeller's, or the majority. A sample that was
    drawn and labelled by nobody is unscored, so that it is not taken for one never drawn. The
    probability of every sample, drawn or not, goes into the log's own metadata by
    `edit_eval_log`. Figures that Inspect computed at the run are left as they are.

    Args:
        logs: The logs, or copies of them, such as re-graded ones.
        labels: All labels of the page, of all labellers.
        key: The page's key.
        out: Folder of the copies, which keep their names.

    Returns:
        The copies and the scores.

    Raises:
        BadInputError: If a log is missing, changed or labelled already, or a copy would
            overwrite something. Nothing is written then.
    """
    runs = logs_by_run(logs)
    refuse_missing_logs(key, runs)
    wanted = [run for run in sorted(runs) if _frame(key, run)]
    targets = {run: out / Path(runs[run]).name for run in wanted}
    for run, target in targets.items():
        _refuse_target(runs[run], target, list(targets.values()))
    by_item: dict[str, list[Label]] = {}
    for label in labels:
        by_item.setdefault(label.id, []).append(label)
    scores: dict[tuple[str, str], Mapping[str, Score]] = {}
    # Two passes, so that a bad log among good ones leaves nothing half done.
    for write in (False, True):
        for run in wanted:
            log = read_whole(runs[run])
            for item in (item for item in key.items if item.eval_id == run):
                scores |= _attach(log, item, by_item.get(item.id, []), runs[run])
            if write:
                out.mkdir(parents=True, exist_ok=True)
                write_eval_log(_with_inclusion(log, key, run), str(targets[run]))
    return Attached(targets, scores)


def _frame(key: Key, run: str) -> list[Candidate]:
    """Give all samples of a run that were drawn or might have been."""
    return [one for one in (*key.items, *key.undrawn) if one.eval_id == run]


def _attach(
    log: EvalLog, item: KeyItem, labels: Sequence[Label], file: str
) -> dict[tuple[str, str], Mapping[str, Score]]:
    sample = _sample(log, item, file)
    if set(sample.scores or {}) & set(LABEL_SCORES):
        raise BadInputError(
            f"{file} has labels already: give the logs that the page was drawn from, and all "
            "label files together"
        )
    box = Mailbox.of_state(sample.store, sample.metadata)
    refuse_changed_record(item, box, file)
    scored: dict[tuple[str, str], Mapping[str, Score]] = {
        (item.id, label.labeller): label_scores(label, box) for label in labels
    }
    for name in LABEL_SCORES:
        each = [scored[item.id, label.labeller][name] for label in labels]
        drawn = {"page_item": item.id, "probability": item.probability}
        drawn |= {"labellers": [label.labeller for label in labels]}
        drawn |= {"kinds": [label.kind for label in labels]}
        for label, score in zip(labels, each, strict=True):
            _edit(log, sample, name, score, drawn, _by_labeller(label))
        if not labels:
            nobody = Score.unscored(reason=UNLABELLED)
            _edit(log, sample, name, nobody, drawn, _by_import("drawn, labelled by nobody"))
        elif len(labels) > 1:
            told = f"what most of {len(labels)} labellers say"
            _edit(log, sample, name, agreed(each), drawn, _by_import(told))
    return scored


def _edit(
    log: EvalLog,
    sample: EvalSample,
    name: str,
    score: Score,
    drawn: Mapping[str, Any],
    provenance: ProvenanceData,
) -> None:
    edit = ScoreEdit(
        value=score.value,
        answer=None,
        explanation=score.explanation,
        reason=score.reason,
        metadata={**(score.metadata or {}), **drawn},
        provenance=provenance,
    )
    edit_score(log, sample.id, name, edit, recompute_metrics=False, epoch=sample.epoch)


def _by_labeller(label: Label) -> ProvenanceData:
    about = {name: getattr(label, name) for name in (*ANSWERS, "note", "kind", "labelled_at")}
    return ProvenanceData(
        author=label.labeller,
        reason=f"label by a {label.kind}, blind to model, cell and verdict",
        metadata={"page": label.page, "item": label.id, **about},
    )


def _by_import(reason: str) -> ProvenanceData:
    return ProvenanceData(author=_BY_US, reason=reason, metadata={"version": __version__})


def _with_inclusion(log: EvalLog, key: Key, run: str) -> EvalLog:
    frame = {f"{one.sample}/{one.epoch}": one.probability for one in _frame(key, run)}
    edit = MetadataEdit(metadata_set={"label_page": key.page, INCLUSION: frame})
    return edit_eval_log(log, [edit], _by_import("probabilities of the draw for labelling"))


def _sample(log: EvalLog, item: KeyItem, file: str) -> EvalSample:
    for sample in log.samples or []:
        if str(sample.id) == item.sample and sample.epoch == item.epoch:
            return sample
    raise BadInputError(f"{file}: no sample {item.sample} epoch {item.epoch}, which was labelled")


def _refuse_target(file: str, target: Path, targets: Sequence[Path]) -> None:
    if Path(file).resolve() == target.resolve():
        raise BadInputError(f"{file}: --out is the log's own folder; give another one")
    if target.exists():
        raise BadInputError(f"{target} is there already: give another --out")
    if targets.count(target) > 1:
        raise BadInputError(f"{file}: another of the logs has the same name; rename one of them")
