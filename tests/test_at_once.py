"""Many things at once, but not too many."""

import anyio
import pytest

from am_inspect import _at_once
from am_inspect._at_once import Progress, at_once


@pytest.mark.parametrize("most", [1, 3, 20])
def test_no_more_than_allowed_are_under_way(most):
    running, highest, done = 0, 0, []
    full = anyio.Event()

    async def work(item):
        nonlocal running, highest
        running += 1
        highest = max(highest, running)
        if running == min(most, 10):
            full.set()
        await full.wait()
        await anyio.sleep(0)
        running -= 1
        done.append(item)

    async def run():
        with anyio.fail_after(30):
            await at_once(range(10), work, most=most)

    anyio.run(run)
    assert sorted(done) == list(range(10))
    assert highest == min(most, 10)


def test_progress_is_told_now_and_then_and_at_the_end(monkeypatch):
    clock = iter([0.0, 1.0, 6.0, 7.0, 8.0])
    monkeypatch.setattr(_at_once.time, "monotonic", lambda: next(clock))
    told = []
    progress = Progress(6, told.append, done=2)
    for _ in range(4):
        progress.step()
    assert told == ["graded 4 of 6; about 6 s left", "graded 6 of 6; about 0 s left"]
