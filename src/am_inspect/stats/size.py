"""What model sizes can say about the rate, and what they cannot."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .contrasts import Contrast, Counts
from .family import Model, by_family
from .strata import StratifiedDifference, Stratum, stratified_difference
from .world_contrasts import Answers, world_contrast


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
    groups, cannot = by_family(models), []
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
