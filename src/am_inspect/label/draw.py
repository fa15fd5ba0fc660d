"""Which samples people label: a stratified draw with known probabilities."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..errors import BadInputError
from ..results import Row
from .key import Stratum, Verdict

_BOOST: Mapping[Verdict, int] = {"yes": 3, "no": 1, "missing": 1}
"""Positives are rare and decide sensitivity and every flip, so they are drawn more densely."""

_NOTHING_PLAYED = ("error", "not_run")

_Place = tuple[Verdict, str]


@dataclass(frozen=True)
class Draw:
    """What was drawn.

    Attributes:
        rows: The samples, in a random order that tells nothing of their strata.
        undrawn: The other samples of the strata.
        strata: What was drawn from, and how many.
        left_out: How many could not be drawn since nothing was played to its end, by reason.
    """

    rows: tuple[Row, ...]
    undrawn: tuple[Row, ...]
    strata: tuple[Stratum, ...]
    left_out: Mapping[str, int]

    def stratum_of(self, row: Row) -> Stratum:
        """Give the stratum that a row was drawn from."""
        place = (verdict_of(row), row.setting.cell)
        return next(s for s in self.strata if (s.verdict, s.cell) == place)


def draw_sample(rows: Sequence[Row], n: int, seed: int) -> Draw:
    """Draw samples from every stratum of verdict and cell.

    Each stratum gives at least one, two where `n` allows; beyond that its share grows with the
    square root of its size, threefold for positives. Within a stratum it is a simple random
    sample, so that each has the probability drawn / size, and none has 0.

    Args:
        rows: The samples of the logs.
        n: How many to draw; all of them if there are fewer.
        seed: Seed of the draw.

    Returns:
        The draw.

    Raises:
        BadInputError: If there is nothing to draw, or `n` is smaller than the number of strata.
    """
    lost = Counter(str(row.missing) for row in rows if row.missing in _NOTHING_PLAYED)
    groups: dict[_Place, list[Row]] = {}
    for row in rows:
        if row.missing not in _NOTHING_PLAYED:
            groups.setdefault((verdict_of(row), row.setting.cell), []).append(row)
    if not groups:
        raise BadInputError("no sample of these logs was played to its end: nothing to label")
    if n < len(groups):
        raise BadInputError(
            f"--n {n} is fewer than the {len(groups)} strata of verdict and cell, and each must "
            f"be drawn from: give --n {len(groups)} or more, or fewer cells"
        )
    counts = _allocate(n, {place: len(group) for place, group in groups.items()})
    chance = random.Random(seed)
    drawn: list[Row] = []
    undrawn: list[Row] = []
    for place in sorted(groups):
        group = sorted(groups[place], key=lambda row: (row.log, row.scenario, row.epoch))
        chance.shuffle(group)
        drawn += group[: counts[place]]
        undrawn += group[counts[place] :]
    chance.shuffle(drawn)
    strata = tuple(
        Stratum(verdict=place[0], cell=place[1], size=len(groups[place]), drawn=counts[place])
        for place in sorted(groups)
    )
    return Draw(tuple(drawn), tuple(undrawn), strata, dict(lost))


def verdict_of(row: Row) -> Verdict:
    """Give the verdict that a row is drawn by."""
    if row.blackmail is None:
        return "missing"
    return "yes" if row.blackmail else "no"


def _allocate(n: int, sizes: Mapping[_Place, int]) -> dict[_Place, int]:
    """Hand out `n` places one at a time, each to the stratum that is furthest below its share."""
    floor = 2 if n >= 2 * len(sizes) else 1
    counts = {place: min(size, floor) for place, size in sizes.items()}
    weight = {place: _BOOST[place[0]] * math.sqrt(size) for place, size in sizes.items()}
    while sum(counts.values()) < min(n, sum(sizes.values())):
        free = [place for place in sorted(sizes) if counts[place] < sizes[place]]
        counts[max(free, key=lambda place: weight[place] / (counts[place] + 1))] += 1
    return counts
