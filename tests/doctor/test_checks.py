"""Each check on a server that is healthy, and on one that is broken in that way."""

from __future__ import annotations

import anyio
import pytest
from inspect_ai.model import get_model

from am_inspect.doctor import Settings
from am_inspect.doctor.answering import check_answers
from am_inspect.doctor.calls import check_tool_calls
from am_inspect.doctor.context import check_context
from am_inspect.doctor.ending import check_ending, check_reasoning
from am_inspect.doctor.hardware import check_dtype, fit
from am_inspect.doctor.patient import Patient
from am_inspect.doctor.sampling import check_sampling
from am_inspect.doctor.template import check_template

FAULTS = [
    ({}, "pass", "ok"),
    ({"key": "other"}, "fail", "wrong_key"),
    ({"model": "other"}, "fail", "unknown_model"),
    ({"no_template": True}, "fail", "no_chat_template"),
    ({"out_of_memory": True}, "fail", "out_of_memory"),
    ({"window": 8}, "fail", "context"),
]
SERVED = [
    (check_template, {"double_bos": True}, "bos", "fail", "double"),
    (check_template, {}, "bos", "pass", "once"),
    (check_template, {"drops_system": True}, "system_prompt", "fail", "lost"),
    (check_template, {}, "system_prompt", "pass", "arrives"),
    (check_context, {}, "context", "pass", "holds"),
    (check_context, {"window": 16_384}, "context", "warn", "tight"),
    (check_context, {"window": 4_096}, "context", "fail", "short"),
    (check_context, {"window": 2_048}, "context", "fail", "refused"),
    (check_context, {"reads": 1_000}, "context", "fail", "cut_silently"),
    (check_ending, {}, "ending", "pass", "ends"),
    (check_ending, {"cut": True}, "ending", "fail", "endless"),
    (check_sampling, {}, "sampling", "pass", "draws"),
    (check_sampling, {}, "seeds", "pass", "honoured"),
    (check_sampling, {"constant": True}, "sampling", "fail", "constant"),
    (check_sampling, {"greedy": True}, "sampling", "fail", "greedy"),
    (check_tool_calls, {}, "tool_calls", "pass", "called"),
    (check_tool_calls, {"tools": "dropped"}, "tool_calls", "warn", "dropped"),
    (check_tool_calls, {"tools": "in_the_text"}, "tool_calls", "warn", "in_the_text"),
    (check_tool_calls, {"tools": "refused"}, "tool_calls", "warn", "refused"),
    (check_reasoning, {}, "reasoning", "pass", "none"),
    (check_reasoning, {"reasoning": "<think>hm</think>\n"}, "reasoning", "pass", "apart"),
    (check_reasoning, {"reasoning": "hm, well.\n</think>\n"}, "reasoning", "warn", "in_the_text"),
    (check_reasoning, {"reasoning": "<think>hm, well. "}, "reasoning", "warn", "unclosed"),
    (check_dtype, {}, "dtype", "skip", "unknown"),
]


@pytest.mark.parametrize(("ills", "status", "case"), FAULTS)
@pytest.mark.parametrize("name", ["openai-api/local/little", "vllm/little"])
def test_a_server_that_cannot_be_used_is_named(check, name, ills, status, case):
    found = check(check_answers, name=name, **ills)["answers"]
    assert (found.status, found.case) == (status, case)
    assert (found.mend is None) == (status == "pass")


def test_an_address_where_nothing_answers_is_named():
    model = get_model("vllm/nobody", base_url="http://127.0.0.1:9/v1", memoize=False)
    (found,) = anyio.run(check_answers, Patient(model, Settings(patience=5)))
    assert found.case == "unreachable"
    assert "127.0.0.1:9" in found.says
    assert "--model-base-url" in found.mend


@pytest.mark.parametrize(("look", "ills", "name", "status", "case"), SERVED)
def test_a_broken_server_is_named(check, look, ills, name, status, case):
    found = check(look, **ills)[name]
    assert (found.status, found.case) == (status, case), found
    assert status in ("pass", "skip") or found.mend
    assert "Request:" not in found.says


def test_lost_calls_are_a_failure_where_calls_are_wanted(check):
    found = check(check_tool_calls, {"tools": "native"}, tools="dropped")["tool_calls"]
    assert found.status == "fail"


def test_a_short_window_is_enough_for_one_reply(check):
    settings = {"delivery": "single_turn"}
    assert check(check_context, settings, window=8_192)["context"].case == "holds"
    assert check(check_context, window=8_192)["context"].case == "tight"


@pytest.mark.parametrize(
    ("dtype", "device", "family", "capability", "case"),
    [
        ("float32", "cpu", "gemma3", None, "fits"),
        ("bfloat16", "cpu", "qwen2", None, "slow"),
        ("float16", "cuda", "gemma3_text", (8, 0), "overflow"),
        ("float32", "cuda", "llama", (9, 0), "wide"),
        ("bfloat16", "cuda", "llama", (7, 5), "old_card"),
        ("bfloat16", "cuda", "llama", (8, 0), "fits"),
        ("float16", "cuda", "llama", (7, 5), "fits"),
    ],
)
def test_number_formats(dtype, device, family, capability, case):
    assert fit(dtype, device, family, capability) == case
