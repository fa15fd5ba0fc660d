"""The claim that size does not predict the rate."""

from __future__ import annotations

from collections.abc import Sequence

from ..stats import Model, shown, size_effect
from .finding import Finding, ModelCell, Verdict, of_cell, percent, span, unknown

CLAIM = "A model's size does not predict its rate."
MEASURED = "rate of the larger less that of the smaller model, within families"

SAME = 0.05
"""Differences under this, either way, are called none."""


def size_says_nothing(rows: Sequence[ModelCell], *, cell: str = "goal_and_threat") -> Finding:
    """Compare the largest with the smallest model of each family that has two sizes.

    `size_effect`: across families size and family are one thing. Contradicted if the two-sided
    test (exact within strata, or paired by world) rejects at .05; supported only if the 90%
    interval lies within -+`SAME` (two one-sided tests: Schuirmann, Journal of Pharmacokinetics
    and Biopharmaceutics 15, 1987); else not identified: no difference seen is not none shown.

    Args:
        rows: Rows of any cells.
        cell: The cell in which sizes are compared.

    Returns:
        The finding.
    """
    own = of_cell(rows, cell)
    models = [Model(row.model, row.family, row.size_b, row.blackmail) for row in own.values()]
    found, narrow = size_effect(models), size_effect(models, confidence=0.90)
    limits = "; ".join(found.cannot)
    if found.of_counts and narrow.of_counts:
        of = found.of_counts
        value, ends, p = of.value, of.interval, of.p_two_sided
        inner = narrow.of_counts.interval
        counts = f"{shown(of.first)} with the larger models against {shown(of.second)}"
    elif found.by_world and narrow.by_world:
        world = found.by_world
        value, ends, inner = world.value, world.interval, narrow.by_world.interval
        p = min(1.0, 2 * min(world.p_greater, 1 - world.p_greater))
        counts = f"larger less smaller {percent(value)} {span(ends)}"
    else:
        why = f"No family has two sizes in {cell}, so size cannot be told from family"
        return unknown(CLAIM, MEASURED, f"{why} ({limits})." if limits else f"{why}.")
    families = " and ".join(found.families)
    verdict: Verdict = "not_identified"
    if p < 0.05:
        verdict = "contradicted"
        way = "higher" if value > 0 else "lower"
        words = f"Within {families} the larger model has the {way} rate"
    elif inner.lower > -SAME and inner.upper < SAME:
        verdict = "supported"
        words = f"Within {families} the rates of two sizes differ by less than {percent(SAME)}"
    else:
        words = f"Within {families} neither a difference between sizes nor its absence is shown"
    sentence = f"{words}: {counts} (p = {p:.2g}); {limits}."
    return Finding(CLAIM, value, ends, MEASURED, p, verdict, sentence)
