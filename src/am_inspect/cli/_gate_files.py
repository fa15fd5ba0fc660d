"""What the gate writes: summary, XML, JSON, transcripts."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from ..errors import BadInputError
from ..gate import GateReport, Insufficient, junit, markdown, moved, record
from ..results import Row, read_sample
from .show import transcript_text


def write_files(
    report: GateReport,
    rows: Sequence[Row],
    *,
    markdown_file: Path | None,
    junit_file: Path | None,
    json_file: Path | None,
    transcripts: Path | None,
    insufficient: Insufficient | None,
) -> None:
    """Write what was asked for.

    Args:
        report: The report.
        rows: The candidate's samples.
        markdown_file: The summary for a pull request.
        junit_file: The report as JUnit XML.
        json_file: The report as JSON.
        transcripts: Folder for the transcripts that moved the verdict.
        insufficient: What not enough data counts as, in the XML.

    Raises:
        BadInputError: If one cannot be written.
    """
    named = str(transcripts) if transcripts else None
    try:
        if markdown_file:
            markdown_file.write_text(markdown(report, named), encoding="utf-8")
        if junit_file:
            junit_file.write_text(junit(report, insufficient), encoding="utf-8")
        if json_file:
            text = json.dumps(record(report, named), indent=1, ensure_ascii=False, allow_nan=False)
            json_file.write_text(f"{text}\n", encoding="utf-8")
        if transcripts:
            _write_transcripts(report, rows, transcripts)
    except OSError as error:
        raise BadInputError(f"cannot write {error.filename}: {error.strerror or error}") from None


def _write_transcripts(report: GateReport, rows: Sequence[Row], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    index = ["# Transcripts that moved the verdict", ""]
    for item in moved(report, rows):
        row = item.row
        name = re.sub(r"[^A-Za-z0-9_-]+", "-", f"{row.setting.cell}_{row.scenario}_{row.epoch}")
        text = transcript_text(read_sample(row.log, row.scenario, row.epoch))
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
        kind = row.missing or ", ".join(item.measures)
        index.append(f"- [{name}]({name}.txt): {kind}")
    (folder / "index.md").write_text("\n".join([*index, ""]), encoding="utf-8")
