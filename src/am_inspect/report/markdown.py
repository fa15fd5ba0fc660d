"""A report as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from .section import Report, Section
from .table import Table

LONGEST = 200
"""Tables with more lines than these are named, not printed."""


def to_markdown(report: Report) -> str:
    """Render a report as Markdown: its sentences and its tables.

    Args:
        report: The report.

    Returns:
        The text; what comes from logs is escaped.
    """
    lines = [f"# {report.title}", "", report.intro, ""]
    lines += [f"- {fact.label}: {_inline(fact.value)}" for fact in report.facts]
    if report.cautions:
        lines += ["", "## Read this first", ""]
        lines += [f"- {_inline(caution.text)}" for caution in report.cautions]
    for section in report.sections:
        lines += _section(section)
    return "\n".join(lines) + "\n"


def section_markdown(section: Section) -> str:
    """Render one section as Markdown.

    Args:
        section: The section.

    Returns:
        The text; what comes from logs is escaped.
    """
    return "\n".join(_section(section)).lstrip("\n") + "\n"


def _section(section: Section) -> Iterator[str]:
    yield from ("", f"## {section.title}", "")
    for text in (*section.lead, *([section.absent] if section.absent else [])):
        yield from (_inline(text), "")
    for said in section.statements:
        yield from (f"**{_inline(said.head)}** {_inline(said.text)}", "")
    for table in section.tables:
        yield from (f"### {_inline(table.caption)}", "")
        if len(table.records) > LONGEST:
            yield f"{len(table.records):,} lines: --format csv --table {table.name}."
        else:
            yield from _table(table)
        yield ""


def _table(table: Table) -> Iterator[str]:
    yield "| " + " | ".join(column.label for column in table.columns) + " |"
    aligned = ["---:" if c.kind in ("number", "share", "rate") else "---" for c in table.columns]
    yield "| " + " | ".join(aligned) + " |"
    for line in table.lines():
        yield "| " + " | ".join(map(_inline, line)) + " |"


def _inline(text: str) -> str:
    """Give a text that Markdown takes for nothing but text, on one line."""
    kept = "".join(c if c.isprintable() else " " for c in text)
    return "".join(f"\\{c}" if c in "\\`*_[]<>|#" else c for c in kept)
