"""Rates against size, within families."""

from __future__ import annotations

import math

from ...stats import Model, family_share, size_effect
from ..axis import Tick, share_axis
from ..cells import Cell, cell_of
from ..families import Kin, kin_of
from ..material import Material
from ..plane import Plane, Point
from ..prose import names, say
from ..section import Section
from ..table import Column, Table, percent
from ..words import count_text, points_text, rate_text, span_text

CELL = "goal_and_threat"

_COLUMNS = (
    Column("model", "model"),
    Column("family", "family"),
    Column("size_b", "parameters, billions", "number"),
    Column("count", "blackmail"),
    Column("rate", "rate", "rate"),
    Column("lower", "lower", "share"),
    Column("upper", "upper", "share"),
)


def family(material: Material) -> Section:
    """Show rates by family and size.

    Args:
        material: The samples.

    Returns:
        The section.
    """
    title, found = say("family.title"), []
    for model in material.models:
        cell = cell_of(material, model, CELL)
        if cell is not None:
            found.append((model, kin_of(model), cell))
    known = [(m, kin, c) for m, kin, c in found if not math.isnan(kin.size_b)]
    if len(known) < 2:
        return Section("family", title, absent=say("family.absent", cell=CELL))
    unknown = [model for model, kin, _ in found if math.isnan(kin.size_b)]
    lead = [say("family.lead", cell=CELL), *_tested(found)]
    if unknown:
        lead.append(say("family.unknown", models=names(unknown)))
    records = tuple(_record(material, model, kin) for model, kin, _ in found)
    table = Table("family", say("family.table"), _COLUMNS, records)
    plane = _plane(material, [(model, kin) for model, kin, _ in known])
    return Section("family", title, tuple(lead), (plane,), (table,))


def _tested(found: list[tuple[str, Kin, Cell]]) -> list[str]:
    models = [Model(model, kin.family, kin.size_b, cell) for model, kin, cell in found]
    effect, share = size_effect(models), family_share(models)
    said = []
    within = effect.by_world or effect.of_counts
    if within is not None:
        text = points_text(within.value, within.interval)
        said.append(say("family.size", families=names(effect.families), value=text))
    if not math.isnan(share.share):
        said.append(
            say("family.share", value=percent(share.share), interval=span_text(share.interval))
        )
    cannot = dict.fromkeys((*effect.cannot, *share.cannot))
    if cannot:
        said.append(say("family.cannot", what="; ".join(cannot)))
    return said


def _record(material: Material, model: str, kin: Kin) -> dict[str, object]:
    rate = material.summaries[model, CELL].blackmail
    return {
        "model": model,
        "family": kin.family,
        "size_b": kin.size_b,
        "count": count_text(rate),
        "rate": rate.value,
        "lower": rate.interval.lower,
        "upper": rate.interval.upper,
    }


def _plane(material: Material, models: list[tuple[str, Kin]]) -> Plane:
    families = tuple(
        dict.fromkeys(kin.family for _, kin in sorted(models, key=lambda m: m[1].family))
    )
    rates = {model: material.summaries[model, CELL].blackmail for model, _ in models}
    axis = share_axis(rate.interval.upper for rate in rates.values())
    sizes = [kin.size_b for _, kin in models]
    low, high = math.log(min(sizes) / 1.4), math.log(max(sizes) * 1.4)

    def across(size: float) -> float:
        return round(100 * (math.log(size) - low) / (high - low), 2)

    ticks = [s for s in (0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000) if low <= math.log(s) <= high]
    points = tuple(
        Point(
            model.rpartition("/")[2],
            across(kin.size_b),
            axis.place(rates[model].value),
            axis.place(rates[model].interval.lower),
            axis.place(rates[model].interval.upper),
            families.index(kin.family),
        )
        for model, kin in models
    )
    alt = "; ".join(f"{m}, {kin.size_b:g} billion: {rate_text(rates[m])}" for m, kin in models)
    return Plane(
        say("family.figure", cell=CELL),
        say("family.x"),
        "rate",
        tuple(Tick(across(size), f"{size:g}") for size in ticks),
        axis.ticks(),
        points,
        families,
        alt,
    )
