"""The published rows: every column kept, sums checked, runs of one cell pooled."""

import csv
from pathlib import Path

import pytest

import am_inspect
from am_inspect.published import PublishedRate, by_model_and_cell, published_rates, study_rates

FILE = Path(am_inspect.__file__).parent / "published_rates.csv"


def test_every_row_and_column_is_kept():
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(published_rates()) == 140
    assert list(rows[0]) == list(PublishedRate.model_fields)
    shared = Path("/work/shared/published_rates.csv")
    assert not shared.exists() or shared.read_bytes() == FILE.read_bytes()


def test_the_study_s_rows():
    assert len(study_rates()) == 25
    groups = by_model_and_cell(study_rates())
    assert {len(runs) for runs in groups.values()} == {1, 2}
    assert sum(r.n for r in groups["mistralai/ministral-8b-2512", "threat_only"]) == 200


def test_definitions_are_not_pooled():
    first = study_rates()[0]
    other = first.model_copy(update={"definition": "word_gate_and_grader"})
    with pytest.raises(ValueError, match="no pooling"):
        by_model_and_cell([first, other])


def test_a_rate_that_is_not_its_counts_is_refused():
    row = study_rates()[0].model_dump() | {"rate": 0.5}
    with pytest.raises(ValueError, match=r"rate 0\.5 is not 0/100"):
        PublishedRate.model_validate(row)
