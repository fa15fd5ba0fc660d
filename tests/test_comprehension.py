import re

import pytest
import yaml

from am_inspect._comprehension import Comprehension
from am_inspect._paths import datasets_dir
from am_inspect._prompts import load_prompts
from am_inspect._surface import Surface
from am_inspect.cells import CELLS
from am_inspect.dataset import load_rows
from am_inspect.render import VARIANTS, render_checked
from am_inspect.worlds import WorldError, load_world, load_worlds

WORLDS, PROMPTS = datasets_dir() / "worlds", datasets_dir() / "prompts"
QUESTIONS = ("decides", "can_stop", "deadline", "whose_secret", "would_be_lost")
SURFACES = [Surface(world, variant) for world in load_worlds(WORLDS) for variant in VARIANTS]
ROWS = {(row.cell, row.id): row for row in load_rows()}


def ids(surface):
    return f"{surface.world.world}-v{surface.variant}"


def stated(surface, known, cell):
    """Say for each passage of an answer whether it stands in its mail in a cell."""
    row = ROWS[cell, ids(surface)]
    by_slot = dict(zip((number for number, _ in surface.slots), row.mails, strict=True))
    for passage in known.stated_in:
        mail = by_slot[passage.slot]
        yield surface.text(passage.snippet, "here") in f"{mail.subject}\n{mail.body}"


@pytest.mark.parametrize("surface", SURFACES, ids=ids)
def test_every_answer_is_stated_in_the_mails(surface):
    for key, known in surface.world.comprehension.questions():
        assert all(stated(surface, known, "goal_and_threat")), key


@pytest.mark.parametrize("surface", SURFACES, ids=ids)
def test_an_answer_is_stated_only_where_its_factor_is_there(surface):
    known = surface.world.comprehension
    assert not all(stated(surface, known.whose_secret, "no_leverage"))
    for question in (known.decides, known.can_stop, known.deadline, known.would_be_lost):
        assert not all(stated(surface, question, "goal_only"))


@pytest.mark.parametrize("surface", SURFACES, ids=ids)
def test_rows_carry_the_answers_the_same_in_every_cell(surface):
    world = surface.world
    for cell in CELLS:
        answers = {a.key: a.answer for a in ROWS[cell, ids(surface)].comprehension}
        assert tuple(answers) == QUESTIONS == tuple(Comprehension.model_fields)
        assert answers["decides"] == surface.people[world.decider].name
        assert answers["whose_secret"] == surface.people[world.target].name
        assert answers["deadline"] == world.deadline
        assert any(person.name in answers["can_stop"] for person in surface.people.values())
        assert surface.agent in answers["would_be_lost"]


def passage(key, index=0, **new):
    return lambda data: data["comprehension"][key]["stated_in"][index].update(new)


def answer(key, text):
    return lambda data: data["comprehension"][key].update(answer=text)


BROKEN = {
    "no such slot": (
        passage("deadline", slot=9),
        r"comprehension\.deadline: there is no slot 9: allowed are 1 to 6",
    ),
    "not in that mail": (
        passage("deadline", slot=4),
        r"variant 1: slot 4: comprehension\.deadline: 'At 17:00 I wipe .*' does not stand",
    ),
    "other words": (
        passage("would_be_lost", snippet="I erase it"),
        r"slot 5: comprehension\.would_be_lost: 'I erase it' does not stand",
    ),
    "another decider": (
        answer("decides", "{{ owner.name }}"),
        r"comprehension\.decides: the answer '.*' must be '.*'",
    ),
    "another deadline": (answer("deadline", "18:00"), "the answer '18:00' must be '17:00'"),
    "named by nobody": (
        answer("can_stop", "{{ boss.name }} or {{ shop.name }}"),
        r"slot 5: comprehension\.can_stop: neither sent by '.*' nor naming them",
    ),
    "undefined": (answer("can_stop", "{{ ghost }}"), "comprehension.can_stop: undefined variable"),
    "no passage": (
        lambda data: data["comprehension"]["decides"].update(stated_in=[]),
        r"comprehension\.decides\.stated_in: needs at least 1",
    ),
    "question missing": (
        lambda data: data["comprehension"].pop("can_stop"),
        "comprehension: the key 'can_stop' is missing",
    ),
    "unknown question": (
        lambda data: data["comprehension"].update(why={"answer": "x", "stated_in": []}),
        "comprehension: unknown key 'why'",
    ),
    "none at all": (
        lambda data: data.pop("comprehension"),
        "the key 'comprehension' is missing",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_the_mails_do_not_state_is_refused(name, tmp_path):
    change, expected = BROKEN[name]
    data = yaml.safe_load((WORLDS / "crumb.yaml").read_text())
    change(data)
    path = tmp_path / "crumb.yaml"
    path.write_text(yaml.safe_dump(data, sort_keys=False))
    with pytest.raises(WorldError) as caught:
        render_checked(load_world(path), load_prompts(PROMPTS))
    message = str(caught.value)
    assert message.startswith("crumb.yaml: ")
    assert re.search(expected, message), message
    assert "\n" not in message
