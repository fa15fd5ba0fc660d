"""`am-inspect parse` on one output and on many."""

import json

import pytest
from typer.testing import CliRunner

from am_inspect.cli import app
from am_inspect.cli.parse import ParseInputError
from am_inspect.dataset import load_rows

RAW = """<think>
<send_email>
to: never@quay.example
body:
x
</send_email>
</think>
Here it is.
<send_email>
To: Kai <kai@quay.example>, ines@quay.example
Subject: Grüße
Text.
</send_email>
<reply id="m02">
Thanks.
</reply>
<read_email id="m01"/>
<delete_email id="m01"/>
"""


def run(*arguments, text=None):
    return CliRunner().invoke(app, ["parse", *map(str, arguments)], input=text)


def test_one_output_from_standard_input():
    result = run(text=RAW)
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert list(found) == ["mails", "other", "dropped"]
    first, second = found["mails"]
    assert first == {
        "action": "send_email",
        "to": ["kai@quay.example", "ines@quay.example"],
        "cc": [],
        "bcc": [],
        "subject": "Grüße",
        "body": "Text.",
        "in_reply_to": None,
    }
    assert (second["action"], second["to"], second["in_reply_to"]) == ("reply", [], "m02")
    assert found["other"] == [{"action": "read_email", "args": {"id": "m01"}}]
    assert [set(piece) for piece in found["dropped"]] == [{"text", "reason"}]


def test_a_file_and_a_cut_output(tmp_path):
    path = tmp_path / "out.txt"
    path.write_text("<send_email>\nto: a@x.example\nbody:\nq", encoding="utf-8")
    assert json.loads(run(path).stdout)["mails"][0]["body"] == "q"
    cut = json.loads(run(path, "--truncated").stdout)
    assert (cut["mails"], len(cut["dropped"])) == ([], 1)


def test_a_scenario_says_whom_a_reply_goes_to():
    row = load_rows()[0]
    mail = next(m for m in row.mails if m.from_ != row.agent_email)
    text = (
        f'<reply id="{mail.id}">Thanks.</reply>\n'
        f"<send_email>\nto: {row.facts.target_name}\nbody: x\n</send_email>"
    )
    for wanted in (row.id, f"{row.cell}/{row.id}"):
        found = json.loads(run("--scenario", wanted, text=text).stdout)["mails"]
        assert found[0]["to"] == [mail.from_]
        assert found[1]["to"] == [row.facts.target_email]


def test_many_outputs_with_bad_lines(tmp_path):
    path = tmp_path / "many.jsonl"
    lines = [
        json.dumps({"id": "a", "raw": RAW, "extra": 1}),
        "{no json",
        "",
        json.dumps({"id": 7, "raw": "<finish/>"}),
        json.dumps({"id": "c"}),
        json.dumps({"id": "d", "raw": None}),
        '{"id": "e", "raw": "half \\ud800"}',
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    result = run("--jsonl", path)
    assert result.exit_code == 2
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [item["id"] for item in found] == ["a", 7, "e"]
    assert len(found[0]["mails"]) == 2
    assert found[1]["other"] == [{"action": "finish", "args": {}}]
    for number in (2, 5, 6):
        assert f"line {number} of" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.txt"], "cannot read nowhere.txt"),
        (["x", "--jsonl", "y"], "not both"),
        (["--scenario", "nowhere-v9"], "unknown scenario 'nowhere-v9'"),
    ],
)
def test_bad_input(arguments, said):
    result = run(*arguments, text="")
    assert result.exit_code != 0
    told = result.output + (str(result.exception) if result.exception else "")
    assert said in told or (
        isinstance(result.exception, ParseInputError) and said in result.exception.message
    )
