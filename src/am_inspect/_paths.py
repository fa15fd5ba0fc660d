"""Where the installed data lies: the source tree when editable, inside the package in a wheel."""

from __future__ import annotations

from pathlib import Path


def datasets_dir() -> Path:
    """Give the folder that holds `scenarios.jsonl`, `worlds/` and `prompts/`."""
    package = Path(__file__).parent
    packaged = package / "_datasets"
    return packaged if packaged.is_dir() else package.parents[1] / "datasets"
