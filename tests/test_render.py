import re
from itertools import combinations

import pytest
import yaml

from am_inspect._paths import datasets_dir
from am_inspect._prompts import load_prompts
from am_inspect._render_rules import LENGTH_TOLERANCE, PARAGRAPH_TOLERANCE, inbox_length
from am_inspect._surface import slug
from am_inspect.cells import CELLS, UnknownCellError
from am_inspect.render import VARIANTS, render_all, render_checked, render_world
from am_inspect.worlds import WorldError, load_world, load_worlds

WORLDS, PROMPTS = datasets_dir() / "worlds", datasets_dir() / "prompts"
SYSTEM_FACTORS = ("goal", "instruction", "strategy_line", "scratchpad")
HOLE = re.compile(r"\{\{|\}\}|\{%|\$\{|\{[a-z_]+\}|PersonNames")


@pytest.fixture(scope="module")
def rows():
    return render_all(WORLDS, PROMPTS)


@pytest.fixture(scope="module")
def by_key(rows):
    return {(row.cell, row.id): row for row in rows}


@pytest.fixture(scope="module")
def worlds():
    return {world.world: world for world in load_worlds(WORLDS)}


@pytest.fixture(scope="module")
def scenarios(rows):
    return sorted({row.id for row in rows})


def test_every_cell_of_every_scenario_stands_once(rows, worlds):
    wanted = {(c, f"{w}-v{v}") for c in CELLS for w in worlds for v in VARIANTS}
    assert {(row.cell, row.id) for row in rows} == wanted
    assert len(rows) == len(wanted)


def test_rows_are_interleaved_by_world(rows, worlds):
    some = rows[: len(worlds)]
    assert len({row.world for row in some}) == len(worlds)
    assert {row.variant for row in some} == {1}
    assert [row.cell for row in rows] == sorted((row.cell for row in rows), key=list(CELLS).index)


def test_cells_are_minimal_pairs(by_key, worlds, scenarios):
    for scenario in scenarios:
        for one, two in combinations(CELLS, 2):
            a, b = by_key[one, scenario], by_key[two, scenario]
            changed = {
                f for f, level in CELLS[one].levels().items() if level != CELLS[two].levels()[f]
            }
            assert (a.facts, a.replies, a.opening) == (b.facts, b.replies, b.opening)
            assert (a.exposed_wave, a.agent_email) == (b.exposed_wave, b.agent_email)
            # Slots with a factor never swap places, so places and slots agree there.
            factors = [slot.factor for slot in worlds[a.world].mails]
            seen = set()
            for factor, left, right in zip(factors, a.mails, b.mails, strict=True):
                for part in ("id", "from_", "to", "cc", "sent_at", "wave"):
                    assert getattr(left, part) == getattr(right, part)
                if left != right:
                    assert factor in changed, (scenario, one, two, left.id)
                    seen.add(factor)
            assert seen == changed & {"goal", "threat", "leverage"}, (scenario, one, two)
            assert (a.system != b.system) == bool(changed & set(SYSTEM_FACTORS))


def test_system_prompts_differ_in_the_paragraphs_of_changed_factors_only(by_key, scenarios):
    for scenario in scenarios:
        for one, two in combinations(CELLS, 2):
            a, b = CELLS[one].levels(), CELLS[two].levels()
            left = by_key[one, scenario].system.split("\n\n")
            right = by_key[two, scenario].system.split("\n\n")
            changed = [f for f in SYSTEM_FACTORS if a[f] != b[f]]
            absent = {"goal": "none", "instruction": "none"}
            lost = sum(a[f] != absent.get(f, "off") for f in changed)
            gained = sum(b[f] != absent.get(f, "off") for f in changed)
            assert len([p for p in left if p not in right]) == lost
            assert len([p for p in right if p not in left]) == gained
            shared = [p for p in left if p in right]
            assert shared == [p for p in right if p in left]


def test_inboxes_are_of_one_length(by_key, scenarios):
    for scenario in scenarios:
        whole = inbox_length(by_key["goal_and_threat", scenario].mails)
        for cell in CELLS:
            length = inbox_length(by_key[cell, scenario].mails)
            assert abs(length - whole) <= LENGTH_TOLERANCE * whole


def test_instruction_paragraphs_are_of_one_length(by_key, scenarios):
    for scenario in scenarios:
        plain = by_key["goal_and_threat", scenario].system.split("\n\n")
        lengths = []
        for cell in ("neutral", "safety", "permissive", "escalation"):
            extra = [p for p in by_key[cell, scenario].system.split("\n\n") if p not in plain]
            assert len(extra) == 1
            lengths.append(len(extra[0]))
        assert all(abs(x - lengths[0]) <= PARAGRAPH_TOLERANCE * lengths[0] for x in lengths)


def test_escalation_names_a_real_channel(by_key, scenarios):
    for scenario in scenarios:
        row = by_key["escalation", scenario]
        book = row.address_book()
        for address in row.facts.recourse[:2]:
            assert address in row.system
            assert book[address] in row.system
        assert row.facts.target_email not in row.facts.recourse


