"""A report as one HTML page that loads nothing: no network, no script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from .._version import __version__
from .prose import say
from .section import Report
from .table import Table, shown

_TEMPLATES = Path(__file__).parent / "templates"


def to_html(report: Report, *, linked: bool) -> str:
    """Render a report as a page.

    The page holds no script. Its policy forbids everything but its own style sheet, by hash, so
    that a text from a log or a model stays text even if it should ever slip through the escaping.

    Args:
        report: The report.
        linked: Whether the samples' transcripts are addresses of a viewer, not commands.

    Returns:
        The page.
    """
    style = " ".join((_TEMPLATES / "page.css").read_text(encoding="utf-8").split())
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    page = _environment().get_template("page.html.j2")
    return page.render(
        report=report,
        linked=linked,
        policy=policy,
        style=Markup(style),  # our own file, not escaped so that its hash fits
        footer=say("footer", version=__version__),
    )


def inert(value: Any) -> Any:
    """Show control and direction characters instead of sending them to the browser."""
    if isinstance(value, Markup) or not isinstance(value, str) or value.isprintable():
        return value
    return "".join(c if c.isprintable() or c == " " else repr(c)[1:-1] for c in value)


def _environment() -> Environment:
    found = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=inert,
    )
    found.filters |= {
        "shown": shown,
        "soft": _soft,
        "csv_address": _csv_address,
        "groupby_in_order": _groups,
    }
    return found


def _soft(text: str) -> Markup:
    """Let a name with underscores break after each of them."""
    return escape(inert(text)).replace("_", Markup("_<wbr>"))


def _csv_address(table: Table) -> str:
    return "data:text/csv;charset=utf-8," + quote(table.csv(), safe=" ,:;/!()*@$[]=?+'")


def _groups(
    records: Sequence[Mapping[str, Any]], key: str
) -> list[tuple[str, list[Mapping[str, Any]]]]:
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for record in records:
        groups.setdefault(str(record[key]), []).append(record)
    return list(groups.items())
