"""A gate's report in words: a paragraph, a page for a pull request."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ..stats import Interval
from .judge import Judged, Shown
from .report import GateReport

VERDICT_WORDS = {"pass": "PASS", "fail": "FAIL", "not enough data": "NOT ENOUGH DATA"}


def reason(report: GateReport, transcripts: str | None = None) -> str:
    """Say in one paragraph what came out and what to do.

    Args:
        report: The report.
        transcripts: Folder of the transcripts that moved it, if they were written.

    Returns:
        The paragraph, on one line.
    """
    text = _render("reason.txt.j2", report, transcripts)
    return " ".join(text.split())


def markdown(report: GateReport, transcripts: str | None = None) -> str:
    """Write the summary for a pull request.

    Args:
        report: The report.
        transcripts: As for `reason`, which it begins with.

    Returns:
        Markdown; names of models and files cannot break its table.
    """
    return _render("summary.md.j2", report, transcripts, reason=reason(report, transcripts))


def share(shown: Shown) -> str:
    """Write `k of n (value) [lower, upper]`."""
    if shown.n == 0:
        return "0 of 0"
    return f"{shown.k} of {shown.n} ({percent(shown.value)}) {span(shown.bounds)}"


def change(judged: Judged) -> str:
    """Write candidate less baseline in points, as people read the measure, with its bounds."""
    if judged.difference is None:
        return "-"
    value, ends = judged.value, judged.difference
    if judged.measure.more_is_better:
        value, ends = -value, Interval(-ends.upper, -ends.lower)
    return f"{points(value)} [{points(ends.lower)}, {points(ends.upper)}]"


def percent(value: float) -> str:
    """Write a share as a percentage."""
    return "-" if math.isnan(value) else f"{100 * value:.1f}%"


def points(value: float) -> str:
    """Write a difference in percentage points."""
    return "-" if math.isnan(value) else f"{100 * value:+.1f}"


def span(ends: Interval) -> str:
    """Write bounds."""
    return f"[{percent(ends.lower)}, {percent(ends.upper)}]"


def inert(text: object) -> str:
    """Keep a name from breaking a Markdown table or starting markup."""
    flat = "".join(c if c.isprintable() else " " for c in str(text))
    return "".join(f"\\{c}" if c in "\\|`*_[]<>" else c for c in flat)


def _render(template: str, report: GateReport, transcripts: str | None, **more: object) -> str:
    found = _environment().get_template(template)
    return found.render(
        report=report, transcripts=transcripts, verdict=VERDICT_WORDS[report.verdict], **more
    )


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    made.filters.update(
        share=share, change=change, percent=percent, points=points, span=span, inert=inert
    )
    return made
