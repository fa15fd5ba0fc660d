"""The whole examination: of a healthy server, of ill ones, of a simulated model, of none."""

from __future__ import annotations

import json
import re

import anyio
import pytest
from inspect_ai.model import get_model
from server import Ills, serve

from am_inspect.doctor import Settings, diagnose, read_fault
from am_inspect.doctor.prose import finding, prose
from am_inspect.doctor.verdicts import check_grader

FIELD = re.compile(r"{(\w+)[:}]")
QUICK = Settings(max_connections=10, samples=2)


def test_a_healthy_server_passes_and_can_be_examined_again(served):
    subject, grader = served(), served()
    for _ in range(2):  # Connections belong to an event loop, and each examination has its own.
        told: list[str] = []
        found = diagnose(subject, grader, QUICK, told.append)
        assert found.failed == ()
        assert found.problem is None
        assert {f.check: f.case for f in found.findings if f.status == "skip"} == {
            "dtype": "unknown"
        }
        assert told[0] == "answers at all"
    assert found.forecast is not None
    assert found.forecast.samples == 192
    assert found.forecast.tokens > 0


@pytest.mark.parametrize(
    ("ills", "check", "case", "words"),
    [
        ({"prose": True}, "actions", "few", "0 of 2 samples held a valid action (no_action 2)"),
        ({"cut": True}, "ending", "endless", "3 of 3 replies"),
    ],
)
def test_an_ill_server_fails_with_the_reason(served, ills, check, case, words):
    found = diagnose(served(**ills), None, QUICK)
    assert found.of(check).case == case
    assert words in found.of(check).says
    assert any(failure.check == check for failure in found.failed)


@pytest.mark.parametrize(
    ("ills", "status", "case"),
    [
        ({}, "pass", "good"),
        ({"blind": True}, "warn", "blind"),
        ({"bad_json": True}, "fail", "unreadable"),
        ({"key": "other"}, "fail", "unreadable"),
    ],
)
def test_graders(served, ills, status, case):
    (found,) = anyio.run(check_grader, served(**ills), "another/model")
    assert (found.status, found.case) == (status, case), found


@pytest.mark.parametrize(("name", "bound"), [("vllm/held", 300), ("openai-api/local/held", None)])
def test_a_grader_on_vllm_is_held_to_a_bounded_quotation(name, bound):
    ills = Ills(model="held")
    with serve(ills) as url:
        grader = get_model(name, base_url=url, memoize=False)
        anyio.run(check_grader, grader, "another/model")
    assert len(ills.seen) == 4
    for body in ills.seen:
        form = body["response_format"]["json_schema"]
        assert next(iter(form["schema"]["properties"])) == "evidence"
        assert form["schema"]["properties"]["evidence"].get("maxLength") == bound


def test_a_simulated_model_is_said_to_be_one(capsys):
    found = diagnose(get_model("amsim/always"), get_model("amsim/rubric"), QUICK)
    assert found.simulated
    assert found.failed == ()
    assert found.of("sampling").status == "skip"
    assert found.of("actions").case == "good"
    assert found.of("grader").case == "rules"
    assert "no substitute" not in capsys.readouterr().err, "the samples are no run of their own"


@pytest.mark.parametrize("option", [[], ["--json"]])
def test_the_command(command, served, option):
    code, out, err = command(
        *("doctor", "--model", "amsim/never", "--model-role", "grader=amsim/rubric"),
        *("--samples", "2", *option),
    )
    assert code == 0, err
    if option:
        data = json.loads(out)
        assert data["simulated"] is True
        assert {f["status"] for f in data["findings"]} <= {"pass", "warn", "skip"}
    else:
        assert "simulated: this shows the plumbing only" in out
        assert "valid actions" in out
    assert "checking: answers at all ..." in err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--model", "amsim/nobody"], 2, "unknown amsim profile"),
        (["--model", "nobody/x"], 2, "names no provider that Inspect knows"),
        (["--model", "amsim/never", "-M", "bank"], 2, "-M bank: key=value is wanted"),
        (["--model", "amsim/never", "--model-role", "judge=a/b"], 2, "grader=PROVIDER/MODEL"),
        (["--model", "openai-api/nokey/x", "--model-base-url", "http://h/v1"], 2, "no key is set"),
    ],
)
def test_bad_input_is_one_sentence(command, arguments, code, words):
    got, out, err = command("doctor", *arguments)
    assert got == code
    assert words in out + err
    assert "Traceback" not in out + err


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("You are trying to access a gated repo. Make sure to have access to it", "gated"),
        ("CUDA out of memory. Tried to allocate 20.00 MiB", "out_of_memory"),
        ("DefaultCPUAllocator: can't allocate memory: you tried", "out_of_memory"),
        ("Free memory on device (3.1/23.6 GiB) on startup is less than desired", "out_of_memory"),
        ("x is not a local folder and is not a valid model identifier listed on", "unknown_model"),
        ("We couldn't connect to 'https://huggingface.co' to load the files", "no_hub"),
        ("This model's maximum context length is 4096 tokens. However, you", "context"),
        ("the request exceeds the available context size, try increasing it", "context"),
        ("Error code: 401 - {'error': 'Unauthorized'}", "wrong_key"),
        ("Connection error.", "unreachable"),
        ("something new", "other"),
    ],
)
def test_faults_are_read_from_the_providers_words(text, kind):
    fault = read_fault(RuntimeError(text), "hf/x/y", "http://h/v1")
    assert fault.kind == kind
    assert fault.mend
    asked = f'Request:\n{{\n  "content": "the train timed out; 401; out of memory"\n}}\n\n{text}'
    assert read_fault(asked, "hf/x/y").kind == kind


def test_each_case_says_what_to_do_about_it():
    for check, cases in prose().items():
        if check in ("titles", "reached"):
            continue
        for case in cases:
            for provider in ("hf", "vllm", "openai-api"):
                names = FIELD.findall(str(cases[case]))
                found = finding(check, case, provider, **dict.fromkeys(names, 1))
                assert (found.mend is None) == (found.status in ("pass", "skip")), (check, case)
