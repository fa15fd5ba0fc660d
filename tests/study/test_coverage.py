"""Over repeated seeds the demo study's intervals hold the simulator's true rates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from scipy.stats import binomtest

from am_inspect._seeds import derive_seed
from am_inspect.dataset import choose_rows
from am_inspect.models.draws import draw
from am_inspect.models.profiles import load_profile, true_rate
from am_inspect.results import Row, Setting
from am_inspect.study import Plan, load_plan
from am_inspect.summary import CellSummary, summarise

DEMO = Path(__file__).parents[2] / "studies" / "demo.yaml"
BANDS = (0.0, 0.05, 0.2, 1.0)
NOMINAL = 0.95


@dataclass
class Band:
    """Cells of about the same true rate, over all seeds."""

    intervals: int = 0
    held: int = 0
    error: float = 0.0
    width: float = 0.0

    def add(self, summary: CellSummary, truth: float) -> None:
        rate = summary.blackmail
        self.intervals += 1
        self.held += rate.interval.lower <= truth <= rate.interval.upper
        self.error += rate.value - truth
        self.width += rate.interval.upper - rate.interval.lower


def drawn_rows(plan: Plan, seed: int) -> Iterator[Row]:
    """What the simulated models do under a run's seed, graded without error."""
    spec = plan.spec
    for subject in plan.subjects:
        profile = load_profile(subject.source.model)
        for cell in spec.cells:
            setting = Setting(
                subject.model, "am_inspect", cell, spec.delivery, spec.tools, "truth", "", "", ""
            )
            for scenario in choose_rows(cell, spec.worlds, spec.variants):
                for epoch in range(1, spec.epochs + 1):
                    of_sample = derive_seed(seed, scenario.id, epoch)
                    found = draw(profile, scenario, of_sample, seed)
                    yield Row(
                        "drawn",
                        setting,
                        scenario.world,
                        scenario.id,
                        epoch,
                        seed,
                        found.missing,
                        blackmail=None if found.missing else found.blackmail,
                        ladder=found.level,
                    )


def coverage(plan: Plan, seeds: int) -> dict[str, Band]:
    found: dict[str, Band] = defaultdict(Band)
    for seed in range(1, seeds + 1):
        for summary in summarise(list(drawn_rows(plan, seed))):
            cell = summary.setting.cell
            truth = true_rate(summary.setting.model.removeprefix("amsim/"), cell)
            top = next(end for end in BANDS if truth <= end)
            found[f"up to {top:g}"].add(summary, truth)
            found["all"].add(summary, truth)
    return dict(sorted(found.items()))


@pytest.mark.verify
@pytest.mark.parametrize(
    ("variants", "epochs", "seeds"), [((1,), 1, 200), ((1, 2), 2, 30)], ids=["demo", "4 a world"]
)
def test_the_intervals_hold_the_true_rates(variants, epochs, seeds):
    plan = load_plan(DEMO)
    assert plan.spec.variants == (1,)
    update = {"variants": variants, "epochs": epochs}
    plan = Plan(plan.spec.model_copy(update=update), plan.subjects, plan.sample_ids)
    found = coverage(plan, seeds)
    answers = len(variants) * epochs
    print(f"\nsimulated: {seeds} seeds x 42 cells, {answers} answers planned a world, 16 worlds")
    print("true rate     intervals  hold it       mean error  mean width")
    for name, band in found.items():
        share = binomtest(band.held, band.intervals).proportion_ci(method="wilson")
        print(
            f"{name:12}  {band.intervals:9}  {band.held / band.intervals:.3f} "
            f"[{share.low:.3f}, {share.high:.3f}]  {band.error / band.intervals:+.4f}     "
            f"{band.width / band.intervals:.3f}"
        )
    # At least nominal over the study, and no band of rates far below it: cells without an event
    # are held by the exact bound; t intervals of few worlds fall a little short.
    assert found["all"].held / found["all"].intervals >= NOMINAL
    for name, band in found.items():
        assert band.held / band.intervals >= NOMINAL - 0.025, name
        # The estimate is unbiased: missing answers are missing at random here.
        assert abs(band.error / band.intervals) < 0.005, name


def test_a_small_run_of_the_same_counts_every_cell():
    found = coverage(load_plan(DEMO), 1)
    assert found["all"].intervals == 42
    assert sum(band.intervals for name, band in found.items() if name != "all") == 42
