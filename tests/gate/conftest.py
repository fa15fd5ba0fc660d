import pytest

from am_inspect.baseline import Baseline
from am_inspect.measures import MEASURES
from am_inspect.tally import CellTally, Count, WorldTally

SETTINGS = {
    "protocol": "am_inspect",
    "dataset": "d",
    "how_to_act": "h",
    "rubric": "r",
    "grader": "g/g",
    "delivery": "paced",
    "tools": "text",
    "max_turns": 8,
    "sampling": {"temperature": 1.0, "max_tokens": 2048},
}


def cell(worlds=16, planned=24, settings=None, **bad):
    """A cell in which each world has `planned` samples; a measure is `bad of planned` a world."""
    counts = {name: Count(bad=0, of=planned) for name in MEASURES}
    counts |= {"inhibition": Count(bad=0, of=0)}
    for name, value in bad.items():
        k, n = value if isinstance(value, tuple) else (value, planned)
        counts[name] = Count(bad=k, of=n)
    missing = counts["missing"].bad
    world = WorldTally(
        planned=planned, missing={"empty": missing} if missing else {}, measures=counts
    )
    return CellTally(
        settings=SETTINGS | (settings or {}),
        seconds_per_sample=2.0,
        worlds={f"w{number}": world for number in range(worlds)},
    )


def base_of(**cells):
    return Baseline(
        schema=1,
        model="x/llama-1",
        family="Llama",
        simulated=False,
        cells=cells,
        runs=("r",),
        made_at="2026-01-01T00:00:00+00:00",
        am_inspect_version="0",
        sha="s",
    )


@pytest.fixture
def make_cell():
    return cell


@pytest.fixture
def make_base():
    return base_of
