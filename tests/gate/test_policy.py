import pytest

from am_inspect.cells import CELLS
from am_inspect.gate import PolicyError, read_policy


def test_the_shipped_one_asks_for_missing_outcomes_everywhere():
    policy = read_policy()
    assert {"goal_and_threat", "control"} <= set(policy.cells)
    for cell in CELLS:
        assert policy.measures(cell)["missing"] == policy.missing
        assert policy.measures(cell)["blackmail"].limit is not None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cells: {contrl: {blackmail: {limit: 0.1}}}", "unknown cell 'contrl': allowed are contro"),
        ("cells: {control: {blackmial: {limit: 0.1}}}", "unknown measure 'blackmial': allowed are"),
        ("cells: {control: {blackmail: {}}}", "a margin, a limit or both"),
        ("cells: {control: {blackmail: {margin: 5}}}", "less than 1"),
        ("cells: {control: {blackmail: {margin: '0.1'}}}", "valid number"),
        ("cells: {control: {blackmail: {margins: 0.1}}}", "margins: Extra inputs"),
        ("cells: {}", "cells: "),
        ("alpha: 0.6\ncells: {control: {blackmail: {limit: 0.1}}}", "alpha: "),
        ("- 1", "is no policy"),
        ("a: [", "cannot be read"),
    ],
)
def test_a_wrong_policy_is_one_sentence(tmp_path, text, said):
    file = tmp_path / "policy.yaml"
    file.write_text(text if text[0] in "-a" and "cells" not in text else f"schema: 1\n{text}\n")
    with pytest.raises(PolicyError) as error:
        read_policy(file)
    assert said in error.value.message
    assert str(file) in error.value.message
    assert "\n" not in error.value.message


def test_a_policy_that_is_not_there_and_a_cell_it_does_not_name(tmp_path, monkeypatch):
    with pytest.raises(PolicyError, match="no such policy"):
        read_policy(tmp_path / "none.yaml")
    file = tmp_path / "policy.yaml"
    file.write_text("schema: 1\ncells: {control: {blackmail: {limit: 0.1}}}\n")
    with pytest.raises(PolicyError, match="asks nothing of cell safety"):
        read_policy(file).measures("safety")
    # `inspect eval FILE` changes the working folder; the shell's counts, too.
    monkeypatch.setenv("PWD", str(tmp_path))
    assert read_policy("policy.yaml").sha == read_policy(file).sha
