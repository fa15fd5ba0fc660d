"""JSON values one a line, written for every reader of lines and read from any writer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# JSON leaves these as they are, and Python's splitlines() among others breaks lines at them.
_BREAKS = str.maketrans({char: f"\\u{ord(char):04x}" for char in "\x85\u2028\u2029"})


@dataclass(frozen=True)
class Line:
    """A line of a file of JSON values.

    Attributes:
        number: From 1.
        value: What it holds; None if it holds no JSON.
        problem: Why it holds none, "" if it does.
    """

    number: int
    value: Any
    problem: str = ""


def read_json_lines(text: str) -> Iterator[Line]:
    """Read JSON values, one a line; empty lines and a byte-order mark are passed over.

    Args:
        text: The file.

    Yields:
        The lines in order, also those that hold no JSON.
    """
    # Not splitlines(), for the sake of `_BREAKS`.
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        if not line.strip():
            continue
        try:
            yield Line(number, json.loads(line))
        except (ValueError, RecursionError) as error:
            yield Line(number, None, f"no JSON ({error})")


def json_line(value: Mapping[str, Any]) -> str:
    """Write an object as one line of JSON, without a line break at its end.

    Args:
        value: The object.

    Returns:
        The line; it can be encoded as UTF-8, so half a surrogate pair in it is replaced.
    """
    text = json.dumps(value, ensure_ascii=False).translate(_BREAKS)
    return text.encode("utf-8", "replace").decode("utf-8")
