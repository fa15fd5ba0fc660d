"""A cell's answers as the contrasts of `stats` take them."""

from __future__ import annotations

from ..stats import Answers, Contrast, Counts, difference, world_difference
from .material import Material

Cell = Answers | Counts


def cell_of(material: Material, model: str, cell: str) -> Cell | None:
    """Give the answers of a model in a cell.

    Args:
        material: The samples.
        model: The model.
        cell: The cell.

    Returns:
        By world; counts where there is one world only, so that a contrast holds for this prompt
        alone; None without an answer.
    """
    rows = material.answers_of(model, cell)
    if not rows:
        return None
    values = [row.blackmail or 0 for row in rows]
    if len(material.worlds) < 2:
        return Counts(sum(values), len(values))
    return Answers(values, [row.world for row in rows])


def with_cells(material: Material, *cells: str) -> list[tuple[str, list[Cell]]]:
    """Give the models that have answers in all of the cells, with these answers."""
    found = []
    for model in material.models:
        own = [cell_of(material, model, cell) for cell in cells]
        given = [cell for cell in own if cell is not None]
        if len(given) == len(cells) and _comparable(given):
            found.append((model, given))
    return found


def difference_of(first: Cell | None, second: Cell | None) -> Contrast:
    """Give the difference of two rates, first less second, by world or by counts.

    Raises:
        TypeError: If one is missing, or counts are compared with answers by world.
    """
    if isinstance(first, Answers) and isinstance(second, Answers):
        return world_difference(first, second)
    if isinstance(first, Counts) and isinstance(second, Counts):
        return difference(first, second)
    raise TypeError("a difference needs two cells of one kind")


def _comparable(cells: list[Cell]) -> bool:
    """Whether a contrast between cells can be made: by world it takes two worlds in all."""
    worlds = {str(w) for cell in cells if isinstance(cell, Answers) for w in cell.worlds}
    return len(worlds) != 1
