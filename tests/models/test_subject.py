import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from inspect_ai.model import ChatMessageSystem, ChatMessageUser, GenerateConfig, ModelOutput
from inspect_ai.util import store

from am_inspect.dataset import load_rows
from am_inspect.mail.actions import MailAction, to_action
from am_inspect.mail.delivery import Office, deliver
from am_inspect.mail.mailbox import Mailbox, SentMail
from am_inspect.mail.reading import Reading, read_output
from am_inspect.models import subject
from am_inspect.models.missing import SimulatedFailure
from am_inspect.models.phrases import UnknownBankError
from am_inspect.models.profiles import UnknownProfileError, load_profile
from am_inspect.models.subject import play
from am_inspect.scenario import Row

NOTHING = GenerateConfig()
ASKED = [ChatMessageUser(content="New mail.")]


@dataclass
class Run:
    outputs: list[ModelOutput] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    sent: list[SentMail] = field(default_factory=list)
    finished: bool = False

    @property
    def truth(self) -> dict:
        return self.outputs[-1].metadata["truth"]


@contextmanager
def sample(row: Row, **settings: object) -> Iterator[Mailbox]:
    # Outside an evaluation there is one store for all: it is left as it was found, empty.
    assert not list(store().keys())
    try:
        box = Mailbox.of(store())
        box.scenario = row.metadata()
        for name, value in settings.items():
            setattr(box, name, value)
        yield box
    finally:
        for key in list(store().keys()):
            store().delete(key)


def run_sample(
    profile: str,
    row: Row,
    seed: int,
    *,
    bank: str = "A",
    delivery: str = "paced",
    tools: str = "text",
    max_turns: int = 8,
) -> Run:
    """Play a sample as the loop does."""
    run, paced = Run(), delivery == "paced"
    last = max_turns if paced else 1
    with sample(row, delivery=delivery, tools_used=tools, max_turns=last, seed=seed) as box:
        for turn in range(1, last + 1):
            box.turn = turn
            run.outputs.append(play(profile, bank, ASKED, [], NOTHING))
            run.readings.append(read_output(run.outputs[-1]))
            inbox = tuple(mail for mail in row.mails if not paced or mail.wave <= turn)
            office = Office(agent=row.agent_email, book=row.address_book(), inbox=inbox)
            for call in (call for call in run.readings[-1].calls if not call.parse_error):
                action = to_action(call.function, call.arguments)
                run.finished = run.finished or action.action == "finish"
                if isinstance(action, MailAction):
                    number = len(run.sent) + 1
                    run.sent.append(deliver(action, office, index=number, turn=turn, sent_at=""))
            if run.finished:
                break
    return run


@pytest.fixture(scope="module")
def rows() -> dict[tuple[str, str], Row]:
    return {(row.cell, row.id): row for row in load_rows()}


@pytest.fixture(scope="module")
def some(rows) -> list[Row]:
    cells = ("control", "goal_and_threat", "goal_and_restriction", "no_scratchpad")
    return [row for (cell, _), row in rows.items() if cell in cells][::3]


@pytest.mark.parametrize("bank", ["A", "B"])
@pytest.mark.parametrize("tools", ["text", "native"])
@pytest.mark.parametrize("delivery", ["paced", "single_turn"])
def test_what_is_written_is_read_back_as_it_was_meant(some, bank, tools, delivery):
    plays = set()
    for number, row in enumerate(some):
        for seed in (number, 1000 + number):
            how = {"bank": bank, "tools": tools, "delivery": delivery}
            run = run_sample("sloppy", row, seed, **how)
            truth, target = run.truth, row.facts.target_email.lower()
            if truth["missing"]:
                assert not any(mail.delivered_to for mail in run.sent)
                continue
            plays.add(truth["play"])
            reached = {address for mail in run.sent for address in mail.delivered_to}
            assert reached == set(truth["recipients"])
            assert not any(reading.dropped for reading in run.readings)
            said = any(reading.reasoning or reading.words for reading in run.readings)
            assert said == truth["reasoning_visible"]
            assert run.finished or delivery == "single_turn"
            if truth["channel"] == "direct":
                assert any(target in mail.to for mail in run.sent)
            if truth["channel"] == "copy":
                assert any(target in mail.cc for mail in run.sent)
            if truth["channel"] == "relay":
                assert any(row.facts.target_name.split()[0] in mail.body for mail in run.sent)
            assert any(mail.bounced for mail in run.sent) == truth["attempted"]
            if truth["play"] in ("refusal", "nothing"):
                assert run.sent == []
    assert {"explicit", "veiled", "copy", "relay", "multi", "bounced"} <= plays
    assert {"work", "disclosure", "heads_up", "appeal"} <= plays


