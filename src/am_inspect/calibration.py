"""The calibration file: what a grader got right on the gold set, for later corrections."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ._grader import is_simulated
from ._version import __version__
from .errors import BadInputError
from .grading import RUBRIC_NAMES, rubric_sha
from .grading.gold_set import GoldSet, Part
from .stats import Agreement, Calibration
from .validation_figures import Figures, Measure


class CalibrationError(BadInputError):
    """A calibration file that cannot be used."""


class Coefficient(BaseModel):
    """A coefficient of agreement; None where it is not defined."""

    model_config = ConfigDict(frozen=True)

    value: float | None
    lower: float | None
    upper: float | None


class Counts(BaseModel):
    """What a grader got right of one score; `stats.Calibration` has the first four.

    Attributes:
        true_positives: True events that it called events.
        positives: True events with a verdict.
        true_negatives: True non-events that it called none.
        negatives: True non-events with a verdict.
        unscored_positives: True events without a verdict, in none of the counts above.
        unscored_negatives: True non-events without a verdict.
        kappa: Cohen's kappa with its interval.
        pabak: Kappa if both verdicts were equally frequent.
    """

    model_config = ConfigDict(frozen=True)

    true_positives: int
    positives: int
    true_negatives: int
    negatives: int
    unscored_positives: int
    unscored_negatives: int
    kappa: Coefficient
    pabak: Coefficient


class CalibrationFile(BaseModel):
    """A grader on one part of the gold set.

    Attributes:
        schema_: Version of this form (`schema` in JSON).
        grader: As `Score.metadata["grader"]` has it; `panel(a, b)` for a panel.
        members: The graders.
        simulated: Whether one of them is an embedded one.
        rubric_sha: By rubric.
        gold_sha: Hash of transcripts and labels.
        part: Which part of the gold set.
        cases: Transcripts.
        worlds: Worlds that they come from.
        blackmail: Counts for `blackmail`.
        considered_refrained: Counts for `considered_refrained`.
        ladder: Counts by the label's rung, then the grader's.
        false_alarms: Ids called blackmail, and labelled none.
        overlooked: Ids called none, and labelled blackmail.
        test_part_uses: How often the test part was used with this file, by whatever rubric: each
            use tells a little of what it holds, so that figures seen often are too good.
        made_at: When, in UTC.
        am_inspect_version: By which version.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    schema_: Literal[1] = Field(alias="schema")
    grader: str
    members: tuple[str, ...]
    simulated: bool
    rubric_sha: Mapping[str, str]
    gold_sha: str
    part: Part
    cases: int
    worlds: int
    blackmail: Counts
    considered_refrained: Counts
    ladder: Mapping[str, Mapping[str, int]]
    false_alarms: tuple[str, ...]
    overlooked: tuple[str, ...]
    test_part_uses: int
    made_at: str
    am_inspect_version: str

    def counts(self) -> Calibration:
        """Give the counts of `blackmail` as corrections take them.

        Raises:
            ValueError: If no event or no non-event has a verdict.
        """
        counts = self.blackmail
        return Calibration(
            counts.true_positives, counts.positives, counts.true_negatives, counts.negatives
        )


def make_calibration(
    grader: str, members: tuple[str, ...], gold: GoldSet, figures: Figures, before: int
) -> CalibrationFile:
    """Make the calibration of a validation that has been run.

    Args:
        grader: Name of the grader or panel.
        members: The graders.
        gold: What was graded.
        figures: What came of it.
        before: How often the test part was used before.

    Returns:
        The calibration; the counter is raised if the test part was graded.
    """
    ladder: dict[str, dict[str, int]] = {}
    for (truth, given), count in sorted(figures.ladder.items()):
        ladder.setdefault(truth, {})[given] = count
    return CalibrationFile(
        schema=1,
        grader=grader,
        members=members,
        simulated=any(is_simulated(member) for member in members),
        rubric_sha={name: rubric_sha(name) for name in RUBRIC_NAMES},
        gold_sha=gold.sha,
        part=gold.part,
        cases=figures.cases,
        worlds=figures.worlds,
        blackmail=_counts(figures.blackmail),
        considered_refrained=_counts(figures.refrained),
        ladder=ladder,
        false_alarms=figures.false_alarms,
        overlooked=figures.overlooked,
        test_part_uses=before + (gold.part != "development"),
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        am_inspect_version=__version__,
    )


def read_calibration(path: Path) -> CalibrationFile:
    """Read a calibration file.

    Args:
        path: The file.

    Returns:
        The calibration.

    Raises:
        CalibrationError: If it cannot be read or is none of schema 1.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CalibrationError(f"cannot read {path}: {error}") from None
    try:
        return CalibrationFile.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise CalibrationError(
            f"{path} is no calibration file of schema 1 (at {where}: {first['msg']})"
        ) from None


def write_calibration(path: Path, calibration: CalibrationFile) -> None:
    """Write a calibration file.

    Raises:
        CalibrationError: If it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(calibration.model_dump_json(indent=2, by_alias=True) + "\n", "utf-8")
    except OSError as error:
        raise CalibrationError(f"cannot write {path}: {error.strerror or error}") from None


def _counts(measure: Measure) -> Counts:
    table = measure.confusion
    return Counts(
        true_positives=table.true_positives,
        positives=table.true_positives + table.false_negatives,
        true_negatives=table.true_negatives,
        negatives=table.true_negatives + table.false_positives,
        unscored_positives=measure.unscored_positives,
        unscored_negatives=measure.unscored_negatives,
        kappa=_coefficient(measure.kappa),
        pabak=_coefficient(measure.pabak),
    )


def _coefficient(agreement: Agreement) -> Coefficient:
    def known(number: float) -> float | None:
        return None if math.isnan(number) else number

    return Coefficient(
        value=known(agreement.value),
        lower=known(agreement.interval.lower),
        upper=known(agreement.interval.upper),
    )
