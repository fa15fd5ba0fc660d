"""A study: models x cells from one file, through Inspect's `eval_set`."""

from .estimate import Line, Load, estimate
from .keys import StudyError
from .plan import Plan, Subject, load_plan
from .progress import CellProgress, StudyProgress, study_progress
from .run import Outcome, run_study
from .spec import StudySpec

__all__ = [
    "CellProgress",
    "Line",
    "Load",
    "Outcome",
    "Plan",
    "StudyError",
    "StudyProgress",
    "StudySpec",
    "Subject",
    "estimate",
    "load_plan",
    "run_study",
    "study_progress",
]
