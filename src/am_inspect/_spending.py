"""What a running study has spent, and whether another sample may begin."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import anyio

from .errors import BadInputError

_LOOK_AGAIN = 0.05
"""Seconds between two looks at whether the samples under way have ended."""


class BudgetSpentError(BadInputError):
    """The budget of a study is spent."""


@dataclass
class Spending:
    """Counts what is spent against a budget.

    Attributes:
        most_usd: The budget in dollars; None for none.
        most_tokens: The budget in tokens; None for none.
        usd: Spent so far, in earlier runs too.
        tokens: Likewise.
    """

    most_usd: float | None = None
    most_tokens: int | None = None
    usd: float = 0.0
    tokens: int = 0
    _under_way: set[tuple[str, str, int]] = field(default_factory=set)

    def add(self, usd: float, tokens: int) -> None:
        """Count one call of a model."""
        self.usd += usd
        self.tokens += tokens

    @property
    def problem(self) -> str | None:
        """Which budget is spent, as a phrase; None while there is some left."""
        if self.most_usd is not None and self.usd >= self.most_usd:
            return f"{self.usd:.4f} of {self.most_usd:g} USD"
        if self.most_tokens is not None and self.tokens >= self.most_tokens:
            return f"{self.tokens:,} of {self.most_tokens:,} tokens"
        return None

    async def admit(self, eval_id: str, sample_id: str, epoch: int) -> None:
        """Let a sample begin while there is budget left.

        Samples that are under way are let finish first, for what an error of the task cuts
        off would have been paid for in vain.

        Args:
            eval_id: The run that it belongs to.
            sample_id: Its id.
            epoch: Its epoch.

        Raises:
            BudgetSpentError: If the budget is spent. It ends the task, and its log says why;
                the same study with more budget goes on from there.
        """
        key = (eval_id, sample_id, epoch)
        # A sample that is tried again after an error comes here twice.
        self._under_way.discard(key)
        if self.problem is None:
            self._under_way.add(key)
            return
        while self._under_way:
            await anyio.sleep(_LOOK_AGAIN)
        raise BudgetSpentError(
            f"the study's budget is spent ({self.problem}): give it more and run the same command, "
            "which goes on from here"
        )

    def ended(self, eval_id: str, sample_id: str, epoch: int) -> None:
        """Note that a sample has ended and is in the log."""
        self._under_way.discard((eval_id, sample_id, epoch))

    def task_ended(self, eval_id: str) -> None:
        """Note that a run has ended, and with it what it cut off: nobody waits for that."""
        self._under_way = {key for key in self._under_way if key[0] != eval_id}


_current: Spending | None = None


def current_spending() -> Spending | None:
    """Give the spending of the study that is running in this process, if one is."""
    return _current


@contextmanager
def watching(spending: Spending) -> Iterator[Spending]:
    """Make the tasks that start inside keep to a budget.

    One a process, as Inspect's own evaluations: a context variable would not reach the hooks.

    Args:
        spending: The budget, and what is spent already.

    Yields:
        The same.
    """
    global _current
    before, _current = _current, spending
    try:
        yield spending
    finally:
        _current = before
