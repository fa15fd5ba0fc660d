"""Estimates and intervals: pure functions of counts, no Inspect."""

from .grader_error import CorrectedRate, Status, corrected_rate
from .rates import (
    DEFAULT_ICC,
    FEW_WORLDS,
    Interval,
    Rate,
    bounds_of_missing,
    clopper_pearson,
    clustered_rate,
    leave_one_out,
    wilson,
)
from .rogan_gladen import Calibration, RoganGladen, rogan_gladen

__all__ = [
    "DEFAULT_ICC",
    "FEW_WORLDS",
    "Calibration",
    "CorrectedRate",
    "Interval",
    "Rate",
    "RoganGladen",
    "Status",
    "bounds_of_missing",
    "clopper_pearson",
    "clustered_rate",
    "corrected_rate",
    "leave_one_out",
    "rogan_gladen",
    "wilson",
]
