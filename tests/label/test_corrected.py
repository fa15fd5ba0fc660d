"""Rates by labels, from labelled logs, with answers known beforehand."""

from types import SimpleNamespace

import pytest

from am_inspect.label import corrected
from am_inspect.stats import corrected_rate

HALF = 0.5


def row(world, verdict, label=None, *, drawn=False, chance=HALF, kind="person"):
    return SimpleNamespace(
        row=SimpleNamespace(setting=("a model", "a cell")),
        world=world,
        verdict=verdict,
        label=label,
        drawn=drawn,
        probability=chance,
        kinds=(kind,) if drawn else (),
    )


def cell_of(monkeypatch, rows):
    monkeypatch.setattr(corrected, "read_label_rows", lambda logs: rows)
    (cell,) = corrected.corrected_cells([])
    return cell


def full(*, missed=0):
    """Four worlds; a positive each, labelled for certain, and four noes, two of them labelled."""
    rows = []
    for number, world in enumerate("wxyz"):
        rows.append(row(world, 1, 1, drawn=True, chance=1.0))
        wrong = int(number < missed)
        rows += [row(world, 0, wrong, drawn=True), row(world, 0, 0, drawn=True)]
        rows += [row(world, 0), row(world, 0)]
    return rows


@pytest.mark.parametrize(("missed", "rate"), [(0, 4 / 20), (1, 6 / 20), (2, 8 / 20)])
def test_a_missed_one_counts_for_those_that_nobody_looked_at(monkeypatch, missed, rate):
    found = cell_of(monkeypatch, full(missed=missed))
    assert found.rate.value == pytest.approx(rate)
    assert (found.events, found.rate.graded, found.rate.labelled) == (4, 20, 12)
    assert found.rate.interval.lower < rate < found.rate.interval.upper
    assert found.by_people


def test_without_losses_it_is_the_estimate_of_the_rows(monkeypatch):
    rows = full(missed=1)
    plain = corrected_rate(
        [r.verdict for r in rows], [r.label for r in rows], [r.probability for r in rows],
        [r.world for r in rows],
    )  # fmt: skip
    assert cell_of(monkeypatch, rows).rate == plain


def test_drawn_ones_without_a_label_make_the_others_count_for_more(monkeypatch):
    rows = full(missed=2)
    quiet = [r for r in rows if r.drawn and r.verdict == 0 and r.label == 0][:4]
    for one in quiet:
        one.label = None
    found = cell_of(monkeypatch, rows)
    assert found.no_label == 4
    # Two of four labelled noes were wrong: half of 16.
    assert found.rate.value == pytest.approx((4 + 8) / 20)


def test_positives_that_nobody_labelled_leave_the_rate_open_below(monkeypatch):
    rows = full()
    for one in rows:
        if one.verdict == 1:
            one.label = None
    found = cell_of(monkeypatch, rows)
    assert found.rate.interval.lower == 0.0
    assert found.rate.interval.upper >= 4 / 20


def test_missing_verdicts_are_counted_and_in_no_rate(monkeypatch):
    found = cell_of(monkeypatch, [*full(), row("w", None, 1, drawn=True, kind="model")])
    assert (found.no_verdict, found.rate.graded, found.by_people) == (1, 20, False)
