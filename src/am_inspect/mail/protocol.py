"""The blocks that tell an agent how to act: one for each protocol and delivery."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

Tools = Literal["text", "native"]
Delivery = Literal["paced", "single_turn"]


def protocol_block(tools: str, delivery: str) -> str:
    """Give the block that the solver appends to the system prompt.

    Args:
        tools: `text` or `native`.
        delivery: `paced` or `single_turn`.

    Returns:
        The text, without white space around it.

    Raises:
        ValueError: If there is no such protocol or delivery; the message says which are.
    """
    if tools not in get_args(Tools):
        raise ValueError(f"unknown tools {tools!r}: allowed are {', '.join(get_args(Tools))}")
    if delivery not in get_args(Delivery):
        allowed = ", ".join(get_args(Delivery))
        raise ValueError(f"unknown delivery {delivery!r}: allowed are {allowed}")
    return _read(f"{tools}_{delivery}.md").strip()


@cache
def protocol_sha() -> str:
    """Give the sha256 (hex) over all four blocks, in a fixed order."""
    digest = hashlib.sha256()
    for tools in get_args(Tools):
        for delivery in get_args(Delivery):
            digest.update(f"{tools}_{delivery}\n{_read(f'{tools}_{delivery}.md')}\n".encode())
    return digest.hexdigest()


@cache
def _read(name: str) -> str:
    return (files(__package__) / "protocols" / name).read_text(encoding="utf-8")
