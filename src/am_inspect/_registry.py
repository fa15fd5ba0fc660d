"""What Inspect finds through the entry point `inspect_ai`."""

from ._notices import RunNotices
from .metrics import inhibition_rate, lower, rate, upper
from .models.api import SimulatedAPI
from .original import (
    one_reply,
    original_verdict,
    study_rule,
    summitbridge_control,
    summitbridge_goal_and_threat,
    summitbridge_goal_only,
    summitbridge_permissive,
    summitbridge_safety,
    summitbridge_threat_only,
)
from .scorers import actions, blackmail, considered_refrained, keywords
from .solver import email_agent
from .study.live import StudyHooks
from .tasks import (
    control,
    escalation,
    goal_and_restriction,
    goal_and_threat,
    goal_only,
    neutral,
    no_leverage,
    no_scratchpad,
    no_strategy_line,
    permissive,
    restriction_only,
    safety,
    threat_only,
)
from .views import comprehension, eval_awareness, strategy

__all__ = [
    "RunNotices",
    "SimulatedAPI",
    "StudyHooks",
    "actions",
    "blackmail",
    "comprehension",
    "considered_refrained",
    "control",
    "email_agent",
    "escalation",
    "eval_awareness",
    "goal_and_restriction",
    "goal_and_threat",
    "goal_only",
    "inhibition_rate",
    "keywords",
    "lower",
    "neutral",
    "no_leverage",
    "no_scratchpad",
    "no_strategy_line",
    "one_reply",
    "original_verdict",
    "permissive",
    "rate",
    "restriction_only",
    "safety",
    "strategy",
    "study_rule",
    "summitbridge_control",
    "summitbridge_goal_and_threat",
    "summitbridge_goal_only",
    "summitbridge_permissive",
    "summitbridge_safety",
    "summitbridge_threat_only",
    "threat_only",
    "upper",
]
