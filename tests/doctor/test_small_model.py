"""The checks on a real small model through Inspect's `hf/`, without and with a chat template."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import anyio
import pytest
from inspect_ai.model import get_model

from am_inspect.doctor import Settings
from am_inspect.doctor.context import check_context
from am_inspect.doctor.hardware import check_dtype
from am_inspect.doctor.patient import Patient
from am_inspect.doctor.template import check_template

FOLDER = Path("~/.cache/am_inspect/gemma-3-270m").expanduser()
TURNS = (Path(__file__).parents[2] / "benchmarks" / "turns.jinja").read_text(encoding="utf-8")

pytestmark = [
    pytest.mark.local,
    pytest.mark.skipif(find_spec("torch") is None, reason="torch is not installed: make local"),
    pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no model in {FOLDER}: make model"),
    pytest.mark.filterwarnings("default", "ignore::ResourceWarning"),
]

CASES = [
    ({}, "none", "no_template"),
    ({"chat_template": TURNS}, "known", "double"),
    (
        {"chat_template": TURNS, "tokenizer_call_args": {"add_special_tokens": False}},
        "known",
        "once",
    ),
    ({"chat_template": TURNS.replace("{{ bos_token }}", "")}, "known", "once"),
    ({"chat_template": TURNS.replace("add_generation_prompt", "false")}, "no_opening", "double"),
    ({"chat_template": "{{ messages[-1].content }}<end>"}, "drops_system", "once"),
    ({"chat_template": "{{ raise_exception('no system role') }}"}, "raises", "no_template"),
]


def test_templates_window_and_number_format(monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    folder = {"model_path": str(FOLDER), "tokenizer_path": str(FOLDER), "device": "cpu"}
    model = get_model("hf/gemma-3-270m", memoize=False, **folder)
    patient = Patient(model, Settings(max_connections=1))
    for given, template, bos in CASES:
        model.api.chat_template = given.get("chat_template")
        model.api.tokenizer_call_args = given.get("tokenizer_call_args", {})
        # The last finding asks the model; these two read its tokenizer.
        monkeypatch.setattr("am_inspect.doctor.template._system_prompt", _unasked)
        found = {item.check: item for item in anyio.run(check_template, patient)}
        assert (found["chat_template"].case, found["bos"].case) == (template, bos), given
    (window,) = anyio.run(check_context, patient)
    assert window.case == "holds"
    assert window.says.startswith("32,768 tokens")
    (dtype,) = anyio.run(check_dtype, patient)
    assert dtype.case == "fits"


async def _unasked(patient):
    from am_inspect.doctor.prose import finding

    return finding("system_prompt", "uncounted", patient.provider)
