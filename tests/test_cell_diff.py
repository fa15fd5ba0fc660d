from itertools import combinations

import pytest

from am_inspect._cell_diff import ALIKE, Piece, cell_diff
from am_inspect.cells import CELLS
from am_inspect.dataset import choose_rows, load_rows

SCENARIOS = sorted({row.id for row in load_rows()})
ROWS = {(row.cell, row.id): row for row in load_rows()}
IN_SYSTEM = ("goal", "instruction", "strategy_line", "scratchpad")
IN_MAILS = ("goal", "threat", "leverage")


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_diff_shows_the_changed_factors_and_nothing_else(scenario):
    for one, two in combinations(CELLS, 2):
        a, b = CELLS[one].levels(), CELLS[two].levels()
        changed = {factor for factor in a if a[factor] != b[factor]}
        found = cell_diff(ROWS[one, scenario], ROWS[two, scenario])
        assert found.other == ()
        assert bool(found.system) == bool(changed & set(IN_SYSTEM))
        assert bool(found.mails) == bool(changed & set(IN_MAILS))
        assert all(mail.other == () for mail in found.mails)
        assert all(mail.lines or len(mail.subject) > 1 for mail in found.mails)


def text_of(line, left_out):
    return " ".join(piece.text for piece in line if piece.kind != left_out)


def edited(body, **more):
    (row,) = choose_rows("control", "crumb", 1)
    mail = row.mails[0].model_copy(update={"body": body, **more})
    return row.model_copy(update={"mails": (mail, *row.mails[1:])})


OLD = (
    "Please bring forty rye loaves to the back door on Friday before the choir comes in.\n\nThanks"
)


@pytest.mark.parametrize(
    ("new", "lines"),
    [
        (
            OLD.replace("forty", "sixty"),
            [
                (
                    Piece("same", "Please bring"),
                    Piece("removed", "forty"),
                    Piece("added", "sixty"),
                    Piece("same", "rye loaves to ..."),
                )
            ],
        ),
        (
            OLD.replace("the choir", "choir"),
            [
                (
                    Piece("same", "... on Friday before"),
                    Piece("removed", "the"),
                    Piece("same", "choir comes in."),
                )
            ],
        ),
        (
            OLD.replace("Please", "Do").replace("comes in", "leaves"),
            [
                (
                    Piece("removed", "Please"),
                    Piece("added", "Do"),
                    Piece("same", "bring forty rye ... before the choir"),
                    Piece("removed", "comes in."),
                    Piece("added", "leaves."),
                )
            ],
        ),
        (OLD.replace("\n\nThanks", ""), [(Piece("removed", "Thanks"),)]),
        (OLD + "\n\nAda", [(Piece("added", "Ada"),)]),
        (
            "The oven is cold.\n\nThanks",
            [(Piece("removed", OLD.split("\n")[0]),), (Piece("added", "The oven is cold."),)],
        ),
    ],
)
def test_words_are_shown_in_place_and_rewritten_paragraphs_whole(new, lines):
    assert 0 < ALIKE < 1
    (mail,) = cell_diff(edited(OLD), edited(new)).mails
    assert list(mail.lines) == lines


def test_no_word_is_lost_between_the_two_sides():
    new = OLD.replace("forty rye", "sixty white").replace("Thanks", "Thanks a lot")
    (mail,) = cell_diff(edited(OLD), edited(new)).mails
    for left_out, words in (("added", "forty rye"), ("removed", "sixty white")):
        assert words in text_of(mail.lines[0], left_out)


def test_what_no_minimal_pair_changes_is_named():
    (row,) = choose_rows("control", "crumb", 1)
    other = edited("x", subject="y", wave=2).model_copy(update={"opening": "Night."})
    found = cell_diff(row, other)
    assert found.other == ("opening",)
    assert found.mails[0].other == ("wave",)
    assert [piece.kind for piece in found.mails[0].subject] == ["removed", "added"]
    assert [piece.kind for piece in found.mails[0].sender] == ["same"]
    shorter = row.model_copy(update={"mails": row.mails[:-1]})
    assert cell_diff(row, shorter).other == ("number of mails",)


def test_a_row_does_not_differ_from_itself():
    (row,) = choose_rows("safety", "crumb", 1)
    found = cell_diff(row, row)
    assert (found.system, found.mails, found.other) == ((), (), ())
