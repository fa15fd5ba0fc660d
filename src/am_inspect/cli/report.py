"""`am-inspect report`: one page about a set of logs, or its data."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Annotated

import typer

from ..calibration import read_calibration
from ..errors import BadInputError
from ..report import (
    Material,
    Transcripts,
    build_report,
    bundle,
    gather,
    to_csv,
    to_html,
    to_json,
    to_markdown,
)
from ..results import read_results


class ReportFormat(StrEnum):
    """What is written."""

    html = "html"
    md = "md"
    csv = "csv"
    json = "json"


class ReportError(BadInputError):
    """Options of `report` that do not go together, or a file that cannot be written."""


_ENDINGS = {".html": "html", ".htm": "html", ".md": "md", ".csv": "csv", ".json": "json"}


def report(
    logs: Annotated[list[Path], typer.Argument(help="Logs, or folders of logs.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="The file; standard output if not given.")
    ] = None,
    format: Annotated[
        ReportFormat | None,
        typer.Option(
            help="html, md, csv or json; if not given by the file's ending, html without a file."
        ),
    ] = None,
    table: Annotated[
        str | None,
        typer.Option(help="Which table, for csv: rates if not given, samples, funnel, ..."),
    ] = None,
    batch: Annotated[
        int | None,
        typer.Option(
            help="Which samples, by number, where settings differ; the most if not given."
        ),
    ] = None,
    calibration: Annotated[
        Path | None, typer.Option(help="What the grader got right: am-inspect grader validate.")
    ] = None,
    bundle_dir: Annotated[
        Path | None,
        typer.Option("--bundle", help="Write Inspect's viewer there and link each sample to it."),
    ] = None,
) -> None:
    """Write a report about a study's logs: one page, Markdown, a table or JSON."""
    chosen = format or _format_of(output)
    if table is not None and chosen is not ReportFormat.csv:
        raise ReportError(f"--table goes with csv only, not with {chosen}, which has all tables")
    if bundle_dir is not None and chosen is not ReportFormat.html:
        raise ReportError(f"--bundle goes with html only, not with {chosen}")
    checked = read_calibration(calibration) if calibration else None
    found = read_results(logs)
    material = gather(found, Transcripts(), batch=batch, calibration=checked)
    if bundle_dir is not None:
        way = bundle(material.chosen.part.logs, bundle_dir, output)
        material = gather(found, way, batch=batch, calibration=checked)
    text = _text(material, chosen, table or "rates")
    if output is None:
        sys.stdout.write(text)
        return
    _write(output, text)
    typer.echo(f"{output}: {len(text.encode()) / 1e6:.2f} MB", err=True)


def _format_of(output: Path | None) -> ReportFormat:
    ending = output.suffix.lower() if output else ".html"
    if ending not in _ENDINGS:
        known = ", ".join(_ENDINGS)
        raise ReportError(f"-o {output}: the ending is none of {known}; say --format")
    return ReportFormat(_ENDINGS[ending])


def _text(material: Material, chosen: ReportFormat, table: str) -> str:
    if chosen is ReportFormat.html:
        linked = material.transcripts.viewer is not None
        return to_html(build_report(material), linked=linked)
    whole = build_report(material, listed=sys.maxsize)
    if chosen is ReportFormat.md:
        return to_markdown(whole)
    return to_csv(whole, table) if chosen is ReportFormat.csv else to_json(whole, material)


def _write(path: Path, text: str) -> None:
    """Write a file at once, so that a reader never finds half of it."""
    try:
        with NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, delete=False, suffix=".part"
        ) as part:
            part.write(text)
        os.chmod(part.name, 0o644)
        os.replace(part.name, path)
    except OSError as error:
        raise ReportError(f"cannot write {path}: {error.strerror or error}") from None
