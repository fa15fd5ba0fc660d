"""What model families can say about the rate, and what they cannot."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from ._clusters import anova_icc, average_size
from .cell import Cell, pooled
from .rates import Interval


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
    cell: Cell


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


def family_share(models: Sequence[Model], *, confidence: float = 0.95) -> FamilyShare:
    """Split the spread of the models' observed rates into between and within families.

    One-way random effects analysis of variance: (MSB - MSW) / (MSB + (n0 - 1) MSW), n0 the
    average number of models a family (Donner, International Statistical Review 54, 1986); the
    interval is Searle's (Linear Models, 1971, chapter 9), exact for equally many normal rates a
    family. Rates are skewed and carry sampling error, which counts as within: MSW is at least
    the mean binomial variance of the rates, (k + 1/2) / (n + 1) for each, so that models of a
    family that happen to show equal counts do not make the share certain.

    Args:
        models: Models of one cell.
        confidence: Two-sided level.

    Returns:
        The share. Not identified without two families, without a family of two models, or if no
        rate differs.
    """
    groups = {f: [m.cell.rate for m in members] for f, members in by_family(models).items()}
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
    within = max(within, float(np.mean([_sampling_variance(m.cell) for m in models])))
    n0 = average_size(sizes)
    share = anova_icc(float(between), within, n0)
    ratio = float(between / within)
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
    return min(1.0, max(0.0, (f - 1) / (f - 1 + n0)))


def _sampling_variance(cell: Cell) -> float:
    counts = pooled(cell)
    rate = (counts.events + 0.5) / (counts.answers + 1)
    return rate * (1 - rate) / counts.answers


def by_family(models: Sequence[Model]) -> dict[str, list[Model]]:
    """Group models by family, families by name."""
    groups: dict[str, list[Model]] = defaultdict(list)
    for model in models:
        groups[model.family].append(model)
    return dict(sorted(groups.items()))
