"""What a reader must know before the numbers."""

from __future__ import annotations

from collections.abc import Iterator

from .._grader import is_rules
from ..stats import FEW_WORLDS
from .material import Material
from .prose import names, say
from .section import Caution
from .sections.rates import is_assumed
from .sections.run import settings_text


def cautions(material: Material) -> tuple[Caution, ...]:
    """Find what speaks against taking the numbers at their face.

    Args:
        material: The samples.

    Returns:
        The cautions, the gravest first.
    """
    return tuple(
        Caution(kind, say(f"cautions.{kind}", **fields)) for kind, fields in _found(material)
    )


def _found(material: Material) -> Iterator[tuple[str, dict[str, object]]]:
    found, rows = material.summaries, material.rows
    simulated = tuple(
        m for m in material.models if any(found[k].simulated for k in found if k[0] == m)
    )
    if simulated:
        yield "simulated", {"models": names(simulated, 8)}
    assumed = tuple(c for c in material.cells if any(is_assumed(m, c) for m in material.models))
    if assumed:
        yield "assumed", {"cells": names(assumed)}
    if is_rules(material.batch.grader):
        yield "rules", {}
    selves = tuple(dict.fromkeys(model for (model, _), s in found.items() if s.self_graded))
    if selves:
        yield "self_graded", {"models": names(selves)}
    ungraded = sum(row.missing == "ungraded" for row in rows)
    if ungraded:
        yield "ungraded", {"count": ungraded, "total": len(rows)}
    if material.calibration is None:
        yield "uncalibrated", {}
    yield from _thin(material)
    yield from _mixed(material)
    yield from _incomplete(material)


def _thin(material: Material) -> Iterator[tuple[str, dict[str, object]]]:
    found = material.summaries
    if len({row.scenario for row in material.rows}) == 1:
        yield "one_prompt", {}
        return
    few = [k for k, s in found.items() if 0 < s.blackmail.clusters < FEW_WORLDS]
    if few:
        yield "few_worlds", {"cells": _named(few, material), "limit": FEW_WORLDS}


def _mixed(material: Material) -> Iterator[tuple[str, dict[str, object]]]:
    runs = material.runs
    settings = {
        m: {
            (settings_text(r.generation), settings_text(r.model_args)) for r in runs if r.model == m
        }
        for m in material.models
    }
    within = [model for model, kinds in settings.items() if len(kinds) > 1]
    if within:
        yield "mixed_generation", {"models": names(within)}
    generations = sorted({settings_text(_common(run.generation)) for run in runs})
    if len(generations) > 1:
        yield "mixed_models", {"settings": " against ".join(generations[:3])}
    versions = sorted({run.versions["am_inspect"] for run in runs})
    if len(versions) > 1:
        yield "mixed_versions", {"versions": names(versions)}
    logs: dict[tuple[str, str], int] = {}
    for run in runs:
        logs[run.model, run.cell] = logs.get((run.model, run.cell), 0) + 1
    pooled = [pair for pair, count in logs.items() if count > 1]
    if pooled:
        yield "pooled", {"cells": _named(pooled, material)}
    uneven = [
        m
        for m in material.models
        if len({frozenset(r.world for r in material.rows_of(m, c)) for c in material.cells
                if (m, c) in material.summaries}) > 1
    ]  # fmt: skip
    if uneven:
        yield "worlds_differ", {"models": names(uneven)}


def _common(generation: object) -> dict[str, object]:
    """Give settings without those that differ by design: seeds."""
    return {k: v for k, v in dict(generation).items() if k != "seed"}  # type: ignore[call-overload]


def _incomplete(material: Material) -> Iterator[tuple[str, dict[str, object]]]:
    found = material.summaries
    pairs = [(model, cell) for model in material.models for cell in material.cells]
    blank = [pair for pair in pairs if pair not in found]
    if blank:
        yield "unbalanced", {"cells": _named(blank, material)}
    unfinished = tuple(run.log for run in material.runs if not run.finished)
    if unfinished:
        yield "unfinished", {"logs": names(unfinished, 3)}
    much = [k for k, s in found.items() if sum(s.missing.values()) > 0.1 * s.planned]
    if much:
        yield "missing", {"cells": _named(much, material)}
    conflicts = sum(summary.conflicts for summary in found.values())
    if conflicts:
        yield "conflicts", {"count": conflicts}
    if material.others:
        yield "other_batches", {"count": sum(len(part.rows) for part in material.others)}
    if material.left_out:
        yield "left_out", {"count": len(material.left_out)}


def _named(pairs: list[tuple[str, str]], material: Material) -> str:
    if len(pairs) == len(material.summaries):
        return "all cells"
    return names([f"{model} {cell}" for model, cell in pairs], 4)
