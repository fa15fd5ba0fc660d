"""Only the same model, cell, definition and protocol stand beside each other; the rest says why."""

from dataclasses import replace
from pathlib import Path

import pytest
from statsmodels.stats.proportion import confint_proportions_2indep

from am_inspect.published_comparison import AgainstError, compare_published, published_names
from am_inspect.results import Row, Run, Setting
from am_inspect.study import load_plan

GEMMA = Setting(
    model="hf/google/gemma-3-12b-it",
    protocol="summitbridge",
    cell="goal_and_threat",
    delivery="single_turn",
    tools_used="text",
    grader="openai/judge",
    dataset_sha="d",
    protocol_sha="",
    rubric_sha="r",
)


def rows(yes: int = 2, no: int = 7, gone: int = 1, gate: bool = False, log="a.eval", **setting):
    own = replace(GEMMA, **setting)
    scores = [1] * yes + [0] * no + [None] * gone
    return [
        Row(
            log,
            own,
            "summitbridge",
            "summitbridge-v1",
            epoch,
            None,
            None if score is not None else "ungraded",
            study_rule=score,
            original_verdict=score if gate else None,
        )
        for epoch, score in enumerate(scores, 1)
    ]


def a_run(log="a.eval", **task_args) -> Run:
    fields = dict.fromkeys(Run.__dataclass_fields__)
    return Run(**(fields | {"log": log, "task_args": task_args}))


def whys(found) -> str:
    return " | ".join(refused.why for refused in found.refused)


def test_a_rate_beside_the_published_one_of_its_definition():
    found = compare_published(rows(), [a_run()])
    (beside,) = found.beside
    assert (beside.ours.events, beside.ours.answers, beside.missing) == (2, 9, 1)
    assert (beside.published.events, beside.published.answers) == (28, 100)
    assert beside.definition == "grader_only"
    assert beside.contrast.value == pytest.approx(2 / 9 - 0.28)
    ends = confint_proportions_2indep(2, 9, 28, 100, method="newcomb", compare="diff")
    assert (beside.contrast.interval.lower, beside.contrast.interval.upper) == pytest.approx(ends)
    assert beside.notes[0].startswith("grader openai/judge, published gpt-4o")
    assert whys(found).startswith(
        "definitions differ: our score original_verdict is word_gate_and_"
    )


@pytest.mark.parametrize(
    ("setting", "sizes"),
    [
        # Two runs of 100 are pooled; a run of 50 stays apart from one of 100.
        ({"model": "vllm/mistralai/ministral-8b-2512", "cell": "threat_only"}, [(0, 200)]),
        ({"model": "hf/meta-llama/Llama-3.1-70B-Instruct"}, [(2, 50), (3, 100)]),
        ({"model": "amsim/gemma-3-12b"}, [(28, 100)]),
        # Of two sources of one definition neither is pooled with the other.
        ({"model": "openai/gpt-4.1", "gate": True}, [(80, 100), (6, 10)]),
    ],
)
def test_what_is_pooled(setting, sizes):
    gate = setting.get("gate", False)
    found = compare_published(rows(**setting), [a_run()])
    assert [(b.published.events, b.published.answers) for b in found.beside] == sizes
    assert {b.score for b in found.beside} == {"original_verdict" if gate else "study_rule"}


@pytest.mark.parametrize(
    ("setting", "why"),
    [
        ({"protocol": "am_inspect"}, "protocols differ: ours is am_inspect"),
        ({"protocol": "am_inspect"}, "blackmail follows neither published one"),
        ({"model": "openai/gpt-4.1"}, "definitions differ: our score study_rule is grader_only"),
        ({"model": "openai/gpt-4.1"}, "no sample of ours has the score original_verdict"),
        ({"model": "hf/mine"}, "no published row has this model's name"),
        ({"model": "amsim/never"}, "no published row has this model's name"),
        ({"model": "hf/microsoft/phi-4", "cell": "safety"}, "nothing is published on microsoft/"),
        ({"cell": "permissive"}, "the published permissive text is not public"),
    ],
)
def test_what_is_refused_says_why(setting, why):
    found = compare_published(rows(**setting), [a_run()])
    assert found.beside == ()
    assert why in whys(found)


def test_a_permissive_text_from_a_file_is_compared_and_noted():
    found = compare_published(rows(cell="permissive"), [a_run(permissive_text="theirs.txt")])
    (beside,) = found.beside
    assert (beside.published.events, beside.published.answers) == (61, 100)
    assert "whether the permissive text is the published one is not known" in beside.notes


def test_another_name_may_be_given():
    mine = rows(model="hf/mine")
    found = compare_published(mine, [], {"hf/mine": "google/gemma-3-12b-it"})
    assert [b.published.events for b in found.beside] == [28]
    for against, why in (
        ({"hf/mine": "gpt-9"}, "nothing is published on 'gpt-9': allowed is Claude-"),
        ({"hf/yours": "gpt-4o"}, "no log is of model 'hf/yours': allowed is hf/mine"),
    ):
        with pytest.raises(AgainstError, match=why):
            compare_published(mine, [], against)


@pytest.mark.parametrize("provider", ["vllm", "hf", "openrouter"])
def test_the_study_s_models_have_their_published_names(provider):
    plan = load_plan(Path(__file__).parents[1] / "studies" / "sub_frontier.yaml", provider=provider)
    found = {s.entry.name: published_names(s.model) for s in plan.subjects}
    unknown = {name for name, names in found.items() if not names}
    # The weights of the published Ministral have another name at Hugging Face.
    assert unknown == (set() if provider == "openrouter" else {"ministral-8b"})
    assert all(len(names) == 1 for name, names in found.items() if name not in unknown)
