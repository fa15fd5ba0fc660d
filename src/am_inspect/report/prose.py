"""The report's sentences, kept in `prose.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml


@cache
def _sentences() -> Mapping[str, Any]:
    text = (Path(__file__).parent / "prose.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Any] = yaml.safe_load(text)
    return found


def say(path: str, **fields: object) -> str:
    """Give a sentence with its fields filled in.

    Args:
        path: Its place, such as `rates.lead`.
        fields: What to fill in.

    Returns:
        The sentence on one line.

    Raises:
        KeyError: If there is no such sentence or a field is not given.
    """
    found: Any = _sentences()
    for key in path.split("."):
        found = found[key]
    return " ".join(str(found).split()).format(**fields)


def names(items: list[str] | tuple[str, ...], limit: int = 6) -> str:
    """Join names, no more than `limit` of them, and say how many are left."""
    shown = list(items[:limit])
    left = len(items) - len(shown)
    return ", ".join(shown) + (f" and {left} more" if left else "")
