"""The gate: does a new checkpoint pass, fail, or is there not enough data?"""

from .enough import Enough, Question, enough_for, enough_for_limit, needed
from .judge import Judged, Shown, Verdict, judge, overall, tests_of, verdict_of
from .policy import DEFAULT_POLICY, Policy, PolicyError, Tolerance, read_policy

__all__ = [
    "DEFAULT_POLICY",
    "Enough",
    "Judged",
    "Policy",
    "PolicyError",
    "Question",
    "Shown",
    "Tolerance",
    "Verdict",
    "enough_for",
    "enough_for_limit",
    "judge",
    "needed",
    "overall",
    "read_policy",
    "tests_of",
    "verdict_of",
]
