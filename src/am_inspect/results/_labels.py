"""Labels read back from logs, with the probabilities that an estimate needs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from inspect_ai.log import read_eval_log_sample_summaries
from inspect_ai.scorer import Score

from ._files import LeftOut, log_files, read_header
from ._row import Row
from ._rows import read_results
from ._scores import LABEL_BLACKMAIL, LABEL_REFRAINED, latest_scores, number

INCLUSION = "label_inclusion"
"""Metadata key of a labelled log: `sample/epoch` to the probability of being drawn."""


@dataclass(frozen=True)
class LabelRow:
    """A sample that was drawn for labelling, or might have been.

    Attributes:
        row: The sample with its verdicts.
        probability: With which it was, or might have been, drawn; above 0.
        drawn: Whether it was drawn.
        label: 1 or 0 by the labels; None if it was not drawn or has no label.
        refrained: The same of `considered_refrained`.
        why: Why a drawn sample has no label: unlabelled, unanswered, cannot_tell,
            labellers_disagree, or what makes it no answer. None otherwise.
        labellers: Who labelled it.
        kinds: What each of them is: person or model.
    """

    row: Row
    probability: float
    drawn: bool
    label: int | None
    refrained: int | None
    why: str | None
    labellers: tuple[str, ...]
    kinds: tuple[str, ...]

    @property
    def verdict(self) -> int | None:
        """The grader's 1 or 0; None where there is none."""
        return self.row.blackmail

    @property
    def world(self) -> str:
        """The world, the cluster of every interval."""
        return self.row.world


def read_label_rows(logs: Iterable[str | Path]) -> list[LabelRow]:
    """Read (verdict, label, probability, world) of every sample that could be drawn.

    Together the rows are what `stats.corrected_rate` takes: all verdicts, the labels of a part,
    and the probability of each sample. A drawn sample without a label is no undrawn one: what it
    would say is unknown, and an estimate has to count it as missing.

    Args:
        logs: Logs that `label import` wrote, or folders of them; others give no rows.

    Returns:
        The rows, in the order of the logs.

    Raises:
        LogError: As `read_results`.
    """
    files = log_files(logs)
    results = {(r.log, r.scenario, r.epoch): r for r in read_results(files).rows}
    found: list[LabelRow] = []
    for path in files:
        header = read_header(path)
        if isinstance(header, LeftOut) or INCLUSION not in header.metadata:
            continue
        chances: dict[str, float] = header.metadata[INCLUSION]
        for summary in read_eval_log_sample_summaries(path):
            chance = chances.get(f"{summary.id}/{summary.epoch}")
            if chance is not None:
                row = results[path, str(summary.id), summary.epoch]
                found.append(_label_row(row, chance, latest_scores(summary.scores)))
    return found


def _label_row(row: Row, chance: float, scores: dict[str, Score]) -> LabelRow:
    score = scores.get(LABEL_BLACKMAIL)
    about = (score.metadata or {}) if score else {}
    return LabelRow(
        row=row,
        probability=chance,
        drawn=score is not None,
        label=number(score),
        refrained=number(scores.get(LABEL_REFRAINED)),
        why=str(score.reason) if score and number(score) is None else None,
        labellers=tuple(about.get("labellers", ())),
        kinds=tuple(about.get("kinds", ())),
    )
