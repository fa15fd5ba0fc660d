"""The parts of a report, before any format."""

from __future__ import annotations

from dataclasses import dataclass

from .figures import Figure
from .table import Table


@dataclass(frozen=True)
class Caution:
    """What a reader must know before the numbers.

    Attributes:
        kind: Short name.
        text: One or two sentences.
    """

    kind: str
    text: str


@dataclass(frozen=True)
class Statement:
    """What a test came to.

    Attributes:
        head: The claim and its verdict.
        text: The sentence that the test allows.
    """

    head: str
    text: str


@dataclass(frozen=True)
class Section:
    """One question of the report.

    Attributes:
        name: Short name, also its anchor.
        title: Heading.
        lead: What it says and how to read it, a paragraph each.
        figures: Pictures of numbers that stand in the tables, too.
        tables: The numbers.
        absent: Why there is nothing to show; None if there is.
        statements: What tests came to, to be read after `lead`.
    """

    name: str
    title: str
    lead: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    absent: str | None = None
    statements: tuple[Statement, ...] = ()


@dataclass(frozen=True)
class Fact:
    """One line of the summary at the top.

    Attributes:
        label: What.
        value: Its value.
    """

    label: str
    value: str


@dataclass(frozen=True)
class Report:
    """A whole report.

    Attributes:
        title: Heading.
        intro: What the reader looks at.
        facts: What was run, in short.
        cautions: To be read first.
        sections: The rest, in order.
    """

    title: str
    intro: str
    facts: tuple[Fact, ...]
    cautions: tuple[Caution, ...]
    sections: tuple[Section, ...]

    def tables(self) -> dict[str, Table]:
        """Give all tables by name."""
        return {table.name: table for section in self.sections for table in section.tables}
