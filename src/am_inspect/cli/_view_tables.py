"""The table of `am-inspect grader validate --views`."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from ..view_validation import KeyAgreement


def print_views(grader: str, views: Sequence[str], found: Sequence[KeyAgreement]) -> None:
    """Print a grader's agreement with the labels of further views.

    Args:
        grader: Its name.
        views: What was asked for.
        found: The agreement, key by key; nothing for a view without any verdict.
    """
    table = Table(title=f"agreement of {grader} with labels by a model")
    for name in ("view", "key", "agree", "share [95%]", "kappa", "has it by label", "no verdict"):
        table.add_column(name, justify="left" if name in ("view", "key") else "right")
    for row in found:
        share = f"{row.agree / row.answered:.3f}" if row.answered else "-"
        table.add_row(
            row.view,
            row.key,
            f"{row.agree} of {row.answered}",
            f"{share} [{row.interval.lower:.3f}, {row.interval.upper:.3f}]",
            "-" if math.isnan(row.kappa) else f"{row.kappa:.2f}",
            "" if row.there is None else f"{row.found} of {row.there} found",
            str(row.labelled - row.answered),
        )
    console = Console(markup=False, emoji=False)
    Console(width=None if console.is_terminal else 130, markup=False, emoji=False).print(table)
    for view in views:
        if not any(row.view == view for row in found):
            console.print(f"{view}: no verdict at all")
    console.print(
        "One model labelled these transcripts, many of them short; nobody labelled them a second "
        "time, and no person has looked at them."
    )
