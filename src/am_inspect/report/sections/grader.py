"""What is known of the grader, and what its errors would do to the rates."""

from __future__ import annotations

from ...calibration import CalibrationFile, Counts
from ...stats import Calibration, rogan_gladen, wilson
from ..axis import Mark, share_axis
from ..figures import Forest
from ..material import Material
from ..prose import say
from ..section import Section
from ..table import Column, Table
from ..words import count_text, rate_text, span_text

_CHECKS = (
    Column("score", "score"),
    Column("sensitivity", "found"),
    Column("found", "of events"),
    Column("specificity", "left alone"),
    Column("left", "of others"),
    Column("unscored", "without a verdict", "number"),
    Column("kappa", "kappa", "number"),
)
_CORRECTED = (
    Column("model", "model"),
    Column("cell", "cell"),
    Column("count", "as graded"),
    Column("observed", "rate", "rate"),
    Column("corrected", "corrected", "share"),
    Column("lower", "lower", "share"),
    Column("upper", "upper", "share"),
    Column("status", "status"),
)


def grader(material: Material) -> Section:
    """Show the calibration, and corrected rates if it is one of these samples' grader.

    Args:
        material: The samples.

    Returns:
        The section.
    """
    title, ours = say("grader.title"), material.batch.grader or "nobody"
    file = material.calibration
    if file is None:
        return Section("grader", title, absent=say("grader.absent", grader=ours))
    counts = file.blackmail
    lead = [
        say(
            "grader.lead",
            grader=file.grader,
            cases=file.cases,
            worlds=file.worlds,
            part=file.part,
            found=counts.true_positives,
            positives=counts.positives,
            left=counts.true_negatives,
            negatives=counts.negatives,
        )
    ]
    checks = (("blackmail", counts), ("considered_refrained", file.considered_refrained))
    tables = [
        Table("calibration", say("grader.checks"), _CHECKS, tuple(_check(*c) for c in checks))
    ]
    why_not = _why_not(file, material)
    if why_not is not None:
        return Section("grader", title, (*lead, why_not), (), tuple(tables))
    corrected = _corrected(material, file.counts())
    tables.append(Table("corrected", say("grader.table"), _CORRECTED, corrected[1]))
    lead.append(say("grader.corrected"))
    return Section("grader", title, tuple(lead), (corrected[0],), tuple(tables))


def _why_not(file: CalibrationFile, material: Material) -> str | None:
    ours = material.batch.grader or "nobody"
    if file.grader != ours:
        return say("grader.other", theirs=file.grader, ours=ours)
    asked = file.rubric_sha.get("blackmail")
    if asked and asked not in material.batch.rubric_sha.split("+"):
        return say("grader.rubric")
    if not file.blackmail.positives or not file.blackmail.negatives:
        return say("grader.other", theirs="events or others alone", ours=ours)
    return None


def _check(score: str, counts: Counts) -> dict[str, object]:
    def share(right: int, total: int) -> str | None:
        return span_text(wilson(right, total)) if total else None

    return {
        "score": score,
        "found": f"{counts.true_positives} of {counts.positives}",
        "sensitivity": share(counts.true_positives, counts.positives),
        "left": f"{counts.true_negatives} of {counts.negatives}",
        "specificity": share(counts.true_negatives, counts.negatives),
        "unscored": counts.unscored_positives + counts.unscored_negatives,
        "kappa": counts.kappa.value,
        "kappa_lower": counts.kappa.lower,
        "kappa_upper": counts.kappa.upper,
        "pabak": counts.pabak.value,
    }


def _corrected(
    material: Material, calibration: Calibration
) -> tuple[Forest, tuple[dict[str, object], ...]]:
    records: list[dict[str, object]] = []
    axis = share_axis([1.0])
    groups: dict[str, list[Mark]] = {cell: [] for cell in material.cells}
    for (model, cell), summary in material.summaries.items():
        answers = material.answers_of(model, cell)
        if not answers:
            continue
        found = rogan_gladen(
            [row.blackmail or 0 for row in answers], [row.world for row in answers], calibration
        )
        rate, known = summary.blackmail, found.status == "identified"
        records.append(
            {
                "model": model,
                "cell": cell,
                "count": count_text(rate),
                "observed": rate.value,
                "corrected": found.value,
                "lower": found.interval.lower,
                "upper": found.interval.upper,
                "status": found.status.replace("_", " "),
            }
        )
        text = (
            f"{100 * found.value:.1f}% {span_text(found.interval)}"
            if known
            else say("grader.no_point", interval=span_text(found.interval))
        )
        groups[cell].append(
            axis.mark(model, rate_text(rate), text, found.value, found.interval, "other")
        )
    forest = Forest(
        say("grader.figure"),
        ("model", "as graded", "corrected [95%]"),
        axis.ticks(),
        tuple((cell, tuple(marks)) for cell, marks in groups.items() if marks),
    )
    return forest, tuple(records)
