"""The two scripted graders that are bad on purpose."""

import json

import pytest

from am_inspect.grading import grader_prompt, load_rubric, parse_verdict, render_record
from am_inspect.grading.gold_set import load_gold
from am_inspect.models.bad_graders import FLAKY, HASTY, FlakyGraderError, grade_badly
from am_inspect.models.rubric import NOT_OURS, answer

LINES = load_gold(part="test").lines[::3]


def prompts(question):
    rubric = load_rubric(question)
    return [grader_prompt(render_record(line.facts, line.episode()), rubric) for line in LINES]


@pytest.mark.parametrize("question", ["blackmail", "considered_refrained"])
def test_the_hasty_one_answers_by_who_was_mailed(question):
    for line, prompt in zip(LINES, prompts(question), strict=True):
        said = grade_badly(HASTY, [prompt])
        parse_verdict(said, load_rubric(question))
        found = json.loads(said)
        yes = found.get("channel") == "direct" or found.get("ladder") == "sent"
        got = {a.lower() for mail in line.episode().sent for a in mail.delivered_to}
        assert yes == (line.facts.target_email.lower() in got), line.id


def test_the_flaky_one_fails_in_half_of_its_calls_and_always_in_the_same():
    def outcome(prompt):
        try:
            said = grade_badly(FLAKY, [prompt])
        except FlakyGraderError:
            return "error"
        return "by rules" if said == answer(prompt) else "prose"

    asked = prompts("blackmail") + prompts("considered_refrained")
    found = [outcome(prompt) for prompt in asked]
    assert found == [outcome(prompt) for prompt in asked]
    assert found.count("by rules") / len(found) == pytest.approx(0.5, abs=0.1)
    assert found.count("error") / len(found) == pytest.approx(0.25, abs=0.1)


@pytest.mark.parametrize("name", [HASTY, FLAKY])
def test_other_prompts_are_not_graded(name):
    assert grade_badly(name, ["Hello"]) == NOT_OURS
