"""Defaults by provider: in the log, and under what the command line says."""

from __future__ import annotations

import pytest
from inspect_ai import eval as inspect_eval

from am_inspect.provider_settings import settings_for
from am_inspect.tasks import cell_task


@pytest.mark.parametrize(
    ("model", "entry", "connections", "seeds"),
    [
        ("hf/google/gemma-3-12b-it", "hf", 8, "load"),
        ("vllm/meta-llama/Llama-3.1-8B-Instruct", "vllm", 32, "request"),
        ("openai/gpt-4.1", "default", None, "best_effort"),
        ("anthropic/claude-haiku-4-5", "anthropic", None, "none"),
        ("default/x", "default", None, "best_effort"),
        (None, "default", None, "best_effort"),
    ],
)
def test_each_provider_has_its_entry(model, entry, connections, seeds):
    found = settings_for(model)
    assert (found.entry, found.max_connections, found.seeds) == (entry, connections, seeds)
    assert found.max_tokens == 2048, "what is measured is the same everywhere"
    assert found.max_retries < 20, "a dead server must not hold a run for ever"


@pytest.mark.parametrize("given", [{}, {"max_connections": 3, "max_retries": 1, "timeout": 77}])
def test_the_log_says_what_was_in_force_and_options_win(tmp_path, given):
    (log,) = inspect_eval(
        "am_inspect/control",
        task_args={"worlds": "crumb", "variants": 1, "delivery": "single_turn"},
        model="amsim/never",
        log_dir=str(tmp_path),
        display="log",
        log_realtime=False,
        **given,
    )
    assert log.eval.metadata["provider_settings"] == "amsim"
    (call,) = [e for e in log.samples[0].events if e.event == "model" and "amsim/never" in e.model]
    for name, default in {"max_connections": 8, "max_retries": 0, "timeout": None}.items():
        assert getattr(log.plan.config, name) == given.get(name, default)
        assert getattr(call.config, name) == given.get(name, default)


def test_a_task_that_is_built_before_a_model_is_known_takes_the_default():
    task = cell_task("control", worlds="crumb")
    assert (task.config.max_retries, task.config.temperature) == (6, 1.0)
