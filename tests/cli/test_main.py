import pytest

from am_inspect import __version__
from am_inspect.errors import BadInputError

COMMANDS = ("dataset", "results", "show", "regrade", "verify", "parse", "study")


def test_help_names_every_command(command):
    code, out, _ = command("--help")
    assert code == 0
    assert all(name in out for name in COMMANDS)


def test_the_version(command):
    assert command("--version") == (0, f"{__version__}\n", "")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("results", "nowhere.eval"), "nowhere.eval: there is no such file or folder"),
        (("verify", "nowhere.eval"), "nowhere.eval: there is no such file or folder"),
        (("show", "nowhere.eval", "crumb-v1"), "nowhere.eval: there is no such file or folder"),
        (
            ("regrade", "nowhere.eval", "--grader", "amsim/rubric", "--out", "x"),
            "nowhere.eval: there is no such file or folder",
        ),
        (
            ("regrade", ".", "--grader", "amsim/nobody", "--out", "x"),
            "the grader amsim/nobody cannot be made: unknown amsim profile 'nobody'",
        ),
        (
            ("regrade", ".", "--grader", "nobody/model", "--out", "x"),
            "the grader nobody/model cannot be made",
        ),
        (
            ("regrade", ".", "--grader", "amsim/rubric", "--out", "x", "-M", "loud"),
            "-M loud: key=value is wanted",
        ),
    ],
)
def test_bad_input_is_one_sentence_on_stderr_and_exit_code_2(
    command, arguments, sentence, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    code, out, err = command(*arguments)
    assert code == 2
    # The first model that is made in a process lets Inspect greet.
    err = err[err.index("error: ") :]
    assert err.startswith(f"error: {sentence}")
    assert err.count("\n") == 1
    assert "Traceback" not in out + err
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    "arguments", [("show",), ("results",), ("fly",), ("results", "--format", "x")]
)
def test_wrong_usage_is_exit_code_2_without_a_traceback(command, arguments):
    code, out, err = command(*arguments)
    assert code == 2
    assert "Traceback" not in out + err


def test_bad_input_is_a_value_error_with_the_exit_code():
    error = BadInputError("what, where, what is allowed")
    assert isinstance(error, ValueError)
    assert (error.exit_code, str(error)) == (2, "what, where, what is allowed")
