"""Samples of the worse kind by world."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ._clusters import Floats, between_se


@dataclass(frozen=True)
class WorldCounts:
    """How many samples of each world are of the worse kind.

    Attributes:
        worlds: Names, each once; worlds without a sample that counts are left out.
        bad: How many are of the worse kind.
        of: How many count, at least 1.

    Raises:
        ValueError: If there is no world, lengths differ, or not 0 <= bad <= of.
    """

    worlds: tuple[str, ...]
    bad: tuple[int, ...]
    of: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.worlds or not len(set(self.worlds)) == len(self.bad) == len(self.of):
            raise ValueError("worlds are wanted, each once, with a number of samples each")
        if any(n < 1 or not 0 <= k <= n for k, n in zip(self.bad, self.of, strict=True)):
            raise ValueError("a world needs samples, and no more of the worse kind than that")

    @property
    def k(self) -> int:
        """Samples of the worse kind."""
        return sum(self.bad)

    @property
    def n(self) -> int:
        """Samples."""
        return sum(self.of)

    @property
    def rate(self) -> float:
        """K / n."""
        return self.k / self.n

    def residuals(self) -> Floats:
        """Give each world's part of the linearized error of the rate; they add up to 0."""
        return (np.asarray(self.bad, dtype=float) - self.rate * np.asarray(self.of)) / self.n

    def standard_error(self) -> float:
        """Give the rate's clustered standard error; NaN with fewer than two worlds."""
        return between_se(self.residuals())

    def binomial_variance(self) -> float:
        """Give the rate's variance, were all samples independent."""
        return self.rate * (1 - self.rate) / self.n
