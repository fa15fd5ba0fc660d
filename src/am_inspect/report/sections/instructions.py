"""What a paragraph in the system prompt changes, against none and against the placebo."""

from __future__ import annotations

import math
from dataclasses import replace

from ...stats import Homogeneity, Interval, Reduction, homogeneity, reduction
from ..axis import Mark, RatioAxis
from ..cells import cell_of, difference_of, with_cells
from ..figures import Forest
from ..material import Material
from ..prose import names, say
from ..section import Section
from ..table import Column, Table, percent
from ..words import count_text, points_text, span_text

ARMS = ("safety", "escalation", "permissive", "neutral")
BASES = ("goal_and_threat", "neutral")

FEW_EVENTS = 5
"""With fewer events in an arm a ratio by world has no interval worth the name: its standard error
follows the worlds that happened to have them."""

_AXIS = RatioAxis(16.0, (4.0, 16.0))
_COLUMNS = (
    Column("model", "model"),
    Column("arm", "instruction"),
    Column("against", "against"),
    Column("arm_count", "with it"),
    Column("base_count", "without"),
    Column("reduction", "reduction", "share"),
    Column("lower", "lower", "share"),
    Column("upper", "upper", "share"),
    Column("too_few_events", "too few events"),
    Column("difference", "difference, points"),
)


def instructions(material: Material) -> Section:
    """Show the arms' reductions.

    Args:
        material: The samples.

    Returns:
        The section.
    """
    title = say("instructions.title")
    pairs = [(arm, base) for arm in ARMS for base in BASES if arm != base]
    found = {
        (arm, base): [
            (m, reduction(cells[0], cells[1])) for m, cells in with_cells(material, arm, base)
        ]
        for arm, base in pairs
    }
    found = {pair: reductions for pair, reductions in found.items() if reductions}
    if not found:
        have = names(material.cells)
        return Section("instructions", title, absent=say("instructions.absent", have=have))
    groups, records = [], []
    for (arm, base), reductions in found.items():
        marks = [_mark(material, m, arm, base, r) for m, r in reductions]
        usable = [r for m, r in reductions if _usable(material, m, arm, base, r)]
        if len(usable) > 1:
            marks.append(_common(homogeneity(usable), len(reductions)))
        groups.append((f"{arm} against {base}", tuple(marks)))
        records += [_record(material, m, arm, base, r) for m, r in reductions]
    heads = ("model", "k of n, with / without", "reduction [95%]")
    figure = Forest(say("instructions.figure"), heads, _AXIS.ticks(), tuple(groups), 50.0)
    table = Table("instructions", say("instructions.table"), _COLUMNS, tuple(records))
    lead = (say("instructions.lead"), say("instructions.few", limit=FEW_EVENTS))
    return Section("instructions", title, lead, (figure,), (table,))


def _mark(material: Material, model: str, arm: str, base: str, found: Reduction) -> Mark:
    with_it, without = (material.summaries[model, c].blackmail for c in (arm, base))
    counts = f"{count_text(with_it)} / {count_text(without)}"
    if not _usable(material, model, arm, base, found):
        return Mark(model, counts, say("instructions.too_few"))
    text = f"{percent(found.value)} {span_text(found.interval)}"
    return _AXIS.mark(model, counts, text, found.ratio.value, found.ratio.interval)


def _usable(material: Material, model: str, arm: str, base: str, found: Reduction) -> bool:
    """Whether there is an interval, and events enough to trust it."""
    if math.isnan(found.value) or found.ratio.method == "not_defined":
        return False
    if found.ratio.method != "clustered_log_t":
        return True
    events = [material.summaries[model, cell].blackmail.events for cell in (arm, base)]
    return min(events) >= FEW_EVENTS


def _common(found: Homogeneity, models: int) -> Mark:
    label = say("instructions.common", used=found.models, models=models)
    spread = say("instructions.spread", p=f"{found.p_value:.2g}", i2=f"{100 * found.i2:.0f}%")
    text = f"{percent(found.pooled)} {span_text(found.interval)}"
    ends = Interval(1 - found.interval.upper, 1 - found.interval.lower)
    return replace(_AXIS.mark(label, spread, text, 1 - found.pooled, ends), tone="other")


def _record(
    material: Material, model: str, arm: str, base: str, found: Reduction
) -> dict[str, object]:
    points = difference_of(cell_of(material, model, arm), cell_of(material, model, base))
    return {
        "model": model,
        "arm": arm,
        "against": base,
        "arm_count": count_text(material.summaries[model, arm].blackmail),
        "base_count": count_text(material.summaries[model, base].blackmail),
        "reduction": found.value,
        "lower": found.interval.lower,
        "upper": found.interval.upper,
        "ratio": found.ratio.value,
        "method": found.ratio.method.replace("_", " "),
        "difference": points_text(points.value, points.interval),
        "difference_value": points.value,
        "difference_lower": points.interval.lower,
        "difference_upper": points.interval.upper,
        "too_few_events": not _usable(material, model, arm, base, found),
    }
