"""By how much a line of instruction lowers the rate, and whether models agree in it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from .cell import Cell
from .contrasts import Contrast, Counts, ratio
from .rates import Interval
from .world_contrasts import Answers, world_ratio


@dataclass(frozen=True)
class Reduction:
    """A relative reduction: 1 less the ratio of rates.

    Attributes:
        value: .46 is 46% fewer; negative where the rate rose; NaN if the base has no event.
        interval: Its interval; the lower end may be -infinity.
        ratio: The ratio of rates that it is made of, with its method.
    """

    value: float
    interval: Interval
    ratio: Contrast


@dataclass(frozen=True)
class InstructionEffect:
    """What a line does, against both things that it can be held against.

    Attributes:
        against_none: Reduction from the cell without any such paragraph.
        against_neutral: Reduction from the placebo paragraph: what the line says, not that there
            is one. None where the placebo was not run.
    """

    against_none: Reduction
    against_neutral: Reduction | None


@dataclass(frozen=True)
class Homogeneity:
    """Reductions of several models put together.

    Attributes:
        pooled: Common reduction by inverse variance of the log ratios.
        interval: Its interval, for these models.
        q: Cochran's Q; NaN with fewer than two ratios.
        p_value: Of Q; a large one does not show that models agree.
        i2: Share of the spread beyond chance, 0 to 1 (Higgins and Thompson, Statistics in
            Medicine 21, 2002).
        models: How many ratios went in.
        left_out: How many had no finite log ratio.
    """

    pooled: float
    interval: Interval
    q: float
    p_value: float
    i2: float
    models: int
    left_out: int


def instruction_effect(
    line: Cell, none: Cell, neutral: Cell | None = None, *, confidence: float = 0.95
) -> InstructionEffect:
    """Compare a line with no paragraph and with the neutral one.

    Args:
        line: Answers under the line, `safety` for instance.
        none: Answers without a paragraph (goal_and_threat).
        neutral: Answers under the placebo, if it was run.
        confidence: Two-sided level.

    Returns:
        The reductions. Only the one against the placebo speaks of the line's content.

    Raises:
        TypeError: If counts and answers are mixed.
    """
    against_neutral = None if neutral is None else reduction(line, neutral, confidence=confidence)
    return InstructionEffect(reduction(line, none, confidence=confidence), against_neutral)


def reduction(line: Cell, base: Cell, *, confidence: float = 0.95) -> Reduction:
    """Give 1 - rate / base rate with the interval of the ratio turned round.

    `ratio` (Katz) for counts of one prompt, `world_ratio` (t, W - 1) for answers by world.

    Args:
        line: Answers under the line.
        base: Answers that it is held against.
        confidence: Two-sided level.

    Returns:
        The reduction.

    Raises:
        TypeError: If counts and answers are mixed.
    """
    if isinstance(line, Counts) and isinstance(base, Counts):
        found = ratio(line, base, confidence=confidence)
    elif isinstance(line, Answers) and isinstance(base, Answers):
        found = world_ratio(line, base, confidence=confidence)
    else:
        raise TypeError("counts and answers by world cannot be compared with each other")
    return Reduction(
        1 - found.value, Interval(1 - found.interval.upper, 1 - found.interval.lower), found
    )


def homogeneity(reductions: Sequence[Reduction], *, confidence: float = 0.95) -> Homogeneity:
    """Pool reductions of several models and test whether they differ.

    Fixed effect, Cochran's Q (Biometrics 10, 1954) and I2, by statsmodels. The variance of each
    log ratio is read off its interval, by the normal quantile: with few worlds, where the
    interval is a t interval, that makes weights smaller and Q conservative.

    Args:
        reductions: One a model, all at the level `confidence`.
        confidence: Two-sided level.

    Returns:
        The common reduction and the test.
    """
    usable = [r.ratio for r in reductions if r.ratio.method in ("katz", "clustered_log_t")]
    left_out = len(reductions) - len(usable)
    z = float(special.ndtri((1 + confidence) / 2))
    logs = [math.log(r.value) for r in usable]
    widths = [math.log(r.interval.upper / r.interval.lower) / (2 * z) for r in usable]
    if len(usable) < 2:
        value = 1 - usable[0].value if usable else math.nan
        low, high = (
            (usable[0].interval.lower, usable[0].interval.upper) if usable else (0, math.inf)
        )
        ends = Interval(1 - high, 1 - low)
        return Homogeneity(value, ends, math.nan, math.nan, math.nan, len(usable), left_out)
    # Imported here because it costs over a second.
    from statsmodels.stats.meta_analysis import combine_effects

    with np.errstate(divide="ignore", invalid="ignore"):  # its I2 of reductions that are all alike
        found = combine_effects(np.asarray(logs), np.asarray(widths) ** 2, alpha=1 - confidence)
    mean, error = float(found.mean_effect_fe), float(found.sd_eff_w_fe)
    q, df = float(found.q), len(usable) - 1
    i2 = max(0.0, 1 - df / q) if q > 0 else 0.0
    ends = Interval(1 - math.exp(mean + z * error), 1 - math.exp(mean - z * error))
    p = float(special.chdtrc(df, q))
    return Homogeneity(1 - math.exp(mean), ends, q, p, i2, len(usable), left_out)
