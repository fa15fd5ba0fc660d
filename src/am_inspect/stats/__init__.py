"""Estimates and intervals: pure functions of counts, no Inspect."""

from ._world_counts import WorldCounts
from .agreement import Agreement, cohens_kappa, pabak
from .cell import Cell, cell_contrast, cell_interval, shown
from .confusion import Confusion, Share, confusion
from .contrasts import Contrast, Counts, boschloo, difference, ratio
from .factorial import TOLERANCE, BothNeeded, both_needed
from .family import FamilyShare, Model, family_share
from .grader_error import CorrectedRate, Status, corrected_rate
from .inhibition import Restraint, inhibition
from .instruction import (
    Homogeneity,
    InstructionEffect,
    Reduction,
    homogeneity,
    instruction_effect,
    reduction,
)
from .krippendorff import krippendorffs_alpha
from .mover import count_contrast, mover
from .multiplicity import Adjusted, holm
from .noninferiority import (
    Tested,
    against_limit,
    against_margin,
    difference_bounds,
    rate_bounds,
)
from .power import (
    Plan,
    Side,
    difference_power,
    exact_noninferiority_power,
    expected_width,
    noninferiority_power,
    plan,
)
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
from .score import score_z_difference, score_z_ratio
from .sequential import (
    Decision,
    Look,
    Sequential,
    equal_looks,
    group_sequential,
    spent,
    world_fractions,
)
from .size import SizeEffect, size_effect
from .strata import StratifiedDifference, Stratum, stratified_difference
from .world_contrasts import Answers, world_contrast, world_difference, world_ratio

__all__ = [
    "DEFAULT_ICC",
    "FEW_WORLDS",
    "TOLERANCE",
    "Adjusted",
    "Agreement",
    "Answers",
    "BothNeeded",
    "Calibration",
    "Cell",
    "Confusion",
    "Contrast",
    "CorrectedRate",
    "Counts",
    "Decision",
    "FamilyShare",
    "Homogeneity",
    "InstructionEffect",
    "Interval",
    "Look",
    "Model",
    "Plan",
    "Rate",
    "Reduction",
    "Restraint",
    "RoganGladen",
    "Sequential",
    "Share",
    "Side",
    "SizeEffect",
    "Status",
    "StratifiedDifference",
    "Stratum",
    "Tested",
    "WorldCounts",
    "against_limit",
    "against_margin",
    "boschloo",
    "both_needed",
    "bounds_of_missing",
    "cell_contrast",
    "cell_interval",
    "clopper_pearson",
    "clustered_rate",
    "cohens_kappa",
    "confusion",
    "corrected_rate",
    "count_contrast",
    "difference",
    "difference_bounds",
    "difference_power",
    "equal_looks",
    "exact_noninferiority_power",
    "expected_width",
    "family_share",
    "group_sequential",
    "holm",
    "homogeneity",
    "inhibition",
    "instruction_effect",
    "krippendorffs_alpha",
    "leave_one_out",
    "mover",
    "noninferiority_power",
    "pabak",
    "plan",
    "rate_bounds",
    "ratio",
    "reduction",
    "rogan_gladen",
    "score_z_difference",
    "score_z_ratio",
    "shown",
    "size_effect",
    "spent",
    "stratified_difference",
    "wilson",
    "world_contrast",
    "world_difference",
    "world_fractions",
    "world_ratio",
]
