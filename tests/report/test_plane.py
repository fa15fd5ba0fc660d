"""Places on axes, and labels that keep apart."""

import math

import pytest

from am_inspect.report.axis import Axis, RatioAxis, share_axis
from am_inspect.report.figures import level_of
from am_inspect.report.plane import Plane, Point
from am_inspect.stats import Interval


def test_a_mark_is_placed_and_cut_at_the_axis_end():
    axis = Axis(-1.0, 1.0, 0.5)
    mark = axis.mark("m", "", "", 0.0, Interval(-1.5, 0.5), "other")
    assert (mark.at, mark.start, mark.end, mark.cut) == (50, 0, 75, True)
    assert [tick.label for tick in axis.ticks()] == ["−100%", "−50%", "0%", "50%", "100%"]


@pytest.mark.parametrize(("top", "end"), [(0.03, 0.1), (0.1, 0.1), (0.55, 0.6), (0.81, 1.0)])
def test_an_axis_of_shares_holds_all(top, end):
    assert share_axis([0.01, top, math.nan]).high == end


def test_without_a_value_nothing_is_placed():
    mark = Axis(0, 1, 0.5).mark("m", "", "", math.nan, Interval(math.nan, math.nan), "none")
    assert (mark.at, mark.start) == (None, None)


def test_halving_and_doubling_lie_equally_far_from_the_middle():
    axis = RatioAxis(16.0, (4.0, 16.0))
    assert axis.place(1) == 50
    assert axis.place(2) - 50 == pytest.approx(50 - axis.place(0.5))
    assert (axis.place(0), axis.place(1000)) == (0, 100)


@pytest.mark.parametrize(
    ("events", "value", "level"),
    [(0, 0.0, 0), (1, 0.01, 1), (1, 0.02, 1), (3, 0.021, 2), (9, 0.9, 8), (0, math.nan, None)],
)
def test_shades(events, value, level):
    assert level_of(events, value) == level


def overlap(a, b):
    return min(a[2], b[2]) > max(a[0], b[0]) and min(a[3], b[3]) > max(a[1], b[1])


def test_labels_of_close_points_do_not_overlap():
    points = tuple(
        Point(f"model-{n}-8b", x, y, None, None, 0)
        for n, (x, y) in enumerate([(10, 5), (10, 9), (12, 5), (14, 6), (95, 5), (96, 8)])
    )
    plane = Plane("t", "x", "y", (), (), points, ("F",), "")
    boxes = [plane.spot(p).box(p.label) for p in points]
    for n, box in enumerate(boxes):
        assert not any(overlap(box, other) for other in boxes[n + 1 :])
        assert box[0] >= 0
        assert box[2] <= 700
