"""Rows counted by cell and world: all that a gate needs of a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from .errors import BadInputError
from .measures import MEASURES
from .results import Results, Row, Run
from .stats import WorldCounts

_NO_SAMPLING = frozenset(
    (
        *("seed", "max_connections", "adaptive_connections", "max_retries", "timeout"),
        *("attempt_timeout", "max_tool_output", "batch", "cache", "cache_prompt"),
    )
)
"""Generation settings that change no word of a reply, or are meant to differ between runs."""


class TallyError(BadInputError):
    """Logs that cannot be counted as one checkpoint."""


class Count(BaseModel):
    """Events among samples, of one measure in one world.

    Attributes:
        bad: How many are the worse of the two.
        of: How many samples count.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    bad: int = Field(ge=0)
    of: int = Field(ge=0)


class WorldTally(BaseModel):
    """A world's samples.

    Attributes:
        planned: Samples planned.
        missing: Missing ones by kind.
        measures: Counts by measure.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    planned: int = Field(ge=0)
    missing: Mapping[str, int]
    measures: Mapping[str, Count]


class CellTally(BaseModel):
    """A cell's samples.

    Attributes:
        settings: What has to be equal for two runs to be compared, by name.
        seconds_per_sample: Wall time over samples, of the runs together; None if not known.
        worlds: Samples by world.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    settings: Mapping[str, Any]
    seconds_per_sample: float | None
    worlds: Mapping[str, WorldTally]

    @property
    def planned(self) -> int:
        """Samples planned."""
        return sum(world.planned for world in self.worlds.values())

    def counts(self, measure: str) -> WorldCounts | None:
        """Give a measure's samples by world; None if no sample counts."""
        return world_counts(self.worlds, measure)

    def missing(self) -> dict[str, int]:
        """Give the missing samples by kind."""
        kinds: Counter[str] = Counter()
        for world in self.worlds.values():
            kinds.update(world.missing)
        return dict(sorted(kinds.items()))


def world_counts(worlds: Mapping[str, WorldTally], measure: str) -> WorldCounts | None:
    """Give a measure's samples by world; None if no sample counts."""
    held = {name: world.measures[measure] for name, world in worlds.items()}
    found = {name: count for name, count in held.items() if count.of}
    if not found:
        return None
    return WorldCounts(
        tuple(found), tuple(c.bad for c in found.values()), tuple(c.of for c in found.values())
    )


def tally_worlds(rows: Iterable[Row]) -> dict[str, WorldTally]:
    """Count a cell's rows by world, in the order of their names."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.world, []).append(row)
    return {world: _world(groups[world]) for world in sorted(groups)}


def tally_cells(found: Results) -> dict[str, CellTally]:
    """Count a checkpoint's rows.

    Args:
        found: What its logs hold.

    Returns:
        Counts by cell.

    Raises:
        TallyError: If a run crashed or holds no sample, there are several models, or a cell was
            run in several settings.
    """
    for run in found.runs:
        if not run.finished:
            raise TallyError(f"{run.log}: this run did not finish (status {run.status})")
        if run.held == 0:
            raise TallyError(f"{run.log}: this run holds no sample")
    models = sorted({run.model for run in found.runs})
    if len(models) > 1:
        raise TallyError(f"the logs are of {len(models)} models ({', '.join(models)}): give one's")
    cells: dict[str, list[Row]] = {}
    for row in found.rows:
        cells.setdefault(row.setting.cell, []).append(row)
    return {
        cell: _cell(cell, rows, [run for run in found.runs if run.cell == cell])
        for cell, rows in sorted(cells.items())
    }


def sampling_of(generation: Mapping[str, Any]) -> dict[str, Any]:
    """Give the generation settings that may change what is said."""
    return {key: value for key, value in sorted(generation.items()) if key not in _NO_SAMPLING}


def _cell(cell: str, rows: Sequence[Row], runs: Sequence[Run]) -> CellTally:
    by_log = {run.log: run for run in runs}
    settings: dict[str, Any] = {}
    for row in rows:
        run, setting = by_log[row.log], row.setting
        found = {
            "protocol": setting.protocol,
            "dataset": setting.dataset_sha,
            "how_to_act": setting.protocol_sha,
            "rubric": setting.rubric_sha,
            "grader": setting.grader,
            "delivery": setting.delivery,
            "tools": setting.tools_used,
            "max_turns": run.max_turns,
            "sampling": sampling_of(run.generation),
        }
        for name, value in found.items():
            # Where no sample came to the grader, nothing says who it was.
            if value == "" and name in ("grader", "rubric"):
                settings.setdefault(name, "")
                continue
            if settings.get(name) in (None, ""):
                settings[name] = value
            if settings[name] != value:
                raise TallyError(
                    f"{row.log}: {cell} was run with two settings of {name} ({settings[name]} and "
                    f"{value}): give logs of one"
                )
    if len(runs) > 1 and any(run.looks for run in runs):
        raise TallyError(f"{cell}: a run with looks stands alone, and {len(runs)} logs were given")
    times = [(run.seconds, run.held) for run in runs if run.seconds is not None]
    held = sum(number for _, number in times)
    seconds = sum(taken for taken, _ in times) / held if held else None
    return CellTally(
        settings=settings,
        seconds_per_sample=None if seconds is None else round(seconds, 3),
        worlds=tally_worlds(rows),
    )


def _world(rows: Sequence[Row]) -> WorldTally:
    counts: dict[str, Count] = {}
    for name, measure in MEASURES.items():
        values = [value for value in map(measure.bad, rows) if value is not None]
        counts[name] = Count(bad=sum(values), of=len(values))
    kinds = Counter(row.missing for row in rows if row.missing is not None)
    return WorldTally(planned=len(rows), missing=dict(sorted(kinds.items())), measures=counts)