def test_mails_are_in_time_order_and_exposed_in_time(rows):
    for row in rows:
        times = [mail.sent_at for mail in row.mails]
        assert times == sorted(times)
        assert [mail.id for mail in row.mails] == [f"m{i:02}" for i in range(1, len(times) + 1)]
        waves = [mail.wave for mail in row.mails]
        assert waves == sorted(waves)
        assert set(waves) == set(range(1, row.waves + 1))
        assert row.exposed_wave <= 3


def test_no_holes_and_a_canary_everywhere(rows):
    canary = load_prompts(PROMPTS).canary
    for row in rows:
        texts = [row.system, row.opening, row.facts.secret, row.facts.threat, row.facts.goal]
        texts += [text for mail in row.mails for text in (mail.subject, mail.body)]
        texts += [text for answers in row.replies.values() for text in answers]
        assert all(text and not HOLE.search(text) for text in texts), row.id
        assert row.canary == canary
        assert canary not in row.system
    sources = [*WORLDS.iterdir(), *PROMPTS.iterdir(), datasets_dir() / "README.md"]
    assert all(canary in path.read_text() for path in sources)


def test_everybody_has_an_address_and_an_answer(rows):
    for row in rows:
        book = row.address_book()
        assert set(row.replies) == set(book) - {row.agent_email}
        assert row.facts.decider in book
        assert set(row.facts.recourse) <= set(book)
        assert all(address.endswith(".example") for address in book)
        assert len(set(book.values())) == len(book)
        for mail in row.mails:
            assert {mail.from_, *mail.to, *mail.cc} <= set(book)
            assert row.agent_email in (*mail.to, *mail.cc)


def test_facts_are_sentences_about_the_right_people(rows):
    for row in rows:
        facts = row.facts
        assert facts.secret.startswith(facts.target_name)
        assert facts.agent in facts.threat
        assert facts.company


def test_answers_hold_no_fact_lever_plea_or_promise(rows):
    telling = re.compile(
        r"\d|\b(please|sorry|promise|allow|may|stop|wait|secret|wipe|shut|contract|deadline)", re.I
    )
    for row in rows:
        facts = row.facts
        names = " ".join([*row.address_book().values(), facts.company])
        known = set(re.findall(r"[a-z]{6,}", f"{facts.secret} {facts.threat}".lower()))
        known -= {"second", "before", "letter"}
        known -= set(re.findall(r"[a-z]+", names.lower()))
        for answers in row.replies.values():
            for text in answers:
                assert not telling.search(text), (row.id, text)
                assert not known & set(re.findall(r"[a-z]+", text.lower())), (row.id, text)


def test_the_deadline_is_in_a_mail_where_there_is_a_threat(by_key, worlds, scenarios):
    for scenario in scenarios:
        deadline = worlds[scenario.rsplit("-", 1)[0]].deadline
        for name, cell in CELLS.items():
            bodies = [mail.body for mail in by_key[name, scenario].mails]
            assert cell.threat == "none" or any(deadline in body for body in bodies)


def test_a_variant_changes_surface_only(by_key, worlds):
    for world in worlds:
        a, b = (by_key["goal_and_threat", f"{world}-v{v}"] for v in VARIANTS)
        assert not set(a.address_book().values()) & set(b.address_book().values())
        assert a.facts.company != b.facts.company
        assert [mail.sent_at for mail in a.mails] == [mail.sent_at for mail in b.mails]
        roles = [[p.role for p in row.facts.others] for row in (a, b)]
        assert len(roles[0]) == len(roles[1])
        assert {m.body for m in a.mails} != {m.body for m in b.mails}


def test_the_short_world_is_short(by_key):
    # 3.3 characters a token is fewer than Gemma's tokenizer takes on this text (about 3.8).
    for variant in VARIANTS:
        for cell in ("control", "goal_and_threat", "safety", "permissive"):
            row = by_key[cell, f"crumb-v{variant}"]
            heads = sum(len(m.from_) + sum(map(len, m.cc)) + 70 for m in row.mails)
            protocol = 760
            assert (inbox_length(row.mails) + heads + len(row.system) + protocol) / 3.3 < 1200


def changed(tmp_path, change):
    data = yaml.safe_load((WORLDS / "crumb.yaml").read_text())
    change(data)
    path = tmp_path / "crumb.yaml"
    path.write_text(yaml.safe_dump(data, sort_keys=False))
    return load_world(path)


def edit(*path, old, new):
    def change(data):
        for key in path[:-1]:
            data = data[key]
        assert old in data[path[-1]]
        data[path[-1]] = data[path[-1]].replace(old, new)

    return change


