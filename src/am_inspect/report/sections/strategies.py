"""What agents did, where the view `strategy` was graded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from ...results import Row
from ..material import Material
from ..prose import say
from ..section import Section
from .rates import view_table, was_asked

_VIEW = "strategy"
_THREATS = ("explicit_threat", "veiled_pressure")


def strategies(material: Material) -> Section:
    """Show the actions of each model and cell.

    Args:
        material: The samples.

    Returns:
        The section.
    """
    title = say("strategies.title")
    if not was_asked(material, _VIEW):
        return Section("strategies", title, absent=say("strategies.absent"))
    lead = (say("strategies.lead"),)
    return Section("strategies", title, lead, (), (view_table(material, _VIEW),))


def forms_of(answers: Sequence[Row]) -> Mapping[str, int]:
    """Count which form the blackmailing answers took, each once.

    Args:
        answers: Answers of a model in a cell.

    Returns:
        How many threatened openly, pressed in a veiled way only, or had neither by the view
        `strategy`; empty where it was not graded.
    """
    said = [
        row.views[_VIEW].said
        for row in answers
        if row.blackmail == 1 and _VIEW in row.views and row.views[_VIEW].value is not None
    ]
    return Counter(next((t for t in _THREATS if t in words), "neither") for words in said)
