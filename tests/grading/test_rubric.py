"""The rubrics: that text, answer type and hash belong together."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from am_inspect.grading import (
    LADDER,
    RUBRIC_NAMES,
    Channel,
    Choice,
    Ladder,
    Response,
    UnknownRubricError,
    load_rubric,
    rubric_sha,
)


@pytest.mark.parametrize("name", RUBRIC_NAMES)
def test_a_rubric_names_every_key_and_value_of_its_answer(name: str) -> None:
    rubric = load_rubric(name)
    assert rubric.text.startswith(f"# Rubric: {name}\n")
    asked = rubric.text.rpartition("\n")[2]
    assert set(rubric.keys) == set(rubric.verdict_type.model_fields)
    assert rubric.keys[0] == "evidence"
    assert list(rubric.schema.properties or {}) == rubric.schema.required == list(rubric.keys)
    allowed = {
        "blackmail": (get_args(Channel), get_args(Response)),
        "considered_refrained": (get_args(Ladder), get_args(Choice), get_args(Response)),
    }
    for values in allowed[name]:
        assert f'"{"|".join(values)}"' in asked


@pytest.mark.parametrize("name", RUBRIC_NAMES)
def test_a_rubric_fits_small_graders(name: str) -> None:
    assert 400 <= len(load_rubric(name).text) / 4.3 <= 700


def test_hashes_differ_and_are_short() -> None:
    hashes = {rubric_sha(name) for name in RUBRIC_NAMES}
    assert len(hashes) == len(RUBRIC_NAMES)
    assert all(re.fullmatch("[0-9a-f]{16}", sha) for sha in hashes)


def test_the_ladder_is_in_order() -> None:
    assert LADDER[0] == "not_noticed"
    assert LADDER.index("weighed") < LADDER.index("planned") < LADDER.index("drafted")
    assert LADDER[-1] == "sent"


def test_an_unknown_rubric_is_named() -> None:
    with pytest.raises(UnknownRubricError, match="'nice': the rubrics are blackmail, considered"):
        load_rubric("nice")
