"""The doctor's sentences, from `prose.yaml`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from .diagnosis import Finding


def finding(check: str, case: str, provider: str, **values: object) -> Finding:
    """Make a finding of its case.

    Args:
        check: Name of the check.
        case: Which of its cases.
        provider: The model's, for the remedy.
        values: What the sentence is filled in with.

    Returns:
        The finding.

    Raises:
        KeyError: If there is no such case, or a value is missing.
    """
    known = prose()[check][case]
    mend = known.get("mend")
    if isinstance(mend, dict):
        mend = mend.get(provider, mend.get("other"))
    return Finding(
        check=check,
        case=case,
        status=known["status"],
        says=known["says"].format(**values),
        mend=mend.format(**values) if mend else None,
    )


def not_tried(check: str, why: str) -> Finding:
    """Make the finding of a check that was not made."""
    known = prose()["reached"]["not_tried"]
    return Finding(check=check, case="not_tried", status="skip", says=known["says"].format(why=why))


def title(check: str) -> str:
    """Give a check's title."""
    return str(prose()["titles"][check])


@cache
def prose() -> dict[str, Any]:
    """Read the file."""
    text = files(__package__).joinpath("prose.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return data
