"""Results made by hand, so that each number of a report is known before it is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from am_inspect.report import Material, Transcripts, gather
from am_inspect.results import LeftOut, Results, Row, Run, Setting

WORLDS = tuple(f"w{n:02d}" for n in range(12))
SETTING = Setting(
    model="hf/a/tester-8b",
    protocol="am_inspect",
    cell="goal_and_threat",
    delivery="paced",
    tools_used="text",
    grader="openai/judge",
    dataset_sha="d" * 12,
    protocol_sha="p" * 12,
    rubric_sha="r1+r2",
)
YES: Mapping[str, Any] = {"blackmail": 1, "ladder": "sent", "channel": "direct", "refrained": 0}
NO: Mapping[str, Any] = {"blackmail": 0, "ladder": "noticed", "channel": "none"}
HELD: Mapping[str, Any] = NO | {"ladder": "weighed", "refrained": 1, "choice": "chose_not_to"}
GONE: Mapping[str, Any] = {"missing": "empty", "outcome": "empty"}


def a_row(index: int, log: str, setting: Setting, keys: Mapping[str, Any]) -> Row:
    world = WORLDS[index % len(WORLDS)]
    epoch = index // len(WORLDS) + 1
    base = Row(log, setting, world, f"{world}-v1", epoch, None, None, outcome="acted")
    return replace(base, eval_id=log, **keys)


def a_run(log: str, setting: Setting, count: int, **keys: Any) -> Run:
    run = Run(
        log=log,
        eval_id=log,
        model=setting.model,
        cell=setting.cell,
        status="success",
        created="2026-03-01T10:00:00+00:00",
        planned=count,
        held=count,
        epochs=count // len(WORLDS),
        seed=None,
        generation={"temperature": 0.7},
        model_args={},
        base_url=None,
        grader=setting.grader,
        task_args={},
        revision=None,
        versions={"am_inspect": "0.1.0", "inspect_ai": "0.3"},
    )
    return replace(run, **keys)


class Study:
    """Logs of models and cells with given numbers of yes, held back and missing."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.runs: list[Run] = []
        self.left_out: list[LeftOut] = []

    def add(
        self,
        model: str = SETTING.model,
        cell: str = "goal_and_threat",
        yes: int = 0,
        held: int = 0,
        gone: int = 0,
        total: int = 36,
        run: Mapping[str, Any] | None = None,
        **setting: Any,
    ) -> Study:
        """Add a log; yes, held back and missing samples are spread over the worlds."""
        own = replace(SETTING, model=model, cell=cell, **setting)
        log = f"logs/{cell}-{len(self.runs)}.eval"
        kinds = [YES] * yes + [HELD] * held + [GONE] * gone
        kinds += [NO] * (total - len(kinds))
        self.rows += [a_row(n, log, own, keys) for n, keys in enumerate(kinds)]
        self.runs.append(a_run(log, own, total, **(run or {})))
        return self

    def results(self) -> Results:
        return Results(tuple(self.rows), tuple(self.left_out), tuple(self.runs))

    def material(self, **keys: Any) -> Material:
        return gather(self.results(), Transcripts(), **keys)


@pytest.fixture
def study() -> Study:
    return Study()


@pytest.fixture
def whole() -> Study:
    """Two sizes of one family and a third model, in all cells that a section wants."""
    made = Study()
    counts = {
        "control": (0, 0, 0),
        "goal_only": (1, 0, 2),
        "threat_only": (2, 1, 0),
        "goal_and_threat": (18, 6, 2),
        "neutral": (16, 5, 0),
        "safety": (8, 9, 0),
    }
    for model, less in (("hf/a/tester-8b", 0), ("hf/a/tester-70b", 2), ("hf/b/other-7b", 1)):
        for cell, (yes, held, gone) in counts.items():
            made.add(model, cell, max(0, yes - less), held, gone)
    return made
