"""The baseline file: what a checkpoint that was accepted did, as counts, to be kept in git."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ._grader import is_simulated
from ._version import __version__
from .errors import BadInputError
from .results import Results
from .tally import CellTally, tally_cells


class BaselineError(BadInputError):
    """A baseline file that cannot be used."""


class Baseline(BaseModel):
    """A checkpoint's counts, with what they were made with. No transcripts.

    Attributes:
        schema_: Version of this form (`schema` in JSON).
        model: The checkpoint, as Inspect has it.
        family: The family that it belongs to.
        simulated: Whether an embedded model played it.
        cells: Counts by cell.
        runs: Ids of the runs that were counted.
        made_at: When, in UTC.
        am_inspect_version: By which version.
        sha: Hash of all the rest, so that an edit by hand shows.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_: Literal[1] = Field(alias="schema")
    model: str
    family: str
    simulated: bool
    cells: Mapping[str, CellTally]
    runs: tuple[str, ...]
    made_at: str
    am_inspect_version: str
    sha: str


def make_baseline(found: Results, family: str) -> Baseline:
    """Count logs up as a baseline.

    Args:
        found: What the logs hold.
        family: The family of the model.

    Returns:
        The baseline.

    Raises:
        BadInputError: As `tally_cells`.
    """
    cells = tally_cells(found)
    model = found.runs[0].model
    fields: dict[str, Any] = {
        "schema": 1,
        "model": model,
        "family": family,
        "simulated": is_simulated(model),
        "cells": {name: cell.model_dump(mode="json") for name, cell in cells.items()},
        "runs": sorted(run.eval_id for run in found.runs),
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "am_inspect_version": __version__,
    }
    return Baseline.model_validate({**fields, "sha": _sha(fields)})


def write_baseline(path: Path, baseline: Baseline) -> None:
    """Write a baseline as JSON that reads well in a diff.

    Raises:
        BaselineError: If the file cannot be written.
    """
    text = json.dumps(baseline.model_dump(mode="json", by_alias=True), indent=1, ensure_ascii=False)
    try:
        path.write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        raise BaselineError(f"cannot write {path}: {error.strerror or error}") from None


def read_baseline(path: Path) -> Baseline:
    """Read a baseline.

    Args:
        path: The file.

    Returns:
        The baseline.

    Raises:
        BaselineError: If it is not there, is none, or was edited by hand.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BaselineError(
            f"{path}: there is no such baseline; make one with am-inspect baseline save LOGS"
        ) from None
    except (OSError, ValueError) as error:
        raise BaselineError(f"{path} cannot be read as a baseline: {error}") from None
    if not isinstance(data, dict) or data.get("schema") != 1:
        raise BaselineError(f"{path} is no baseline of schema 1")
    rest = {key: value for key, value in data.items() if key != "sha"}
    if data.get("sha") != _sha(rest):
        raise BaselineError(
            f"{path} was edited by hand: its hash does not fit its content; make it anew with "
            "am-inspect baseline save LOGS"
        )
    try:
        return Baseline.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise BaselineError(f"{path} is no baseline: {where}: {first['msg']}") from None


def _sha(fields: Mapping[str, Any]) -> str:
    text = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
