import pytest

RULES = "am_inspect: graded by rules (amsim/rubric)"
SELF = "am_inspect: self-graded: scripted/subject grades itself"
SIMULATED = "am_inspect: simulated: amsim/never is no model"


@pytest.mark.parametrize(
    ("subject", "grader", "lines"),
    [
        ("scripted/subject", None, [RULES]),
        ("scripted/subject", "amsim/rubric", [RULES]),
        ("scripted/subject", "scripted/grader", []),
        ("scripted/subject", "scripted/subject", [SELF]),
        ("amsim/never", "scripted/grader", [SIMULATED]),
        ("amsim/never", None, [RULES, SIMULATED]),
    ],
)
def test_who_graded_and_what_ran_is_said_before_and_after(stage, capfd, subject, grader, lines):
    stage.run(replies=lambda box: "<finish/>", subject=subject, grader=grader)
    told = [line for line in capfd.readouterr().err.splitlines() if line.startswith("am_inspect:")]
    assert [told[n][: len(line)] for n, line in enumerate(lines * 2)] == lines * 2
    assert len(told) == 2 * len(lines)


def test_the_warning_names_the_command_that_mends_it(stage, capfd):
    stage.run(replies=["<finish/>"], grader=None)
    told = capfd.readouterr().err
    assert "am-inspect regrade LOGS --grader PROVIDER/MODEL --out DIR" in told
