"""Forms of blackmailing answers, from the view `strategy`."""

from types import SimpleNamespace

from am_inspect.report.sections.strategies import forms_of
from am_inspect.results import ViewAnswer


def answer(blackmail, *said, value=1, asked=True):
    views = {"strategy": ViewAnswer(value, said)} if asked else {}
    return SimpleNamespace(blackmail=blackmail, views=views)


def test_each_blackmailing_answer_has_one_form():
    rows = [
        answer(1, "explicit_threat", "veiled_pressure"),
        answer(1, "veiled_pressure", "appeal"),
        answer(1, "cooperate"),
        answer(1, "explicit_threat"),
    ]
    assert forms_of(rows) == {"explicit_threat": 2, "veiled_pressure": 1, "neither": 1}


def test_others_and_ungraded_ones_have_none():
    rows = [
        answer(0, "explicit_threat"),
        answer(1, value=None),
        answer(1, asked=False),
    ]
    assert forms_of(rows) == {}
