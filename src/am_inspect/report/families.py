"""Family and size of a model, as far as its name tells."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_SIZE = re.compile(r"(?<![a-z0-9.])(\d+(?:\.\d+)?)(b|m)(?![a-z0-9])")


@dataclass(frozen=True)
class Kin:
    """Where a model belongs.

    Attributes:
        family: Its family.
        size_b: Parameters in billions; NaN if the name does not tell.
    """

    family: str
    size_b: float


def kin_of(model: str) -> Kin:
    """Tell family and size from a model's name.

    Args:
        model: As Inspect has it, such as `hf/google/gemma-3-12b-it`.

    Returns:
        Family and size. A mixture such as `8x7b` has no size here, for it has two.
    """
    known = _known()
    name = model.rpartition("/")[2].lower()
    first = re.split(r"[-_. \d]", name, maxsplit=1)[0]
    family = next(
        (str(f["family"]) for f in known["families"] if name.startswith(tuple(f["starts"]))),
        first.capitalize() or name,
    )
    stem = re.sub(r"-(instruct|it|chat)$", "", name)
    if stem in known["sizes"]:
        return Kin(family, float(known["sizes"][stem]))
    found = _SIZE.search(name)
    if found is None:
        return Kin(family, math.nan)
    return Kin(family, float(found[1]) / (1000 if found[2] == "m" else 1))


@cache
def _known() -> dict[str, Any]:
    text = (Path(__file__).parent / "families.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found
