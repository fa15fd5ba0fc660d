"""Samples without an answer, by reason, with the bounds that they leave."""

from __future__ import annotations

from typing import get_args

from ...results import Missing
from ...summary import CellSummary
from ..figures import Bar, Bars, pieces
from ..material import Material
from ..prose import say
from ..section import Section
from ..table import Column, Table

KINDS: tuple[str, ...] = get_args(Missing)

_COLUMNS = (
    Column("model", "model"),
    Column("cell", "cell"),
    Column("planned", "planned", "number"),
    Column("missing", "missing", "number"),
    *(Column(kind, kind.replace("_", " "), "number") for kind in KINDS),
    Column("bound_lower", "all no", "share"),
    Column("bound_upper", "all yes", "share"),
)


def missing(material: Material) -> Section:
    """Show what gave no answer.

    Args:
        material: The samples.

    Returns:
        The section.
    """
    table = Table("missing", say("missing.table"), _COLUMNS, tuple(_records(material)))
    total = sum(sum(s.missing.values()) for s in material.summaries.values())
    if total == 0:
        planned = f"{len(material.rows):,}"
        lead = say("missing.complete", planned=planned)
        return Section("missing", say("missing.title"), (lead,), (), (table,))
    return Section(
        "missing", say("missing.title"), (say("missing.lead"),), (_bars(material),), (table,)
    )


def _records(material: Material) -> list[dict[str, object]]:
    return [
        {
            "model": model,
            "cell": cell,
            "planned": summary.planned,
            "missing": sum(summary.missing.values()),
            **{kind: summary.missing.get(kind, 0) for kind in KINDS},
            "bound_lower": summary.bounds.lower,
            "bound_upper": summary.bounds.upper,
        }
        for (model, cell), summary in material.summaries.items()
    ]


def _bars(material: Material) -> Bars:
    """Draw a bar a model, its cells together, on a scale that ends at the longest."""
    by_model: dict[str, list[CellSummary]] = {model: [] for model in material.models}
    for (model, _), summary in material.summaries.items():
        by_model[model].append(summary)
    planned = {model: sum(s.planned for s in found) for model, found in by_model.items()}
    counts = {
        model: {kind: sum(s.missing.get(kind, 0) for s in found) for kind in KINDS}
        for model, found in by_model.items()
    }
    longest = max(sum(counts[model].values()) / planned[model] for model in by_model)
    bars = []
    for model, found in counts.items():
        gone = sum(found.values())
        laid = pieces([(k, n, k) for k, n in found.items()], round(planned[model] * longest))
        share = f"{gone:,} of {planned[model]:,} ({100 * gone / planned[model]:.1f}%)"
        kinds = ", ".join(f"{kind.replace('_', ' ')} {n}" for kind, n in found.items() if n)
        bars.append(Bar(model, laid, share, kinds))
    present = [kind for kind in KINDS if any(found[kind] for found in counts.values())]
    return Bars(
        say("missing.figure"),
        ("model", "missing of planned", "by reason"),
        (("", tuple(bars)),),
        tuple((kind.replace("_", " "), kind) for kind in present),
    )
