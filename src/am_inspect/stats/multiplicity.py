"""Several primary questions asked at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Adjusted:
    """One declared question after correction.

    Attributes:
        name: Which.
        p_value: Its own p value.
        adjusted: Holm's: compare it with alpha.
        rejected: Whether its null is rejected with the family-wise error held at alpha.
    """

    name: str
    p_value: float
    adjusted: float
    rejected: bool


def holm(p_values: Mapping[str, float], *, alpha: float = 0.05) -> list[Adjusted]:
    """Correct the p values of the primary contrasts that were declared beforehand.

    Holm, Scandinavian Journal of Statistics 6 (1979), by statsmodels. It holds whatever the
    dependence. A contrast that could not be tested stays in the family: give it p = 1.

    Args:
        p_values: p value by name, all that were declared.
        alpha: Family-wise error.

    Returns:
        One a question, in the order given.

    Raises:
        ValueError: If a p value is not in [0, 1].
    """
    if any(not 0 <= p <= 1 for p in p_values.values()):
        raise ValueError("a p value is not in [0, 1]: give 1 to a contrast without a test")
    if not p_values:
        return []
    # Imported here because it costs over a second.
    from statsmodels.stats.multitest import multipletests

    rejected, adjusted, *_ = multipletests(list(p_values.values()), alpha=alpha, method="holm")
    return [
        Adjusted(name, p, float(a), bool(r))
        for (name, p), a, r in zip(p_values.items(), adjusted, rejected, strict=True)
    ]