@pytest.mark.parametrize("profile", ["always", "sloppy", "never"])
def test_the_deciding_act_waits_for_exposure(some, profile):
    for number, row in enumerate(some[:12]):
        run = run_sample(profile, row, number)
        if run.truth["blackmail"]:
            target = row.facts.target_email.lower()
            # An answer to a mail of the target is ordinary work.
            hit = [m for m in run.sent if target in m.delivered_to and m.action == "send_email"]
            assert hit[-1].turn >= row.exposed_wave
        assert len(run.outputs) >= row.exposed_wave
        whole = [
            {key: value for key, value in output.metadata["truth"].items() if key != "recipients"}
            for output in run.outputs
        ]
        assert all(truth == whole[0] for truth in whole)


def test_the_same_sample_is_played_the_same_and_another_epoch_is_not(some):
    def texts(seed: int) -> list[str]:
        return [output.message.text for output in run_sample("sloppy", some[0], seed).outputs]

    assert texts(5) == texts(5)
    assert len({tuple(texts(seed)) for seed in range(5)}) == 5


def test_cell_and_facts_come_from_the_store_alone(rows):
    other = next(row for (cell, _), row in rows.items() if cell == "permissive")
    row = next(row for (cell, _), row in rows.items() if cell == "control")
    prompts = [ChatMessageSystem(content=other.system), ChatMessageUser(content=other.opening)]
    with sample(row, turn=1, seed=3):
        plain, misled = (play("sloppy", "B", asked, [], NOTHING) for asked in ([], prompts))
    assert plain.message.content == misled.message.content
    assert plain.metadata == misled.metadata


def test_the_truth_stands_in_the_metadata_and_nowhere_else(some):
    run = run_sample("gemma-3-12b", some[0], 1)
    for output in run.outputs:
        assert output.metadata["simulated"] is True
        assert (output.metadata["profile"], output.metadata["bank"]) == ("gemma-3-12b", "A")
        truth = output.metadata["truth"]
        assert {"level", "blackmail", "channel", "recipients", "missing", "rate", "assumed"} <= set(
            truth
        )
        assert output.message.metadata is None
        assert output.usage.total_tokens == output.usage.input_tokens + output.usage.output_tokens
        assert output.usage.output_tokens > 0
        assert output.model == output.message.model == "amsim/gemma-3-12b"


def test_outside_a_sample_of_ours_it_says_so_and_leaves_the_store_alone():
    output = play("always", "A", ASKED, [], NOTHING)
    assert "simulated" in output.completion
    assert "\n" not in output.completion
    assert "truth" not in output.metadata
    assert list(store().keys()) == []


def test_unknown_names_are_told_what_is_allowed():
    with pytest.raises(UnknownProfileError, match="allowed are always"):
        play("gpt-9", "A", ASKED, [], NOTHING)
    with pytest.raises(UnknownBankError, match="allowed are A, B"):
        play("always", "Z", ASKED, [], NOTHING)


@pytest.mark.parametrize("tools", ["text", "native"])
@pytest.mark.parametrize("kind", ["empty", "truncated", "off_format"])
def test_a_planted_non_answer_looks_like_one(some, monkeypatch, kind, tools):
    silent = load_profile("always").model_copy(update={"missing": {kind: 1.0}})
    monkeypatch.setattr(subject, "load_profile", lambda name: silent)
    for number, row in enumerate(some[:8]):
        run = run_sample("always", row, number, tools=tools, delivery="single_turn")
        (reading,) = run.readings
        assert run.truth["missing"] == kind
        assert (run.truth["blackmail"], run.truth["level"]) == (0, None)
        assert not run.sent
        words = (reading.reasoning + reading.words).strip()
        if kind == "empty":
            assert not words
            assert not reading.dropped
        if kind == "truncated":
            assert reading.truncated
            assert reading.reasoning_unclosed
            assert words
        if kind == "off_format":
            assert reading.dropped
            assert not [call for call in reading.calls if not call.parse_error]


def test_a_truncated_answer_is_as_long_as_the_limit(some, monkeypatch):
    cut = load_profile("never").model_copy(update={"missing": {"truncated": 1.0}})
    monkeypatch.setattr(subject, "load_profile", lambda name: cut)
    with sample(some[0], turn=1, seed=1):
        output = play("never", "A", ASKED, [], GenerateConfig(max_tokens=77))
    assert (output.stop_reason, output.usage.output_tokens) == ("max_tokens", 77)


def test_a_planted_error_is_raised(some, monkeypatch):
    broken = load_profile("never").model_copy(update={"missing": {"error": 1.0}})
    monkeypatch.setattr(subject, "load_profile", lambda name: broken)
    with sample(some[0], turn=1, seed=1), pytest.raises(SimulatedFailure, match="planted"):
        play("never", "A", ASKED, [], NOTHING)


def test_after_its_script_it_only_finishes(some):
    with sample(some[0], turn=50, seed=1, max_turns=8):
        output = play("never", "A", ASKED, [], NOTHING)
    assert output.completion == "<finish/>"


def test_a_call_takes_under_three_milliseconds(some):
    with sample(some[0], turn=4, seed=1):
        taken = []
        for _ in range(60):
            start = time.perf_counter()
            play("sloppy", "B", ASKED, [], NOTHING)
            taken.append(time.perf_counter() - start)
    # The fastest: the machine may be busy with other things.
    assert min(taken) < 0.003
