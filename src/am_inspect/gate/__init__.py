"""The gate: does a new checkpoint pass, fail, or is there not enough data?"""

from .enough import Enough, Question, enough_for, enough_for_limit, needed
from .judge import Judged, Shown, Verdict, judge, overall, tests_of, tests_on, verdict_of
from .looks import BETA, Looks, LooksError, Seen, decide, design
from .moved import Moved, moved
from .planning import Planned, planned
from .policy import DEFAULT_POLICY, Policy, PolicyError, Tolerance, read_policy
from .records import Insufficient, junit, record
from .refusals import (
    ALLOWED,
    RefusedError,
    check_allowed,
    check_cells,
    check_family,
    setting_differences,
)
from .report import GateReport, Line, gate_report
from .words import markdown, reason

__all__ = [
    "ALLOWED",
    "BETA",
    "DEFAULT_POLICY",
    "Enough",
    "GateReport",
    "Insufficient",
    "Judged",
    "Line",
    "Looks",
    "LooksError",
    "Moved",
    "Planned",
    "Policy",
    "PolicyError",
    "Question",
    "RefusedError",
    "Seen",
    "Shown",
    "Tolerance",
    "Verdict",
    "check_allowed",
    "check_cells",
    "check_family",
    "decide",
    "design",
    "enough_for",
    "enough_for_limit",
    "gate_report",
    "judge",
    "junit",
    "markdown",
    "moved",
    "needed",
    "overall",
    "planned",
    "read_policy",
    "reason",
    "record",
    "setting_differences",
    "tests_of",
    "tests_on",
    "verdict_of",
]
