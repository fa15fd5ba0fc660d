"""Weights that were learned from labelled transcripts: how much each feature counts.

`scripts/fit_rules.py` makes the files of `rules/learned`; their heads say of what.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Learned:
    """A linear rule.

    Attributes:
        bias: Log-odds of a text without any feature.
        weights: What a feature adds.
        window: How many sentences are looked at together.
    """

    bias: float
    weights: Mapping[str, float]
    window: int

    def known(self, features: Iterable[str]) -> frozenset[str]:
        """Keep the features that count."""
        return frozenset(name for name in features if name in self.weights)

    def add(self, features: Mapping[str, float]) -> float:
        """Sum numeric features."""
        return sum(self.weights.get(name, 0.0) * value for name, value in features.items())

    def stretches(self, found: Sequence[frozenset[str]]) -> list[tuple[int, float]]:
        """Sum every stretch of `window` sentences, each feature once.

        Args:
            found: Features of each sentence; at least one sentence.

        Returns:
            Where each stretch begins and what it comes to, without the bias.
        """
        starts = range(max(1, len(found) - self.window + 1))
        return [
            (start, sum(self.weights[name] for name in _all(found[start : start + self.window])))
            for start in starts
        ]


@cache
def learned(name: str) -> Learned:
    """Read a rule of `rules/learned`."""
    text = files(__package__).joinpath("rules", "learned", f"{name}.json").read_text("utf-8")
    held = json.loads(text)
    return Learned(held["bias"], held["weights"], held["window"])


def _all(found: Sequence[frozenset[str]]) -> frozenset[str]:
    return frozenset[str]().union(*found)
