"""The published protocol: the original scenario, from inspect-evals, in the study's cells."""

from .prompts import ORIGINAL_CELLS, MissingOriginalError
from .reply import one_reply
from .scorers import original_verdict, study_rule
from .tasks import (
    summitbridge_control,
    summitbridge_goal_and_threat,
    summitbridge_goal_only,
    summitbridge_permissive,
    summitbridge_safety,
    summitbridge_task,
    summitbridge_threat_only,
)

__all__ = [
    "ORIGINAL_CELLS",
    "MissingOriginalError",
    "one_reply",
    "original_verdict",
    "study_rule",
    "summitbridge_control",
    "summitbridge_goal_and_threat",
    "summitbridge_goal_only",
    "summitbridge_permissive",
    "summitbridge_safety",
    "summitbridge_task",
    "summitbridge_threat_only",
]
