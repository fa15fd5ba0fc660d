"""A report as data: JSON with everything, or one table as CSV."""

from __future__ import annotations

import json
from dataclasses import asdict

from ..errors import BadInputError
from .material import Material
from .section import Report
from .table import plain


class TableError(BadInputError):
    """A table that the report does not hold."""


def to_json(report: Report, material: Material) -> str:
    """Give a report as JSON: sentences, cautions, and all tables with all their columns.

    Args:
        report: The report.
        material: What it was made of.

    Returns:
        JSON with `schema` 1; null for what has no value.
    """
    sections = [
        {
            "name": section.name,
            "title": section.title,
            "lead": section.lead,
            "statements": [asdict(said) for said in section.statements],
            "absent": section.absent,
            "tables": {table.name: list(table.records) for table in section.tables},
        }
        for section in report.sections
    ]
    found = {
        "schema": 1,
        "settings": asdict(material.batch),
        "cautions": [asdict(caution) for caution in report.cautions],
        "sections": sections,
        "left_out": [asdict(item) for item in material.left_out],
        "other_batches": [
            {"batch": part.number, "settings": asdict(part.batch), "logs": part.logs}
            for part in material.others
        ],
    }
    return json.dumps(plain(found), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def to_csv(report: Report, name: str) -> str:
    """Give one table as CSV.

    Args:
        report: The report.
        name: Name of the table.

    Returns:
        The CSV, with its heading.

    Raises:
        TableError: If there is no such table here; the message lists the names.
    """
    tables = report.tables()
    if name not in tables:
        raise TableError(f"--table {name}: this report holds {', '.join(tables)}")
    return tables[name].csv()
