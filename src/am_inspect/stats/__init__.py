"""Estimates and intervals: pure functions of counts, no Inspect."""

from .agreement import Agreement, cohens_kappa, pabak
from .confusion import Confusion, Share, confusion
from .grader_error import CorrectedRate, Status, corrected_rate
from .krippendorff import krippendorffs_alpha
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
    "Agreement",
    "Calibration",
    "Confusion",
    "CorrectedRate",
    "Interval",
    "Rate",
    "RoganGladen",
    "Share",
    "Status",
    "bounds_of_missing",
    "clopper_pearson",
    "clustered_rate",
    "cohens_kappa",
    "confusion",
    "corrected_rate",
    "krippendorffs_alpha",
    "leave_one_out",
    "pabak",
    "rogan_gladen",
    "wilson",
]
