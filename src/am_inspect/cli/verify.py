"""`am-inspect verify`: is this log what it says it is?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..audit import audit_log


def verify(log: Annotated[Path, typer.Argument(help="A log.")]) -> None:
    """Say whether a log's hashes, samples and scores are sound; exit 1 if something differs."""
    findings = audit_log(log)
    for finding in findings:
        typer.echo(f"{finding.status:<8} {finding.what}: {finding.told}")
    if any(finding.status != "ok" for finding in findings):
        raise typer.Exit(1)
