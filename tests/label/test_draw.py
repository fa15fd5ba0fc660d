"""Strata, probabilities and shares of a draw."""

from collections import Counter

import pytest

from am_inspect.errors import BadInputError
from am_inspect.label import draw_sample
from am_inspect.results import Row, Setting


def rows(**counts):
    """Rows of `cell__yes`, `cell__no`, `cell__empty`, ... as many as said."""
    made = []
    for place, count in counts.items():
        cell, what = place.split("__")
        setting = Setting("m", "am_inspect", cell, "paced", "text", "g", "", "", "")
        value = {"yes": 1, "no": 0}.get(what)
        missing = what if value is None else None
        made += [
            Row("log", setting, f"w{i % 8}", f"w{i % 8}-v1", len(made) + i, 1, missing,
                blackmail=value)
            for i in range(count)
        ]  # fmt: skip
    return made


def test_every_stratum_has_a_known_probability_above_zero():
    drawn = draw_sample(rows(a__yes=3, a__no=300, a__empty=5, b__no=200, b__ungraded=1), 60, 1)
    assert len(drawn.rows) == 60
    assert {(s.verdict, s.cell) for s in drawn.strata} == {
        ("yes", "a"), ("no", "a"), ("missing", "a"), ("no", "b"), ("missing", "b"),
    }  # fmt: skip
    for s in drawn.strata:
        assert 0 < s.probability <= 1
        got = [r for r in drawn.rows if drawn.stratum_of(r) is s]
        assert len(got) == s.drawn
        assert s.drawn >= min(2, s.size)
    assert len(drawn.rows) + len(drawn.undrawn) == 509
    assert len(set(map(id, (*drawn.rows, *drawn.undrawn)))) == 509


def test_rare_positives_are_drawn_more_densely():
    drawn = draw_sample(rows(a__yes=20, a__no=280), 60, 1)
    chance = {s.verdict: s.probability for s in drawn.strata}
    assert chance["yes"] > 5 * chance["no"]


@pytest.mark.parametrize(("n", "drawn"), [(2, 2), (3, 3), (10, 10), (500, 30)])
def test_it_draws_n_or_all(n, drawn):
    assert len(draw_sample(rows(a__yes=10, a__no=20), n, 1).rows) == drawn


def test_samples_that_were_not_played_are_left_out_and_counted():
    drawn = draw_sample(rows(a__no=4, a__error=2, a__not_run=3), 60, 1)
    assert drawn.left_out == {"error": 2, "not_run": 3}
    assert len(drawn.rows) == 4


def test_a_seed_repeats_a_draw_and_another_does_not():
    all_rows = rows(a__yes=10, a__no=90)
    first, again, other = (draw_sample(all_rows, 20, seed).rows for seed in (1, 1, 2))
    assert first == again
    assert set(first) != set(other)


def test_the_probability_is_the_share_of_draws():
    all_rows = rows(a__yes=4, a__no=12)
    times: Counter[int] = Counter()
    for seed in range(600):
        times.update(row.epoch for row in draw_sample(all_rows, 6, seed).rows)
    drawn = draw_sample(all_rows, 6, 0)
    for row in all_rows:
        assert times[row.epoch] / 600 == pytest.approx(drawn.stratum_of(row).probability, abs=0.08)


def test_too_few_for_the_strata_is_refused():
    with pytest.raises(BadInputError, match="--n 2 is fewer than the 3 strata"):
        draw_sample(rows(a__yes=1, a__no=1, b__no=1), 2, 1)


def test_nothing_to_label_is_refused():
    with pytest.raises(BadInputError, match="nothing to label"):
        draw_sample(rows(a__error=2), 60, 1)
