"""YAML with plain types only, read by the C parser where PyYAML was built with it."""

from __future__ import annotations

from typing import Any

import yaml

# Several times as fast as the parser in Python: every start of a task reads 16 worlds and more.
SAFE_LOADER: type[yaml.SafeLoader | yaml.CSafeLoader] = getattr(
    yaml, "CSafeLoader", yaml.SafeLoader
)


def load_yaml(text: str) -> Any:
    """Read one YAML document.

    Args:
        text: The document.

    Returns:
        What it holds.

    Raises:
        yaml.YAMLError: If it is malformed.
    """
    return yaml.load(text, Loader=SAFE_LOADER)
