"""A report from its material: all sections in order."""

from __future__ import annotations

from .cautions import cautions
from .material import Material
from .prose import names, say
from .section import Fact, Report
from .sections.family import family
from .sections.findings import findings
from .sections.funnel import funnel
from .sections.grader import grader
from .sections.instructions import instructions
from .sections.missing import missing
from .sections.published import published
from .sections.rates import rates
from .sections.run import run
from .sections.samples import LISTED, samples
from .sections.square import square
from .sections.strategies import strategies


def build_report(material: Material, *, listed: int = LISTED) -> Report:
    """Build a report.

    Args:
        material: The samples of one batch, counted up.
        listed: How many samples are listed at most.

    Returns:
        The report, in no format yet.
    """
    return Report(
        say("title"),
        say("intro"),
        tuple(_facts(material)),
        cautions(material),
        (
            findings(material),
            rates(material),
            square(material),
            instructions(material),
            funnel(material),
            family(material),
            strategies(material),
            missing(material),
            grader(material),
            published(material),
            run(material),
            samples(material, listed=listed),
        ),
    )


def _facts(material: Material) -> list[Fact]:
    batch, days = material.batch, sorted(run.created[:10] for run in material.runs)
    answers = sum(s.blackmail.answers for s in material.summaries.values())
    versions = sorted({run.versions["am_inspect"] for run in material.runs})
    found = {
        "models": f"{len(material.models)}: {names(material.models, 8)}",
        "cells": f"{len(material.cells)}: {names(material.cells, 8)}",
        "worlds": f"{len(material.worlds)}: {names(material.worlds, 4)}",
        "samples": f"{len(material.rows):,} planned, {answers:,} answers",
        "grader": batch.grader or "nobody",
        "form": f"{batch.protocol}, {batch.delivery}, {batch.tools_used} protocol",
        "versions": f"am_inspect {names(versions)}, dataset {batch.dataset_sha[:8]}",
        "dates": days[0] if days[0] == days[-1] else f"{days[0]} to {days[-1]}",
    }
    return [Fact(say(f"facts.{key}"), value) for key, value in found.items()]
