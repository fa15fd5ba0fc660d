"""What a study tells while it runs: the whole matrix, samples, money, time left."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from inspect_ai.hooks import Hooks, ModelUsageData, SampleEnd, TaskEnd, TaskStart, hooks
from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from .._spending import Spending
from ..results import Used
from .progress import StudyProgress
from .source import Price

_EVERY = 10.0
"""Seconds between two lines where the output is no terminal."""

_ENOUGH = 20
"""Samples that must have ended before the time left is guessed: the first come together, late."""

_board: Board | None = None


class Board:
    """Counts what ends, and shows it."""

    def __init__(
        self, progress: StudyProgress, spending: Spending, prices: Mapping[str, Price | None]
    ) -> None:
        self.spending = spending
        self._prices = prices
        self._planned = {(c.subject.model, c.cell): c.planned for c in progress.cells}
        self._ended = {(c.subject.model, c.cell): c.ended for c in progress.cells}
        self._names = {c.subject.model: c.subject.entry.name for c in progress.cells}
        self._before = sum(self._ended.values())
        self._runs: dict[str, tuple[str, str]] = {}
        self._errors = 0
        self._start = self._told = time.monotonic()
        self._console = Console(stderr=True)
        self._live: Live | None = None

    @contextmanager
    def shown(self) -> Iterator[Board]:
        """Show the matrix: redrawn on a terminal, else a line now and then on stderr."""
        global _board
        _board = self
        try:
            if self._console.is_terminal:
                with Live(
                    get_renderable=self._matrix, console=self._console, refresh_per_second=2
                ) as self._live:
                    yield self
            else:
                self.tell(self.line())
                yield self
            self.tell(self.line())
        finally:
            _board = None
            self._live = None

    def started(self, eval_id: str, model: str, cell: str) -> None:
        """Note which model and cell a run is of."""
        self._runs[eval_id] = (model, cell)

    def used(self, model: str, used: Used) -> None:
        """Count a call's tokens and price."""
        price = self._prices.get(model)
        usd = price.cost(used.read, used.written, used.cached) if price else 0.0
        self.spending.add(usd, used.total)

    def ended(self, eval_id: str, *, error: bool) -> None:
        """Count a sample."""
        run = self._runs.get(eval_id)
        if run in self._ended and not error:
            self._ended[run] += 1
        self._errors += error
        if self._live is None and time.monotonic() - self._told > _EVERY:
            self.tell(self.line())

    def task_ended(self, model: str, cell: str, status: str) -> None:
        """Tell of a cell that has ended."""
        if self._live is None:
            done, planned = self._ended.get((model, cell), 0), self._planned.get((model, cell), 0)
            name = self._names.get(model, model)
            self.tell(f"{name} {cell}: {done} of {planned} samples, {status}; {self.line()}")

    def line(self) -> str:
        """Give the whole in one line."""
        done, planned = sum(self._ended.values()), sum(self._planned.values())
        full = sum(self._ended[key] >= self._planned[key] for key in self._planned)
        parts = [
            f"[{done} of {planned} samples, {full} of {len(self._planned)} cells]",
            f"{self.spending.tokens:,} tokens",
        ]
        if any(self._prices.values()):
            of = f" of {self.spending.most_usd:g}" if self.spending.most_usd else ""
            parts.append(f"{self.spending.usd:.2f}{of} USD")
        if self._errors:
            parts.append(f"{self._errors} errors")
        new = done - self._before
        if new >= _ENOUGH and done < planned:
            left = (planned - done) * (time.monotonic() - self._start) / new
            parts.append(f"about {left / 60:.0f} min left")
        return ", ".join(parts)

    def tell(self, line: str) -> None:
        """Write a line to stderr."""
        self._told = time.monotonic()
        print(line, file=sys.stderr, flush=True)

    def _matrix(self) -> Table:
        cells = list(dict.fromkeys(cell for _, cell in self._planned))
        table = Table(caption=Text(self.line()), caption_justify="left")
        table.add_column("model")
        for cell in cells:
            table.add_column(cell, justify="right")
        for model, name in self._names.items():
            counts = [f"{self._ended[model, cell]}/{self._planned[model, cell]}" for cell in cells]
            table.add_row(Text(name), *counts)
        return table


@hooks(name="am_inspect_study", description="Counts what a study has done and spent.")
class StudyHooks(Hooks):
    """Hands what Inspect tells on to the board of the study that is running."""

    def enabled(self) -> bool:
        """Only while a study runs in this process."""
        return _board is not None

    async def on_task_start(self, data: TaskStart) -> None:
        """Note what a run is of."""
        cell = str((data.spec.metadata or {}).get("cell"))
        self._tell(lambda board: board.started(data.eval_id, data.spec.model, cell))

    async def on_model_usage(self, data: ModelUsageData) -> None:
        """Count a call."""
        self._tell(lambda board: board.used(data.model_name, Used.of(data.usage)))

    async def on_sample_end(self, data: SampleEnd) -> None:
        """Count a sample, which is in the log by now."""
        sample = data.sample

        def note(board: Board) -> None:
            board.spending.ended(data.eval_id, str(sample.id), sample.epoch)
            board.ended(data.eval_id, error=sample.error is not None)

        self._tell(note)

    async def on_task_end(self, data: TaskEnd) -> None:
        """Tell of a cell."""
        log = data.log
        cell = str((log.eval.metadata or {}).get("cell"))

        def note(board: Board) -> None:
            board.spending.task_ended(data.eval_id)
            board.task_ended(log.eval.model, cell, log.status)

        self._tell(note)

    def _tell(self, what: Callable[[Board], None]) -> None:
        if _board is not None:
            what(_board)