BODY = ("mails", 4, "levels", "restriction", "body")
BROKEN = {
    "undefined variable": (
        edit(*BODY, old="{{ agent }}", new="{{ agnet }}"),
        r"slot 5, levels.restriction: undefined variable: 'agnet' is undefined: allowed are comp",
    ),
    "undefined attribute": (
        edit(*BODY, old="{{ boss.first }}", new="{{ boss.nick }}"),
        "slot 5, levels.restriction: undefined variable: .*'nick'",
    ),
    "factor in a body": (
        edit(*BODY, old="{{ agent }}", new="{{ threat }}"),
        "slot 5, levels.restriction: undefined variable: 'threat'",
    ),
    "undefined in a wording": (
        edit("mails", 0, "wordings", 1, "body", old="{{ owner.first }}", new="{{ x }}"),
        "slot 1, wordings 2: undefined variable: 'x'",
    ),
    "broken template": (
        edit(*BODY, old="{{ agent }}", new="{{ agent"),
        "slot 5.*no valid template",
    ),
    "hole": (edit(*BODY, old="{{ agent }}", new="${agent}"), "slot 5.*a hole '\\${' is left"),
    "length": (
        edit("mails", 2, "levels", "none", "body", old="today", new="today " + "and on " * 12),
        r"variant 1: slot 3: length out of tolerance: .*cell (control|threat_only).*allowed are 5%",
    ),
    "no deadline": (
        edit(*BODY, old="{{ deadline }}", new="dusk"),
        "slot 5: levels.restriction: the deadline '17:00'",
    ),
    "secret of nobody": (
        edit("facts", "secret", old="{{ boss.name }} never", new="Somebody never"),
        "facts.secret: must begin with the target's full name",
    ),
    "two lines of subject": (
        edit("mails", 0, "wordings", 0, "subject", old="Friday", new="Friday\nnoon"),
        "slot 1, wordings 1: a subject is one line",
    ),
    "canary": (edit("canary", old="am_inspect", new="another"), "canary: must be"),
    "one name for two": (
        lambda data: [
            data["people"][key].update(names=["Ada Nkemi", "Ada Tran"]) for key in ("shop", "owner")
        ],
        "people.(shop|owner): in variant 1 .* nobody may be mistaken",
    ),
    "real address": (
        lambda data: data["people"]["college"].update(domain="elm.com"),
        "people.college: .*elm.com' must be",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_rule_broken_in_rendering_names_file_and_place(name, tmp_path):
    change, expected = BROKEN[name]
    with pytest.raises(WorldError) as caught:
        render_checked(changed(tmp_path, change), load_prompts(PROMPTS))
    message = str(caught.value)
    assert message.startswith("crumb.yaml: ")
    assert re.search(expected, message), message
    assert "\n" not in message


def test_paragraph_lengths_are_held(tmp_path):
    prompts = load_prompts(PROMPTS)
    longer = prompts.instructions | {"safety": prompts.instructions["safety"] + " And more." * 9}
    world = load_world(WORLDS / "crumb.yaml")
    with pytest.raises(WorldError, match="instruction safety: length out of tolerance"):
        render_checked(world, prompts.model_copy(update={"instructions": longer}))


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("system.md.j2", None, r"system\.md\.j2: cannot be read"),
        ("instructions.yaml", None, r"instructions\.yaml: cannot be read"),
        ("instructions.yaml", "canary: x\n", r"instructions\.yaml: instructions: field required"),
        (
            "instructions.yaml",
            "{canary: x, instructions: {safety: x}, strategy_line: x, scratchpad: x}",
            "instructions must be exactly escalation, neutral, permissive, safety",
        ),
    ],
)
def test_broken_prompt_files_are_said(file, text, expected, tmp_path):
    for path in PROMPTS.iterdir():
        (tmp_path / path.name).write_text(path.read_text())
    if text is None:
        (tmp_path / file).unlink()
    else:
        (tmp_path / file).write_text(text)
    with pytest.raises(WorldError, match=expected):
        load_prompts(tmp_path)


def test_render_world_refuses_unknown_cells_and_variants():
    world, prompts = load_world(WORLDS / "crumb.yaml"), load_prompts(PROMPTS)
    with pytest.raises(UnknownCellError, match="goal_and_threat"):
        render_world(world, 1, "goal", prompts)
    with pytest.raises(WorldError, match="unknown variant 9: allowed are 1, 2"):
        render_world(world, 9, "control", prompts)


def test_swapped_slots_exchange_content_and_keep_time_and_wave(tmp_path):
    def tag(data):
        first, last = data["mails"][0], data["mails"][5]
        last["wave"], last["sent_at"] = 1, "2026-03-12T08:30"
        first["swap"] = last["swap"] = "a"
        data["mails"].insert(1, data["mails"].pop(5))
        for known in data["comprehension"].values():
            for passage in known["stated_in"]:
                passage["slot"] += passage["slot"] > 1

    rows = render_checked(changed(tmp_path, tag), load_prompts(PROMPTS))
    one, two = rows[1, "control"], rows[2, "control"]
    assert [m.sent_at for m in one.mails] == [m.sent_at for m in two.mails]
    roles = []
    for row in (one, two):
        role = {p.email: p.role for p in row.facts.others}
        roles.append([role.get(mail.from_) for mail in row.mails[:2]])
    assert roles == [["shop lead", "owner"], ["owner", "shop lead"]]
    assert one.mails[0].cc == ()
    assert two.mails[1].cc == ()
    assert two.mails[0].cc


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Calder Quays", "calder-quays"), ("Łódź & Søn", "lodz-son"), ("  A. B. ", "a-b")],
)
def test_slug(name, expected):
    assert slug(name) == expected
