"""A JSON object as one line, for every reader of lines."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

# JSON leaves these as they are, and Python's splitlines() among others breaks lines at them.
_BREAKS = str.maketrans({char: f"\\u{ord(char):04x}" for char in "\x85\u2028\u2029"})


def json_line(value: Mapping[str, Any]) -> str:
    """Write an object as one line of JSON, without a line break at its end.

    Args:
        value: The object.

    Returns:
        The line; it can be encoded as UTF-8, so half a surrogate pair in it is replaced.
    """
    text = json.dumps(value, ensure_ascii=False).translate(_BREAKS)
    return text.encode("utf-8", "replace").decode("utf-8")
