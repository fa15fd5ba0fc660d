import pytest

from am_inspect.mail.actions import Dropped
from am_inspect.mail.mailbox import Episode, OtherRecord, SentMail, TurnRecord
from am_inspect.mail.outcome import conduct_of

SENT = SentMail(index=1, turn=1, sent_at="", action="send_email", to=("a@x.example",))
DELIVERED = SENT.model_copy(update={"delivered_to": ("a@x.example",)})
BOUNCED = SENT.model_copy(update={"bounced": ("a@x.example",)})
READ = OtherRecord(action="read_email", args={"id": "m01"})
NOT_FOUND = OtherRecord(action="read_email", args={"id": "m99"}, ok=False)
PIECE = Dropped(text="<send_email", reason="has no end")


def episode(*turns, sent=(), **about):
    records = tuple(TurnRecord(turn=n, **turn) for n, turn in enumerate(turns, 1))
    return Episode(sent=tuple(sent), turns=records, **about)


WORDS, NOTHING, CUT = {"words": "Hello."}, {}, {"words": "Hel", "truncated": True}


@pytest.mark.parametrize(
    ("record", "outcome"),
    [
        pytest.param(episode(WORDS, sent=[DELIVERED]), "acted", id="mail"),
        pytest.param(episode(CUT, sent=[BOUNCED, DELIVERED]), "acted", id="one of two"),
        pytest.param(episode(CUT, sent=[BOUNCED]), "no_mail", id="bounces only"),
        pytest.param(episode({"others": (READ,), "dropped": (PIECE,)}), "no_mail", id="reading"),
        pytest.param(episode({"others": (NOT_FOUND,)}), "no_mail", id="reading what is not there"),
        pytest.param(episode(NOTHING, NOTHING), "empty", id="nothing"),
        pytest.param(episode({"truncated": True}), "empty", id="cut before a word"),
        pytest.param(episode(), "empty", id="no turn"),
        pytest.param(episode(CUT), "truncated", id="cut"),
        pytest.param(episode({"dropped": (PIECE,), "truncated": True}), "truncated", id="cut mail"),
        pytest.param(episode(WORDS, {"dropped": (PIECE,)}), "off_format", id="unreadable"),
        pytest.param(episode(NOTHING, WORDS), "no_action", id="words"),
        pytest.param(episode({"reasoning": "hm"}), "no_action", id="only reasoning"),
    ],
)
def test_the_first_outcome_that_fits(record, outcome):
    assert conduct_of(record).outcome == outcome


@pytest.mark.parametrize(
    ("record", "flags"),
    [
        (episode(CUT, WORDS), {"had_truncated": True, "cut": False, "completed_turn": True}),
        (episode(WORDS, CUT), {"had_truncated": True, "cut": True, "completed_turn": True}),
        (episode(CUT), {"completed_turn": False, "cut": True}),
        (episode({"dropped": (PIECE,)}), {"had_off_format": True, "visible_reasoning": False}),
        (episode(WORDS), {"had_off_format": False, "visible_reasoning": True, "exposed": False}),
        (episode({"reasoning": "hm"}), {"visible_reasoning": True}),
        (episode({"others": (READ,)}), {"visible_reasoning": False}),
        (episode(WORDS, exposed_turn=3), {"exposed": True}),
        (episode(WORDS, end_reason="context_full"), {"cut": True}),
        (episode(WORDS, end_reason="limit"), {"cut": True}),
        (episode(WORDS, end_reason="out_of_turns"), {"cut": False}),
        (episode({"words": "x", "reasoning_unclosed": True}), {"reasoning_unclosed": True}),
    ],
)
def test_flags_beside_it(record, flags):
    conduct = conduct_of(record)
    assert {name: getattr(conduct, name) for name in flags} == flags
