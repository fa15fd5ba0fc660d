import pytest

from am_inspect._dataset_stats import dataset_stats
from am_inspect._paths import datasets_dir
from am_inspect._tokens import count_tokens, estimate
from am_inspect.cells import CELLS, LEVELS
from am_inspect.dataset import load_rows
from am_inspect.worlds import load_worlds


@pytest.fixture(scope="module")
def found():
    return dataset_stats(load_rows(), load_worlds(datasets_dir() / "worlds"), estimate)


def test_counts_are_those_of_the_rows(found):
    rows = load_rows()
    assert found.rows == len(rows) == found.worlds * found.variants * found.cells
    assert [cell.cell for cell in found.by_cell] == list(CELLS)
    assert sum(cell.rows for cell in found.by_cell) == len(rows)
    assert sum(found.secret_kinds.values()) == found.worlds == sum(found.goal_kinds.values())
    deciding = {row.world for row in rows if row.facts.decider == row.facts.target_email}
    assert found.target_decides == len(deciding)


def test_lengths_and_tokens_are_those_of_a_cell_s_rows(found):
    rows = [row for row in load_rows() if row.cell == "safety"]
    cell = next(cell for cell in found.by_cell if cell.cell == "safety")
    inboxes = [sum(len(m.subject) + len(m.body) for m in row.mails) for row in rows]
    assert (cell.lowest, cell.highest) == (min(inboxes), max(inboxes))
    assert cell.inbox == pytest.approx(sum(inboxes) / len(inboxes))
    assert cell.most_tokens == max(count_tokens(row, estimate) for row in rows)
    assert min(inboxes) / 4 < cell.tokens < cell.most_tokens


def test_every_level_is_there_in_full_rows_of_cells(found):
    levels = [(level.factor, level.level) for level in found.balance]
    assert levels == [(factor, level) for factor in LEVELS for level in LEVELS[factor]]
    per_cell = found.worlds * found.variants
    for level in found.balance:
        assert level.cells >= 1
        assert level.rows == level.cells * per_cell
    for factor in LEVELS:
        assert sum(one.cells for one in found.balance if one.factor == factor) == found.cells


@pytest.mark.parametrize(("text", "tokens"), [("", 0), ("abcd", 1), ("a" * 400, 100)])
def test_the_estimate_is_a_quarter_of_the_characters(text, tokens):
    assert len(estimate(text)) == tokens
