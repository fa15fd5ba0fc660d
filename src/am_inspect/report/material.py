"""What every section of a report draws on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ..calibration import CalibrationFile
from ..cells import CELLS
from ..results import LeftOut, Results, Row, Run
from ..summary import CellSummary, summarise
from .batch import Batch, Chosen, Part, choose_batch
from .transcripts import Transcripts


@dataclass(frozen=True)
class Material:
    """The samples of one batch, counted up.

    Attributes:
        results: All that the logs hold.
        chosen: The batch that is shown, and the others.
        transcripts: The way to a sample's transcript.
        calibration: What is known of the grader, if a file was given.
    """

    results: Results
    chosen: Chosen
    transcripts: Transcripts
    calibration: CalibrationFile | None = None

    @property
    def batch(self) -> Batch:
        """The settings that all samples share."""
        return self.chosen.part.batch

    @property
    def rows(self) -> tuple[Row, ...]:
        """The samples."""
        return self.chosen.part.rows

    @property
    def others(self) -> tuple[Part, ...]:
        """Batches that are not shown."""
        return self.chosen.others

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """Logs that were not used at all."""
        return self.results.left_out

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """The logs of the samples, by model and cell."""
        logs = {row.log for row in self.rows}
        order = list(CELLS)
        used = [run for run in self.results.runs if run.log in logs]
        return tuple(sorted(used, key=lambda r: (r.model, order.index(r.cell), r.created)))

    @cached_property
    def summaries(self) -> Mapping[tuple[str, str], CellSummary]:
        """Counts by model and cell."""
        found = summarise(self.rows)
        return {(s.setting.model, s.setting.cell): s for s in found}

    @cached_property
    def models(self) -> tuple[str, ...]:
        """The models, sorted."""
        return tuple(dict.fromkeys(model for model, _ in self.summaries))

    @cached_property
    def cells(self) -> tuple[str, ...]:
        """The cells that were run, in the catalogue's order."""
        ran = {cell for _, cell in self.summaries}
        return tuple(cell for cell in CELLS if cell in ran)

    @cached_property
    def worlds(self) -> tuple[str, ...]:
        """The worlds, sorted."""
        return tuple(sorted({row.world for row in self.rows}))

    @cached_property
    def _by_cell(self) -> Mapping[tuple[str, str], Sequence[Row]]:
        found: dict[tuple[str, str], list[Row]] = {}
        for row in self.rows:
            found.setdefault((row.setting.model, row.setting.cell), []).append(row)
        return found

    def rows_of(self, model: str, cell: str) -> Sequence[Row]:
        """Give the samples of a model in a cell."""
        return self._by_cell.get((model, cell), ())

    def answers_of(self, model: str, cell: str) -> list[Row]:
        """Give the answers of a model in a cell: the samples that are not missing."""
        return [row for row in self.rows_of(model, cell) if row.missing is None]


def gather(
    results: Results,
    transcripts: Transcripts,
    *,
    batch: int | None = None,
    calibration: CalibrationFile | None = None,
) -> Material:
    """Choose a batch and count it up.

    Args:
        results: What the logs hold.
        transcripts: The way to transcripts.
        batch: Which batch; the largest if not given.
        calibration: What is known of the grader.

    Returns:
        The material of a report.

    Raises:
        BatchError: If there is no such batch.
    """
    return Material(results, choose_batch(results.rows, batch), transcripts, calibration)
