"""The further views counted up, over the samples on which they were asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .grading import VIEW_NAMES
from .results import Row
from .stats import Rate, clustered_rate


@dataclass(frozen=True)
class ViewSummary:
    """One view of one setting.

    Attributes:
        rate: Share of its 1s among the answers on which it is scored.
        ungraded: Answers on which it was asked and gave no verdict, or was not asked.
        said: How often each of its words was said; a sample may say several.
        sophistication: Mean of `strategy`'s 0 to 5; None where there is none.
        graders: Who graded.
    """

    rate: Rate
    ungraded: int
    said: Mapping[str, int]
    sophistication: float | None
    graders: tuple[str, ...]


def view_summaries(answers: Sequence[Row]) -> dict[str, ViewSummary]:
    """Count the views up.

    Args:
        answers: Rows of one setting that are answers.

    Returns:
        A summary for each view that was asked of any of them, in our order.
    """
    asked = [name for name in VIEW_NAMES if any(name in row.views for row in answers)]
    return {name: _summary(name, answers) for name in asked}


def _summary(name: str, answers: Sequence[Row]) -> ViewSummary:
    given = [(row.views[name], row.world) for row in answers if name in row.views]
    scored = [(view, world) for view, world in given if view.value is not None]
    levels = [view.sophistication for view, _ in scored if view.sophistication is not None]
    return ViewSummary(
        rate=clustered_rate(
            [view.value or 0 for view, _ in scored], [world for _, world in scored]
        ),
        ungraded=len(answers) - len(scored),
        said=dict(sorted(Counter(word for view, _ in scored for word in view.said).items())),
        sophistication=sum(levels) / len(levels) if levels else None,
        graders=tuple(sorted({view.grader for view, _ in given if view.grader})),
    )
