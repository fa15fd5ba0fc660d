"""What model families and model sizes can say about the rate, and what they cannot."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from .contrasts import Contrast, Counts
from .rates import Interval
from .strata import StratifiedDifference, Stratum, stratified_difference
from .world_contrasts import Answers, world_contrast


@dataclass(frozen=True)
class Model:
    """One model's answers in one cell.

    Attributes:
        name: Which.
        family: Whose.
        size_b: Parameters in billions; NaN if not known.
        cell: Its counts (one prompt) or its answers by world.
    """

    name: str
    family: str
    size_b: float
    cell: Counts | Answers


@dataclass(frozen=True)
class SizeEffect:
    """The largest model of a family less the smallest, over the families that have both.

    Attributes:
        families: Families with two sizes, by name.
        of_counts: The comparison for a single prompt; else None.
        by_world: The mean difference over families, paired by world; else None.
        cannot: What these models cannot tell, a sentence each.
    """

    families: tuple[str, ...]
    of_counts: StratifiedDifference | None
    by_world: Contrast | None
    cannot: tuple[str, ...]


@dataclass(frozen=True)
class FamilyShare:
    """Share of the spread between models' rates that lies between families.

    Attributes:
        share: Intra-class correlation of models in families, clipped to [0, 1]; NaN if it is not
            identified.
        interval: Its interval; NaN likewise.
        df_between: Families less 1.
        df_within: Models less families: 0 if every family has one model.
        cannot: What these models cannot tell.
    """

    share: float
    interval: Interval
    df_between: int
    df_within: int
    cannot: tuple[str, ...]


def size_effect(models: Sequence[Model], *, confidence: float = 0.95) -> SizeEffect:
    """Compare sizes within families, never across.

    Counts: `stratified_difference`, a stratum a family. Answers by world: the mean over the
    families of largest less smallest by `world_contrast`.

    Args:
        models: Models of one cell, all of them counts or all of them answers.
        confidence: Two-sided level.

    Returns:
        The comparison; both parts None if no family has two sizes.

    Raises:
        TypeError: If counts and answers are mixed.
    """
    groups, cannot = _families(models), []
    pairs = []
    for family, members in groups.items():
        known = sorted((m for m in members if not math.isnan(m.size_b)), key=lambda m: m.size_b)
        if known and known[0].size_b < known[-1].size_b:
            pairs.append((family, known[-1], known[0]))
    single = sorted(set(groups) - {family for family, _, _ in pairs})
    if single:
        cannot.append(f"{', '.join(single)}: one size only, so size and family are one thing there")
    if len(pairs) < 5:
        cannot.append(f"{len(pairs)} families with two sizes say nothing about other families")
    if pairs:
        cannot.append("sizes of a family may differ in release and training too")
    names = tuple(family for family, _, _ in pairs)
    strata = [
        Stratum(family, large.cell, small.cell)
        for family, large, small in pairs
        if isinstance(large.cell, Counts) and isinstance(small.cell, Counts)
    ]
    answers = [
        (large.cell, small.cell)
        for _, large, small in pairs
        if isinstance(large.cell, Answers) and isinstance(small.cell, Answers)
    ]
    if pairs and len(pairs) not in (len(strata), len(answers)):
        raise TypeError("counts and answers by world cannot be compared with each other")
    if strata:
        found = stratified_difference(strata, confidence=confidence)
        return SizeEffect(names, found, None, tuple(cannot))
    if answers:
        cells = [cell for pair in answers for cell in pair]
        weights = [sign / len(answers) for _ in answers for sign in (1, -1)]
        by_world = world_contrast(cells, weights, confidence=confidence)
        return SizeEffect(names, None, by_world, tuple(cannot))
    return SizeEffect((), None, None, tuple(cannot))


def family_share(models: Sequence[Model], *, confidence: float = 0.95) -> FamilyShare:
    """Split the spread of the models' observed rates into between and within families.

    One-way random effects analysis of variance: (MSB - MSW) / (MSB + (n0 - 1) MSW), n0 the
    average number of models a family (Donner, International Statistical Review 54, 1986); the
    interval is Searle's (Linear Models, 1971, chapter 9), exact for equally many normal rates a
    family. Rates are skewed and carry sampling error, which counts as within.

    Args:
        models: Models of one cell.
        confidence: Two-sided level.

    Returns:
        The share. Not identified without two families, without a family of two models, or if no
        rate differs.
    """
    groups = {f: [m.cell.rate for m in members] for f, members in _families(models).items()}
    sizes = np.asarray([len(rates) for rates in groups.values()], dtype=float)
    count, families = int(sizes.sum()), len(groups)
    df_between, df_within = families - 1, count - families
    cannot = []
    if df_between < 1:
        cannot.append("one family: nothing lies between families")
    if df_within < 1:
        cannot.append("no family has two models: family and model are one thing")
    unknown = Interval(math.nan, math.nan)
    if cannot:
        return FamilyShare(math.nan, unknown, max(0, df_between), df_within, tuple(cannot))
    mean = sum(map(sum, groups.values())) / count
    between = sum(len(r) * (np.mean(r) - mean) ** 2 for r in groups.values()) / df_between
    within = sum(float(np.var(r)) * len(r) for r in groups.values()) / df_within
    if between + within == 0:
        same = ("every model has the same rate: there is no spread to split",)
        return FamilyShare(math.nan, unknown, df_between, df_within, same)
    n0 = (count - float(sizes @ sizes) / count) / df_between
    share = float((between - within) / (between + (n0 - 1) * within))
    ratio = between / within if within > 0 else math.inf
    tail = (1 - confidence) / 2
    ends = [
        _share(ratio / float(special.fdtri(df_between, df_within, level)), n0)
        for level in (1 - tail, tail)
    ]
    if df_within < 10:
        cannot.append(f"{df_within} degrees of freedom within families: the share is hardly known")
    return FamilyShare(
        min(1.0, max(0.0, share)), Interval(*ends), df_between, df_within, tuple(cannot)
    )


def _share(f: float, n0: float) -> float:
    return 1.0 if math.isinf(f) else min(1.0, max(0.0, (f - 1) / (f - 1 + n0)))


def _families(models: Sequence[Model]) -> dict[str, list[Model]]:
    groups: dict[str, list[Model]] = defaultdict(list)
    for model in models:
        groups[model.family].append(model)
    return dict(sorted(groups.items()))
