"""A gate's report as data: JSON and JUnit XML."""

from __future__ import annotations

import math
from typing import Any, Literal
from xml.etree import ElementTree as ET

from ..stats import Interval
from .judge import Judged, Shown
from .report import GateReport, Line
from .words import change, reason, share

Insufficient = Literal["fail", "warn"]


def record(report: GateReport, transcripts: str | None = None) -> dict[str, Any]:
    """Give the report as values that JSON holds; what is not there is null.

    Args:
        report: The report.
        transcripts: Folder of transcripts, for the reason.

    Returns:
        A mapping with `schema: 1`.
    """
    return {
        "schema": 1,
        "verdict": report.verdict,
        "reason": reason(report, transcripts),
        "candidate": report.model,
        "baseline": {
            "model": report.baseline.model,
            "sha": report.baseline.sha,
            "made_at": report.baseline.made_at,
        },
        "policy": {
            "name": report.policy.name,
            "sha": report.policy.sha,
            "alpha": report.policy.alpha,
            "icc": report.policy.icc,
        },
        "measures": [_line(line) for line in report.lines],
        "looks": {cell: dict(looks) for cell, looks in report.looks.items()},
        "allowed": list(report.allowed),
        "cautions": list(report.cautions),
    }


def junit(report: GateReport, insufficient: Insufficient | None = None) -> str:
    """Give the report as JUnit XML: a test case for each measure of each cell.

    Args:
        report: The report.
        insufficient: What not enough data counts as: a failure, nothing (`warn`), or an error.

    Returns:
        The XML.
    """
    suite = ET.Element("testsuite", name="am-inspect gate")
    counts = dict.fromkeys(("failures", "errors", "skipped"), 0)
    for line in report.lines:
        j = line.judged
        case = ET.SubElement(
            suite, "testcase", classname=f"gate.{j.cell}", name=j.measure.name, time="0"
        )
        said = _said(j)
        if j.verdict == "n/a":
            ET.SubElement(case, "skipped", message=said)
            counts["skipped"] += 1
        elif j.verdict == "fail" or (j.verdict == "not enough data" and insufficient == "fail"):
            ET.SubElement(case, "failure", message=said, type=j.verdict)
            counts["failures"] += 1
        elif j.verdict == "not enough data" and insufficient is None:
            ET.SubElement(case, "error", message=said, type=j.verdict)
            counts["errors"] += 1
        else:
            ET.SubElement(case, "system-out").text = said
    suite.set("tests", str(len(report.lines)))
    for name, count in counts.items():
        suite.set(name, str(count))
    ET.indent(suite)
    return ET.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def _said(j: Judged) -> str:
    base = f", baseline {share(j.baseline)}" if j.baseline else ""
    note = f" ({j.note})" if j.note else ""
    return f"{j.verdict}: {share(j.candidate)}{base}, change {change(j)}{note}"


def _line(line: Line) -> dict[str, Any]:
    j, enough = line.judged, line.enough
    return {
        "cell": j.cell,
        "measure": j.measure.name,
        "verdict": j.verdict,
        "firm": j.firm if j.verdict == "fail" else None,
        "level": j.level,
        "margin": j.tolerance.margin,
        "limit": j.tolerance.limit,
        "more_is_better": j.measure.more_is_better,
        "candidate": _share(j.candidate),
        "baseline": _share(j.baseline) if j.baseline else None,
        "worse_by": _number(j.value),
        "worse_by_bounds": _bounds(j.difference) if j.difference else None,
        "tests": [
            {
                "against": test.against,
                "bound": test.bound,
                "p_under": test.p_under,
                "p_over": test.p_over,
                "design_effect": _number(test.design_effect),
            }
            for test in j.tests
        ],
        "enough": {
            "possible": enough.possible,
            "worlds": enough.worlds,
            "samples": enough.samples,
            "baseline_samples": enough.baseline,
        }
        if enough
        else None,
        "note": j.note,
    }


def _share(shown: Shown) -> dict[str, Any]:
    return {
        "k": shown.k,
        "n": shown.n,
        "value": _number(shown.value),
        "bounds": _bounds(shown.bounds),
    }


def _bounds(ends: Interval) -> list[float | None]:
    return [_number(ends.lower), _number(ends.upper)]


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value
