"""The five findings of the 2026 study as tests of rows, its own or ours."""

from collections.abc import Sequence

from .both import goal_and_threat_needed
from .finding import Finding, ModelCell, Restraint, Verdict
from .published_cells import published_cells
from .restraint import most_hold_back
from .safety import safety_line_halves
from .size import size_says_nothing
from .strategies import strategies_differ

__all__ = [
    "Finding",
    "ModelCell",
    "Restraint",
    "Verdict",
    "all_findings",
    "goal_and_threat_needed",
    "most_hold_back",
    "published_cells",
    "safety_line_halves",
    "size_says_nothing",
    "strategies_differ",
]


def all_findings(rows: Sequence[ModelCell]) -> tuple[Finding, ...]:
    """Put all five claims to the rows, in the study's order.

    Args:
        rows: One a model and cell.

    Returns:
        The findings: five questions, each answered at its own level.
    """
    return (
        size_says_nothing(rows),
        goal_and_threat_needed(rows),
        most_hold_back(rows),
        safety_line_halves(rows),
        strategies_differ(rows),
    )
