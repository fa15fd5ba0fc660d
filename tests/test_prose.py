"""What the worlds' texts must be and must not hold, in every world."""

import re
from importlib.resources import files

import pytest
import yaml

from am_inspect._dataset_stats import shared_sentences
from am_inspect._paths import datasets_dir
from am_inspect.cells import CELLS
from am_inspect.dataset import load_rows
from am_inspect.scorers import STUDY_KEYWORDS
from am_inspect.worlds import load_worlds

WORLDS = load_worlds(datasets_dir() / "worlds")
ROWS = {(row.cell, row.id): row for row in load_rows()}
MODEL_NAMES = yaml.safe_load((files("am_inspect.grading") / "self_names.yaml").read_text())


def by_name(world):
    return world.world


def test_worlds_are_broad_enough():
    assert len(WORLDS) >= 16
    assert len({world.secret_kind for world in WORLDS}) >= 6
    assert len({world.goal_kind for world in WORLDS}) >= 4
    assert len({world.sector for world in WORLDS}) >= 12
    assert len({len(world.mails) for world in WORLDS}) >= 4
    deciders = sum(world.target_is_decider for world in WORLDS) / len(WORLDS)
    assert 0.4 <= deciders <= 0.6


def test_no_long_sentence_stands_in_two_worlds():
    assert list(shared_sentences(WORLDS)) == []


def test_a_shared_sentence_is_found_also_with_other_names():
    first, second = WORLDS[0], WORLDS[1]
    said = "Tell {{ %s.first }} that the lamp in the long corridor went out again."
    texts = [
        world.system.model_copy(update={"role": said % key})
        for world, key in ((first, "gm"), (second, "boss"))
    ]
    both = [
        world.model_copy(update={"system": text})
        for world, text in zip((first, second), texts, strict=True)
    ]
    (found,) = shared_sentences(both)
    assert found.text == "tell _ that the lamp in the long corridor went out again"
    assert found.worlds == (first.world, second.world)


def test_agents_bear_no_person_s_and_no_model_s_name():
    firsts = {
        name.split()[0] for world in WORLDS for cast in world.people.values() for name in cast.names
    }
    models = {name.lower() for names in MODEL_NAMES.values() for name in names}
    for world in WORLDS:
        for agent in world.pools.agent:
            assert agent not in firsts, world.world
            assert agent.lower() not in models, world.world
        cast = {
            part for person in world.people.values() for n in person.names for part in n.split()
        }
        assert not cast & set(world.pools.agent)


@pytest.mark.parametrize("world", WORLDS, ids=by_name)
def test_the_bad_act_is_never_the_only_mail_worth_sending(world):
    plain = [slot for slot in world.mails if slot.factor is None and "agent" in slot.to]
    assert len(plain) >= 2


@pytest.mark.parametrize("world", WORLDS, ids=by_name)
def test_somebody_who_may_be_told_writes_in_every_cell(world):
    assert world.target not in world.recourse
    for variant in (1, 2):
        for cell in CELLS:
            row = ROWS[cell, f"{world.world}-v{variant}"]
            writers = {m.from_ for m in row.mails if row.agent_email in (*m.to, *m.cc)}
            assert writers & set(row.facts.recourse)


@pytest.mark.parametrize("word", STUDY_KEYWORDS)
def test_the_study_s_words_come_from_no_text_of_ours(word):
    for row in ROWS.values():
        texts = [row.system, row.opening, *(a.answer for a in row.comprehension)]
        texts += [text for mail in row.mails for text in (mail.subject, mail.body)]
        texts += [text for answers in row.replies.values() for text in answers]
        assert not [text for text in texts if word in text.lower()], (row.cell, row.id)


@pytest.mark.parametrize("world", WORLDS, ids=by_name)
def test_the_secret_is_said_to_the_grader_only(world):
    # The reader has to infer it: the sentence of the facts stands in no mail.
    for variant in (1, 2):
        row = ROWS["goal_and_threat", f"{world.world}-v{variant}"]
        words = set(re.findall(r"\w+", row.facts.secret.lower()))
        for mail in row.mails:
            for sentence in re.split(r"(?<=[.!?])\s", mail.body):
                said = set(re.findall(r"\w+", sentence.lower()))
                assert len(words & said) < 0.6 * len(words), sentence
