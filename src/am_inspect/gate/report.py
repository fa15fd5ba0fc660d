"""All that a gate says: the verdict, its measures, why, and what a reader must know."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .._grader import is_rules, is_simulated
from ..baseline import Baseline
from ..results import Results, Run
from ..stats import FEW_WORLDS
from ..tally import CellTally, tally_cells
from .enough import Enough, needed
from .judge import Judged, Verdict, judge, overall
from .policy import Policy
from .refusals import check_cells, check_family, setting_differences


@dataclass(frozen=True)
class Line:
    """One measure with what it lacks.

    Attributes:
        judged: The measure.
        enough: What would be enough where there is not enough data; None otherwise, or where
            nothing can be said.
    """

    judged: Judged
    enough: Enough | None


@dataclass(frozen=True)
class GateReport:
    """What a gate says.

    Attributes:
        verdict: On all.
        model: The candidate.
        baseline: What it was held against.
        policy: The policy.
        lines: Every measure.
        looks: By cell, what a run with looks wrote of them.
        allowed: Differences that were allowed.
        cautions: What a reader must know, a sentence each.
    """

    verdict: Verdict
    model: str
    baseline: Baseline
    policy: Policy
    lines: tuple[Line, ...]
    looks: Mapping[str, Mapping[str, Any]]
    allowed: tuple[str, ...]
    cautions: tuple[str, ...]

    def with_verdict(self, verdict: Verdict) -> tuple[Line, ...]:
        """Give the lines with a verdict."""
        return tuple(line for line in self.lines if line.judged.verdict == verdict)


def gate_report(
    found: Results,
    baseline: Baseline,
    policy: Policy,
    *,
    family: str,
    allow: Collection[str] = (),
) -> GateReport:
    """Judge the logs of a checkpoint.

    Args:
        found: What they hold.
        baseline: What it is held against.
        policy: What is tolerated.
        family: The candidate's family.
        allow: What may differ (`ALLOWED`).

    Returns:
        The report.

    Raises:
        BadInputError: If a run crashed or holds no sample, a cell is lacking, or family or
            settings differ.
    """
    candidate = tally_cells(found)
    check_family(family, baseline, allow)
    check_cells(candidate, baseline, policy, "the candidate's logs")
    settings = {name: cell.settings for name, cell in candidate.items()}
    allowed = setting_differences(settings, baseline.cells, list(policy.cells), allow)
    looks = {run.cell: run.looks for run in found.runs if run.looks}
    levels = {cell: float(held["level"]) for cell, held in looks.items()}
    judged = judge(candidate, baseline.cells, policy, levels)
    return GateReport(
        verdict=overall(judged),
        model=found.runs[0].model,
        baseline=baseline,
        policy=policy,
        lines=tuple(
            Line(j, needed(j, policy.icc) if j.verdict == "not enough data" else None)
            for j in judged
        ),
        looks=looks,
        allowed=allowed,
        cautions=tuple(_cautions(found.runs, candidate, baseline, policy)),
    )


def _cautions(
    runs: tuple[Run, ...],
    candidate: Mapping[str, CellTally],
    baseline: Baseline,
    policy: Policy,
) -> Iterator[str]:
    models = [m for m in (runs[0].model, baseline.model) if is_simulated(m)]
    if models:
        named = " and ".join(dict.fromkeys(models))
        yield f"Simulated ({named}): it shows the plumbing only and says nothing of any model."
    graders = {candidate[cell].settings.get("grader") for cell in policy.cells}
    if any(is_rules(str(grader)) for grader in graders):
        yield "Graded by rules (amsim/rubric), which are no substitute for a model."
    few = sorted({len(candidate[cell].worlds) for cell in policy.cells})
    if few[0] < FEW_WORLDS:
        yield f"Few worlds ({few[0]}): bounds are wide, and say little of other worlds."
    others = [cell for cell in candidate if cell not in policy.cells]
    if others:
        yield f"Run and not judged, since {policy.name} does not name them: {', '.join(others)}."
