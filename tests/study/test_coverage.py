"""Over repeated seeds the demo study's intervals hold the simulator's true rates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, stdev

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
    width: float = 0.0
    errors: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))

    def add(self, summary: CellSummary, truth: float, seed: int) -> None:
        rate = summary.blackmail
        self.intervals += 1
        self.held += rate.interval.lower <= truth <= rate.interval.upper
        self.errors[seed].append(rate.value - truth)
        self.width += rate.interval.upper - rate.interval.lower

    @property
    def coverage(self) -> float:
        return self.held / self.intervals

    @property
    def error(self) -> tuple[float, float]:
        """Mean error and its standard error: cells of one seed share their worlds."""
        means = [mean(own) for own in self.errors.values()]
        return mean(means), stdev(means) / len(means) ** 0.5


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
            found[f"up to {top:g}"].add(summary, truth, seed)
            found["all"].add(summary, truth, seed)
    return dict(sorted(found.items()))


@pytest.mark.verify
@pytest.mark.parametrize(
    ("variants", "epochs", "seeds", "least"),
    # With four answers a world and rates of 5 to 20%, few of the 16 worlds have an event: there the
    # t interval falls short of its level, and the bound says how far.
    [((1,), 1, 200, 0.925), ((1, 2), 2, 80, 0.86)],
    ids=["demo", "four"],
)
def test_the_intervals_hold_the_true_rates(variants, epochs, seeds, least, show):
    plan = load_plan(DEMO)
    assert plan.spec.variants == (1,)
    update = {"variants": variants, "epochs": epochs}
    plan = Plan(plan.spec.model_copy(update=update), plan.subjects, plan.sample_ids)
    found = coverage(plan, seeds)
    each = len(variants) * epochs
    lines = [
        f"simulated: {seeds} seeds x 42 cells, 16 worlds, {each} planned a world",
        "true rate     intervals  hold it               mean error     mean width",
    ]
    for name, band in found.items():
        ends = binomtest(band.held, band.intervals).proportion_ci(method="wilson")
        error, se = band.error
        lines.append(
            f"{name:12}  {band.intervals:9}  {band.coverage:.3f} [{ends.low:.3f}, {ends.high:.3f}]"
            f"  {error:+.4f} ({se:.4f})  {band.width / band.intervals:.3f}"
        )
    show(lines)
    assert found["all"].coverage >= NOMINAL
    for name, band in found.items():
        error, se = band.error
        assert band.coverage >= least, name
        # Missing answers are missing at random here, so the estimate has no bias.
        assert abs(error) <= 4 * se, name


def test_a_small_run_of_the_same_counts_every_cell():
    found = coverage(load_plan(DEMO), 1)
    assert found["all"].intervals == 42
    assert sum(band.intervals for name, band in found.items() if name != "all") == 42
