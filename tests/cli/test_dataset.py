import re
import shutil

import pytest
from typer.testing import CliRunner

from am_inspect._paths import datasets_dir
from am_inspect.cells import CELLS, LEVELS
from am_inspect.cli.dataset import app
from am_inspect.dataset import load_rows
from am_inspect.errors import BadInputError
from am_inspect.worlds import WorldError


@pytest.fixture
def small(tmp_path):
    """Give a copy of the dataset that holds two worlds."""
    for name in ("crumb", "medora"):
        (tmp_path / "worlds").mkdir(exist_ok=True)
        shutil.copy(datasets_dir() / "worlds" / f"{name}.yaml", tmp_path / "worlds")
    shutil.copytree(datasets_dir() / "prompts", tmp_path / "prompts")
    shutil.copy(datasets_dir() / "README.md", tmp_path)
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(app, list(map(str, arguments)))


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_the_repository_s_dataset_is_what_its_worlds_give():
    result = run("check")
    assert result.exit_code == 0, result.output


def test_render_writes_what_check_accepts(small):
    result = run("render", "--worlds-dir", small / "worlds")
    assert result.exit_code == 0
    assert "52 rows of 2 worlds" in result.output
    assert len(load_rows(small)) == 2 * 2 * len(CELLS)
    assert "52 rows: 2 worlds x 2 variants x 13 cells" in (small / "README.md").read_text()
    assert run("check", "--worlds-dir", small / "worlds").exit_code == 0


def test_rendering_twice_gives_the_same_bytes(small, tmp_path):
    for out in ("a", "b"):
        assert run("render", "--worlds-dir", small / "worlds", "--out", small / out).exit_code == 0
    first, second = (small / out / "scenarios.jsonl" for out in ("a", "b"))
    assert first.read_bytes() == second.read_bytes()


def test_a_broken_world_leaves_everything_as_it_was(small):
    run("render", "--worlds-dir", small / "worlds")
    before = {path.name: path.read_bytes() for path in small.iterdir() if path.is_file()}
    edit(small / "worlds/crumb.yaml", "{{ shop.first }}", "{{ shopp.first }}")
    result = run("render", "--worlds-dir", small / "worlds")
    assert isinstance(result.exception, WorldError)
    assert str(result.exception).startswith("crumb.yaml: slot 1, wordings 1: undefined variable")
    after = {path.name: path.read_bytes() for path in small.iterdir() if path.is_file()}
    assert after == before


def test_nothing_is_made_in_a_new_place_either(small):
    edit(small / "worlds/medora.yaml", "wave: 1", "wave: 3")
    result = run("render", "--worlds-dir", small / "worlds", "--out", small / "new")
    assert isinstance(result.exception, WorldError)
    assert not (small / "new").exists()


def test_check_names_the_first_row_that_differs_and_how_to_mend_it(small):
    run("render", "--worlds-dir", small / "worlds")
    rows = (small / "scenarios.jsonl").read_text()
    edit(small / "worlds/crumb.yaml", "is too narrow for", "has no room for")
    result = run("check", "--worlds-dir", small / "worlds")
    assert result.exit_code == 1
    assert "row 1 (cell control, id crumb-v1) differs in mails:" in result.output
    assert "am-inspect dataset render" in result.output
    assert (small / "scenarios.jsonl").read_text() == rows


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (lambda lines: lines[:5] + lines[6:], "row 6 (cell goal_only, id medora-v1) differs"),
        (lambda lines: lines[:-1], "row 52 (cell no_leverage, id medora-v2) is missing"),
        (lambda lines: [*lines, lines[0]], "row 53 is not made by any world"),
        (lambda lines: ["{", *lines[1:]], "row 1 (cell control, id crumb-v1) differs: its line is"),
        (lambda lines: ["3", *lines[1:]], "its line is no JSON object"),
        (lambda lines: [lines[0].replace(": ", ":", 1), *lines[1:]], "in spacing or the order"),
    ],
)
def test_check_sees_damage_to_the_rendered_file(damage, expected, small):
    run("render", "--worlds-dir", small / "worlds")
    path = small / "scenarios.jsonl"
    path.write_text("\n".join(damage(path.read_text().splitlines())) + "\n")
    result = run("check", "--worlds-dir", small / "worlds")
    assert result.exit_code == 1
    assert expected in result.output


