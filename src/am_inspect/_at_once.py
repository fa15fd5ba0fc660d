"""Work on many things, some of them at once, and say on the way how far it is."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

import anyio

_Item = TypeVar("_Item")
_EVERY = 5.0


async def at_once(
    items: Iterable[_Item], work: Callable[[_Item], Awaitable[None]], *, most: int
) -> None:
    """Do the work for each item, begun in order, with at most so many under way.

    Args:
        items: The items.
        work: What to do with one; it says itself what came of it.
        most: How many at once, from 1.
    """
    free = anyio.Semaphore(most)

    async def one(item: _Item) -> None:
        try:
            await work(item)
        finally:
            free.release()

    async with anyio.create_task_group() as group:
        for item in items:
            await free.acquire()
            group.start_soon(one, item)


class Progress:
    """Says at most every five seconds, and at the end, how many of how many are done.

    Args:
        total: How many there are.
        tell: Is given the sentence.
        done: How many were there before.
    """

    def __init__(self, total: int, tell: Callable[[str], None], done: int = 0) -> None:
        self._total, self._tell, self._done, self._kept = total, tell, done, done
        self._began = self._last = time.monotonic()

    def step(self) -> None:
        """Count one more."""
        self._done += 1
        now = time.monotonic()
        if now - self._last < _EVERY and self._done < self._total:
            return
        self._last = now
        each = (now - self._began) / (self._done - self._kept)
        left = each * (self._total - self._done)
        self._tell(f"graded {self._done} of {self._total}; about {left:.0f} s left")
