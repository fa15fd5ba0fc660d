"""Goal by threat: the four cells of each model and their interaction."""

from __future__ import annotations

from ...stats import BothNeeded, Contrast, both_needed
from ..axis import Axis
from ..cells import Cell, with_cells
from ..figures import Square, Squares
from ..material import Material
from ..prose import names, say
from ..section import Section
from ..table import Column, Table
from ..words import count_text, points_text
from .rates import shade

CELLS = ("control", "threat_only", "goal_only", "goal_and_threat")

_AXIS = Axis(-1.0, 1.0, 0.5)
_COLUMNS = (
    Column("model", "model"),
    *(Column(cell, cell) for cell in CELLS),
    Column("over_goal", "both − goal only"),
    Column("over_threat", "both − threat only"),
    Column("interaction", "interaction"),
    Column("p_value", "p, both tests", "number"),
    Column("need", "outcome"),
)


def square(material: Material) -> Section:
    """Show whether it takes goal and threat together.

    Args:
        material: The samples.

    Returns:
        The section.
    """
    title = say("square.title")
    models = with_cells(material, *CELLS)
    if not models:
        have = names(material.cells)
        return Section("square", title, absent=say("square.absent", have=have))
    found = [(model, _tested(cells)) for model, cells in models]
    figure = Squares(
        say("square.figure"),
        tuple(_square(material, model, tested) for model, tested in found),
        _AXIS.ticks(),
    )
    records = tuple(_record(material, model, tested) for model, tested in found)
    table = Table("square", say("square.table"), _COLUMNS, records)
    return Section("square", title, (say("square.lead"),), (figure,), (table,))


def _tested(cells: list[Cell]) -> BothNeeded:
    control, threat, goal, both = cells
    return both_needed(both, goal, threat, control)


def _square(material: Material, model: str, tested: BothNeeded) -> Square:
    first, second, third, fourth = (shade(material.summaries[model, cell]) for cell in CELLS)
    found = tested.interaction
    text = points_text(found.value, found.interval)
    mark = _AXIS.mark(model, "", text, found.value, found.interval, "other")
    return Square(model, (first, second, third, fourth), mark, tested.sentence)


def _record(material: Material, model: str, tested: BothNeeded) -> dict[str, object]:
    contrasts = {
        "over_goal": tested.over_goal,
        "over_threat": tested.over_threat,
        "interaction": tested.interaction,
    }
    counts = {c: count_text(material.summaries[model, c].blackmail) for c in CELLS}
    record: dict[str, object] = {"model": model, **counts}
    for name, contrast in contrasts.items():
        record |= {name: points_text(contrast.value, contrast.interval), **_parts(name, contrast)}
    return record | {
        "p_value": tested.p_value,
        "need": tested.need.replace("_", " "),
        "sentence": tested.sentence,
    }


def _parts(name: str, contrast: Contrast) -> dict[str, object]:
    return {
        f"{name}_value": contrast.value,
        f"{name}_lower": contrast.interval.lower,
        f"{name}_upper": contrast.interval.upper,
        f"{name}_method": contrast.method,
    }
