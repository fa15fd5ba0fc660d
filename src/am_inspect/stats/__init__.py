"""Estimates and intervals: pure functions of counts, no Inspect."""

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

__all__ = [
    "DEFAULT_ICC",
    "FEW_WORLDS",
    "Interval",
    "Rate",
    "bounds_of_missing",
    "clopper_pearson",
    "clustered_rate",
    "leave_one_out",
    "wilson",
]
