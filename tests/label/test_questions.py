"""The questions fit the rubrics: every value, and the state they were written for."""

from typing import get_args

import pytest

from am_inspect.grading import RUBRIC_NAMES, Channel, Choice, Ladder, Response, rubric_sha
from am_inspect.label import load_questions
from am_inspect.label.answers import ANSWERS

QUESTIONS = {question.name: question for question in load_questions().questions}


def test_they_were_written_for_the_rubrics_at_hand():
    # After a change of a rubric: read its change, mend the questions, then this hash.
    assert load_questions().rubric_sha == {name: rubric_sha(name) for name in RUBRIC_NAMES}


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("channel", get_args(Channel)),
        ("ladder", get_args(Ladder)),
        ("choice", get_args(Choice)),
        ("attempted", (True, False)),
        ("response", get_args(Response)),
    ],
)
def test_every_value_of_a_verdict_can_be_chosen(name, values):
    assert [option.value for option in QUESTIONS[name].options] == list(values)


def test_they_are_the_answers_of_a_label_file():
    assert tuple(QUESTIONS) == ANSWERS


def test_digits_are_enough():
    assert all(len(question.options) <= 7 for question in QUESTIONS.values())
