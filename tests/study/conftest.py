"""A small study on simulated models, run through the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

SMALL: dict[str, Any] = {
    "study": "small",
    "provider": "amsim",
    "cells": ["control"],
    "worlds": ["crumb"],
    "variants": [1],
    "delivery": "single_turn",
    "tools": "text",
    "models": [
        {"name": "gemma", "providers": {"amsim": {"model": "gemma-3-12b"}}},
        {"name": "phi", "providers": {"amsim": {"model": "phi-4"}}},
    ],
    "grader": {"model": "amsim/rubric"},
}


@pytest.fixture
def write_spec(tmp_path: Path) -> Callable[..., Path]:
    """Write the small study's file with some keys changed; None takes a key out."""

    def write(**changes: Any) -> Path:
        spec = {"log_dir": str(tmp_path / "logs"), **SMALL, **changes}
        path = tmp_path / "study.yaml"
        kept = {key: value for key, value in spec.items() if value is not None}
        path.write_text(yaml.safe_dump(kept), encoding="utf-8")
        return path

    return write
