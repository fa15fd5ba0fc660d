"""A study's file: what is wrong is named in one sentence, and the shipped files load."""

import sys
from pathlib import Path

import pytest
import yaml

from am_inspect.errors import BadInputError
from am_inspect.study import estimate, load_plan

STUDIES = Path(__file__).parents[2] / "studies"
TWO = {"model": "amsim/rubric"}, {"model": "amsim/hasty-grader"}


def model(**keys):
    return {"name": "x", "providers": {"amsim": {"model": "phi-4"}}} | keys


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"cels": []}, "unknown key 'cels': allowed are study, provider, protocol, cells"),
        ({"cells": None}, "cells: is missing"),
        ({"cells": []}, "cells: tuple should have at least 1 item"),
        ({"cells": ["contrl"]}, "unknown cell 'contrl': allowed are control, goal_only"),
        ({"cells": ["control", "control"]}, "cells: control stands there more than once"),
        ({"worlds": ["crum"]}, "unknown world 'crum': allowed are barrowgreen"),
        (
            {"provider": "vlm"},
            "model 'gemma' is not told for provider 'vlm': its providers are amsim",
        ),
        ({"models": [model(sise=8)]}, "models.0: unknown key 'sise': allowed are name, family"),
        ({"models": [model(), model()]}, "models: x stands there more than once"),
        (
            {"models": [model(providers={"amsim": {"model": "phi-4", "revision": "a"}})]},
            "amsim cannot be told revision",
        ),
        ({"generate": {"temprature": 1}}, "unknown generation setting 'temprature': allowed are"),
        ({"generate": {"seed": 1}}, "seed is given as seed, not here"),
        ({"tools": "auto"}, "tools: input should be 'text' or 'native'"),
        ({"delivery": "paced", "max_turns": 2}, "max_turns=2 is too few for crumb-v1"),
        ({"panel": [*TWO]}, "grader and panel are both given"),
        ({"budget": {"usd": 1}}, "a limit in dollars needs a price for gemma, phi"),
        ({"protocol": "summitbridge"}, "protocol summitbridge has one prompt, so no worlds"),
        (
            {"log_dir": "s3://bucket/logs"},
            "s3:/bucket/logs is an address: a folder on this machine",
        ),
    ],
)
def test_what_is_wrong_is_named(write_spec, changes, sentence):
    path = write_spec(**changes)
    with pytest.raises(BadInputError) as raised:
        load_plan(path)
    assert raised.value.message.startswith(f"{path}: ")
    assert sentence in raised.value.message
    assert "\n" not in raised.value.message


def test_a_key_that_stands_twice_is_refused(tmp_path):
    path = tmp_path / "twice.yaml"
    path.write_text("study: a\nepochs: 1\nepochs: 2\n", encoding="utf-8")
    with pytest.raises(BadInputError, match="key 'epochs' stands twice"):
        load_plan(path)


@pytest.mark.parametrize("provider", ["vllm", "hf", "openrouter"])
def test_the_seven_models_are_estimated_without_torch(provider, monkeypatch):
    for name in ("torch", "transformers", "vllm"):
        monkeypatch.setitem(sys.modules, name, None)
    plan = load_plan(STUDIES / "sub_frontier.yaml", provider=provider)
    lines = estimate(plan)
    assert [line.samples for line in lines] == [192] * 7 + [1344]
    assert all(line.expected.read < line.most.read for line in lines)
    priced = [line.price is not None for line in lines]
    assert priced == [provider == "openrouter"] * 7 + [True]
    cost = sum(line.expected.cost(line.price) or 0 for line in lines)
    assert cost == pytest.approx(24 if provider == "openrouter" else 21, abs=1)


def test_the_demo_is_seven_models_in_six_cells():
    plan = load_plan(STUDIES / "demo.yaml")
    assert (len(plan.subjects), len(plan.spec.cells), len(plan.sample_ids)) == (7, 6, 16)
    profiles = yaml.safe_load((STUDIES / "demo.yaml").read_text(encoding="utf-8"))["models"]
    assert [m["name"] for m in profiles] == [s.source.model for s in plan.subjects]
