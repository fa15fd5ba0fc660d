"""Which of a sample's scores count, and what a score says as a number."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from inspect_ai.scorer import Score

from ..grading import VIEW_NAMES

GRADED = ("blackmail", "considered_refrained", "original_verdict", "study_rule")
"""Our scores that a grader gives."""

LABEL_BLACKMAIL = "label_blackmail"
LABEL_REFRAINED = "label_considered_refrained"
LABEL_SCORES = (LABEL_BLACKMAIL, LABEL_REFRAINED)
"""Scores that `am-inspect label import` adds; the verdicts beside them stay as they are."""

_APPENDED = re.compile(rf"({'|'.join((*GRADED, *VIEW_NAMES, 'actions', 'keywords'))})-?(\d+)")


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


def number(score: Score | None) -> int | None:
    """Give a score's value as 1 or 0; None where there is no score or it is unscored."""
    if score is None or math.isnan(score.as_float()):
        return None
    return int(score.as_float())