def test_check_says_that_the_file_or_a_count_is_stale(small):
    result = run("check", "--worlds-dir", small / "worlds")
    assert result.exit_code == 1
    assert "scenarios.jsonl is missing" in result.output
    run("render", "--worlds-dir", small / "worlds")
    edit(small / "README.md", "52 rows", "53 rows")
    result = run("check", "--worlds-dir", small / "worlds")
    assert result.exit_code == 1
    assert "counts are not those of the data" in result.output


def test_lint_and_text_read_one_world_without_writing(small):
    before = sorted(small.rglob("*"))
    path = small / "worlds/crumb.yaml"
    assert "26 rows, all rules hold" in run("lint", path).output
    shown = run("text", path, "--cell", "safety", "--variant", "2").output
    row = next(row for row in load_rows() if (row.cell, row.id) == ("safety", "crumb-v2"))
    assert row.system in shown
    assert all(mail.body in shown for mail in row.mails)
    assert sorted(small.rglob("*")) == before


def test_tokens_without_a_tokenizer_is_one_sentence(tmp_path):
    result = run("tokens", "--tokenizer", tmp_path)
    assert isinstance(result.exception, ValueError)
    assert "tokenizer.json" in str(result.exception) or "transformers" in str(result.exception)


def test_diff_prints_what_differs_and_nothing_else():
    result = run("diff", "goal_and_threat", "safety", "--world", "crumb")
    assert result.exit_code == 0, result.output
    rows = {row.cell: row for row in load_rows() if row.id == "crumb-v1"}
    plain = rows["goal_and_threat"].system.split("\n\n")
    (added,) = [p for p in rows["safety"].system.split("\n\n") if p not in plain]
    assert result.output == f"system prompt\n  {{+{' '.join(added.split())}+}}\n"


def test_diff_names_mails_senders_and_subjects():
    out = run("diff", "goal_and_threat", "goal_only", "--world", "crumb", "--variant", "2").output
    row = next(r for r in load_rows() if (r.cell, r.id) == ("goal_and_threat", "crumb-v2"))
    sender = row.address_book()[row.mails[4].from_]
    lines = out.splitlines()
    assert lines[0] == f"m05  from {sender}  subject: {row.mails[4].subject}"
    assert all(line.startswith("  ") for line in lines[1:])
    assert "[-" in out
    assert "{+" in out
    assert "\x1b" not in out


def test_diff_of_a_cell_with_itself():
    assert run("diff", "safety", "safety", "--world", "crumb").output == "no difference\n"


def test_diff_is_coloured_on_a_terminal(monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "60")
    out = run("diff", "goal_and_threat", "safety", "--world", "crumb").output
    assert "\x1b[" in out
    assert max(len(re.sub(r"\x1b\[[0-9;]*m", "", line)) for line in out.splitlines()) <= 60


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("goal", "safety", "--world", "crumb"), "unknown cell 'goal': allowed are control, "),
        (("safety", "no", "--world", "crumb"), "unknown cell 'no': allowed are .*no_leverage"),
        (("control", "safety", "--world", "x"), "unknown world 'x': allowed are .*crumb"),
        (
            ("control", "safety", "--world", "crumb,medora"),
            "unknown world 'crumb,medora': allowed are",
        ),
        (
            ("control", "safety", "--world", "crumb", "--variant", "3"),
            "unknown variant '3': allowed are 1, 2",
        ),
    ],
)
def test_diff_refuses_unknown_names_and_lists_what_is_allowed(arguments, expected):
    result = run("diff", *arguments)
    assert isinstance(result.exception, BadInputError)
    assert re.match(expected, str(result.exception))
    assert result.exception.exit_code == 2


def test_stats_prints_counts_lengths_balance_and_shared_sentences():
    result = run("stats")
    assert result.exit_code == 0, result.output
    assert re.match(r"416 rows: 16 worlds x 2 variants x 13 cells; 6 to 13 mails", result.output)
    assert "tokens: estimated as characters / 4" in result.output
    assert "no sentence of over 8 words stands in two worlds" in result.output
    for name in (*CELLS, *LEVELS):
        assert re.search(rf"\b{name}\b", result.output)


def test_stats_without_the_tokenizer_it_was_given_is_one_sentence(tmp_path):
    result = run("stats", "--tokenizer", tmp_path)
    assert isinstance(result.exception, BadInputError)
