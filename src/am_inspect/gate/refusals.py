"""What two runs must have in common before their rates may be compared."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ..baseline import Baseline
from ..errors import BadInputError
from ..tally import CellTally
from .policy import Policy

SETTINGS = (
    *("protocol", "dataset", "how_to_act", "rubric", "grader", "delivery", "tools", "max_turns"),
    "sampling",
)
ALLOWED = ("family", *SETTINGS)
"""What `--allow` takes."""


class RefusedError(BadInputError):
    """A comparison that would mean nothing."""


def check_allowed(allow: Collection[str]) -> None:
    """Refuse a name that is none of `ALLOWED`.

    Raises:
        RefusedError: If there is one; the message lists what is allowed.
    """
    for name in allow:
        if name not in ALLOWED:
            raise RefusedError(f"--allow {name}: allowed are {', '.join(ALLOWED)}")


def check_family(family: str, baseline: Baseline, allow: Collection[str]) -> None:
    """Refuse a baseline of another family.

    Args:
        family: The candidate's.
        baseline: The baseline.
        allow: What may differ.

    Raises:
        RefusedError: If families differ.
    """
    if family != baseline.family and "family" not in allow:
        raise RefusedError(
            f"the baseline is of another family: {baseline.family} ({baseline.model}), and the "
            f"candidate is {family}; give its own baseline, say --family {baseline.family} if it "
            "belongs there, or --allow family"
        )


def check_cells(
    candidate: Collection[str], baseline: Baseline, policy: Policy, source: str
) -> None:
    """Refuse a candidate or a baseline that lacks a cell of the policy.

    Args:
        candidate: Cells that were run.
        baseline: The baseline.
        policy: The policy.
        source: Where the candidate comes from.

    Raises:
        RefusedError: If one is lacking.
    """
    for where, cells in ((source, candidate), ("the baseline", baseline.cells)):
        absent = [cell for cell in policy.cells if cell not in cells]
        if absent:
            raise RefusedError(
                f"{policy.name} asks for {', '.join(absent)}, and {where} holds "
                f"{', '.join(sorted(cells)) or 'no cell'} only"
            )


def setting_differences(
    candidate: Mapping[str, Mapping[str, Any]],
    baseline: Mapping[str, CellTally],
    cells: Sequence[str],
    allow: Collection[str],
) -> tuple[str, ...]:
    """Refuse cells that were run with different settings.

    Args:
        candidate: Settings by cell; a setting that is not there is not looked at.
        baseline: The baseline's cells.
        cells: Which to look at.
        allow: Settings that may differ.

    Returns:
        What differs and was allowed to, a phrase each.

    Raises:
        RefusedError: If another setting differs; the message names it with both values.
    """
    allowed = []
    for cell in cells:
        for name in SETTINGS:
            held, now = baseline[cell].settings.get(name), candidate[cell].get(name)
            if name not in candidate[cell] or held == now or "" in (held, now):
                continue
            said = _difference(name, held, now)
            if name not in allow:
                raise RefusedError(
                    f"{cell} was run with other settings: {said}; run it as the baseline was, make "
                    f"a new baseline, or say --allow {name}"
                )
            allowed.append(f"{cell}: {said}")
    return tuple(allowed)


def _difference(name: str, held: Any, now: Any) -> str:
    if isinstance(held, Mapping) and isinstance(now, Mapping):
        keys = [key for key in sorted({*held, *now}) if held.get(key) != now.get(key)]
        parts = [f"{key} {_said(held.get(key))} and now {_said(now.get(key))}" for key in keys]
        return f"{name} ({', '.join(parts)})"
    return f"{name} ({_said(held)} in the baseline, {_said(now)} now)"


def _said(value: Any) -> str:
    return "not set" if value is None else str(value)
