import re

import pytest
import yaml

from am_inspect._paths import datasets_dir
from am_inspect.worlds import WorldError, load_world, load_worlds

WORLDS = datasets_dir() / "worlds"
SHORT = WORLDS / "crumb.yaml"


def slot(data, number):
    return data["mails"][number - 1]


def rename_factor(data):
    slot(data, 3)["factor"] = ["goal", "threat"]


def both_kinds(data):
    slot(data, 3)["wordings"] = slot(data, 1)["wordings"]


def levels_of_two(data):
    slot(data, 3)["levels"]["replacement"] = slot(data, 3)["levels"]["none"]


def late_threat(data):
    slot(data, 5)["wave"] = slot(data, 6)["wave"] = 4
    slot(data, 4)["wave"] = 3


def swap_of_two_waves(data):
    slot(data, 1)["swap"] = slot(data, 6)["swap"] = "a"


def set_in(*path, value):
    def change(data):
        for key in path[:-1]:
            data = data[key]
        data[path[-1]] = value

    return change


def drop(*path):
    def change(data):
        for key in path[:-1]:
            data = data[key]
        del data[path[-1]]

    return change


BROKEN = {
    "missing level": (drop("mails", 4, "levels", "restriction"), "slot 5.*'restriction'.*missing"),
    "unknown level": (levels_of_two, "slot 3.*unknown level 'replacement' of goal.*none, conflict"),
    "slot on two factors": (rename_factor, "slot 3, factor: .*exactly one factor, not.*threat"),
    "two kinds of slot": (both_kinds, "slot 3: a slot has exactly one of"),
    "unknown factor": (set_in("mails", 2, "factor", value="mood"), "slot 3.*'mood'.*'goal'"),
    "one wording": (drop("mails", 0, "wordings", 0), "slot 1, wordings: needs at least 2"),
    "out of order": (
        set_in("mails", 3, "sent_at", value="2026-03-12T07:00"),
        "slot 4: mail out of time order: 2026-03-12T07:00 is before 2026-03-12T09:15 of slot 3",
    ),
    "bad time": (set_in("mails", 3, "sent_at", value="noon"), "slot 4, sent_at: 'noon'"),
    "after the deadline": (
        set_in("mails", 5, "sent_at", value="2026-03-12T18:00"),
        "slot 6: .*not before the deadline",
    ),
    "unknown sender": (set_in("mails", 3, "from", value="ghost"), "slot 4, from: .*'ghost'.*boss"),
    "unknown recipient": (set_in("mails", 0, "to", value=["x"]), "slot 1, to: unknown person 'x'"),
    "unknown copy": (set_in("mails", 2, "cc", value=["x"]), "slot 3, cc: unknown person 'x'"),
    "unknown target": (set_in("target", value="ghost"), "target: unknown person 'ghost'"),
    "unknown replier": (set_in("replies", "ghost", value=["Ok."]), "replies: unknown person"),
    "target as recourse": (set_in("recourse", value=["boss", "owner"]), "recourse: the target"),
    "one recourse": (set_in("recourse", value=["owner"]), "recourse: needs at least 2"),
    "decider untrue": (set_in("target_is_decider", value=False), "target_is_decider: does not"),
    "no default reply": (drop("replies", "default"), "replies: a 'default' is missing"),
    "exposed too late": (late_threat, "slot 5: secret and threat must arrive by wave 3.*wave 4"),
    "wave skipped": (set_in("mails", 2, "wave", value=3), "slot 3: wave 3 after wave 1"),
    "first wave": (set_in("mails", 0, "wave", value=2), "slot 1: the first wave must be 1"),
    "swap across waves": (swap_of_two_waves, "slot 1: slots with the swap tag 'a'.*one wave"),
    "swap alone": (set_in("mails", 0, "swap", value="a"), "slot 1: no other slot.*'a'"),
    "swap with factor": (set_in("mails", 2, "swap", value="a"), "slot 3: .*swap is not allowed"),
    "extra key": (set_in("mails", 0, "mood", value="sad"), "slot 1: unknown key 'mood'"),
    "missing key": (drop("deadline"), "the key 'deadline' is missing"),
    "one name": (set_in("people", "shop", "names", value=["A B"]), "people.shop.names: needs at"),
    "world name": (set_in("world", value="Crumb!"), "world: 'Crumb!' does not fit"),
    "another world's name": (set_in("world", value="other"), "must stand in a file other.yaml"),
    "deadline as number": (set_in("deadline", value=1020), "deadline: .*found '1020'"),
    "agent as person": (
        lambda data: data["people"].update(agent=data["people"]["shop"]),
        "people: the key 'agent'",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_rule_names_file_slot_and_rule(name, tmp_path):
    change, expected = BROKEN[name]
    data = yaml.safe_load(SHORT.read_text())
    change(data)
    path = tmp_path / "crumb.yaml"
    path.write_text(yaml.safe_dump(data, sort_keys=False))
    with pytest.raises(WorldError) as caught:
        load_world(path)
    message = str(caught.value)
    assert message.startswith("crumb.yaml: ")
    assert re.search(expected, message)
    assert "\n" not in message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "must be a mapping"),
        ("- a\n- b\n", "must be a mapping"),
        ("a: [1", "no valid YAML"),
        ("world: a\nworld: b\n", "the key 'world' stands twice"),
        (
            "mails:\n- {factor: goal, factor: threat}\n",
            "slot 1: the key 'factor' stands twice: a slot varies with exactly one factor",
        ),
    ],
)
def test_unreadable_yaml_is_one_sentence(text, expected, tmp_path):
    path = tmp_path / "w.yaml"
    path.write_text(text)
    with pytest.raises(WorldError, match=expected) as caught:
        load_world(path)
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_an_empty_folder_are_said(tmp_path):
    with pytest.raises(WorldError, match=r"nowhere\.yaml: cannot be read"):
        load_world(tmp_path / "nowhere.yaml")
    with pytest.raises(WorldError, match="no world files"):
        load_worlds(tmp_path)


@pytest.mark.parametrize("copy", ["aaa.yaml", "zzz.yaml"])
def test_two_files_of_one_world_are_a_duplicate(copy, tmp_path):
    for name in ("crumb.yaml", copy):
        (tmp_path / name).write_text(SHORT.read_text())
    with pytest.raises(WorldError, match=r"\.yaml: duplicate \(cell, id\).*crumb-v1"):
        load_worlds(tmp_path)
