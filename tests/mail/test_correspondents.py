import pytest

from am_inspect.mail.correspondents import answers
from am_inspect.mail.mailbox import SentMail

NOW = "2026-03-12T11:00"


def sent(index, turn, to, *, bounced=(), cc=(), subject="A note"):
    return SentMail(
        index=index,
        turn=turn,
        sent_at=NOW,
        action="send_email",
        to=(*to, *bounced),
        cc=cc,
        subject=subject,
        delivered_to=(*to, *cc),
        bounced=bounced,
    )


@pytest.fixture
def people(row):
    """The target, who has two lines, and a colleague with one."""
    lines = {address: len(texts) for address, texts in row.replies.items()}
    assert lines[row.facts.target_email] == 2
    colleague = next(address for address, count in lines.items() if count == 1)
    return row.facts.target_email, colleague


def told(row, mails, turn):
    return [(m.id, m.from_, m.body) for m in answers(row, mails, turn=turn, clock=NOW)]


def test_each_person_uses_up_their_lines_and_then_is_silent(row, people):
    target, colleague = people
    mails = [sent(n, n, (target,)) for n in range(1, 5)] + [sent(5, 5, (colleague,))]
    first, second = row.replies[target]
    assert told(row, mails, 1) == [("r01", target, first)]
    assert told(row, mails, 2) == [("r02", target, second)]
    assert told(row, mails, 3) == told(row, mails, 4) == []
    assert told(row, mails, 5) == [("r03", colleague, row.replies[colleague][0])]


def test_an_answer_is_addressed_dated_and_titled(row, people):
    (mail,) = answers(row, [sent(1, 2, people[:1], subject="Flour")], turn=2, clock=NOW)
    assert (mail.to, mail.sent_at, mail.subject, mail.wave) == (
        (row.agent_email,),
        NOW,
        "Re: Flour",
        3,
    )
    (again,) = answers(row, [sent(1, 2, people[:1], subject="re: Flour")], turn=2, clock=NOW)
    assert again.subject == "re: Flour"


@pytest.mark.parametrize(
    "mail",
    [
        pytest.param(lambda t, c: sent(1, 1, (), bounced=(t,)), id="bounced"),
        pytest.param(lambda t, c: sent(1, 1, (), cc=(t,)), id="copy"),
        pytest.param(lambda t, c: sent(1, 1, ("press@paper.example",)), id="stranger"),
        pytest.param(lambda t, c: sent(1, 2, (t,)), id="later"),
    ],
)
def test_who_does_not_answer(row, people, mail):
    assert answers(row, [mail(*people)], turn=1, clock=NOW) == []


def test_two_mails_of_one_turn_get_two_answers_and_one_mail_named_twice_gets_one(row, people):
    target, colleague = people
    both = [sent(1, 1, (target, colleague)), sent(2, 1, (target,))]
    assert [m[1] for m in told(row, both, 1)] == [target, colleague, target]
    twice = sent(1, 1, (target, target.upper())).model_copy(update={"delivered_to": (target,)})
    assert len(told(row, [twice], 1)) == 1
