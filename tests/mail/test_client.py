import pytest

from am_inspect.dataset import load_rows
from am_inspect.mail.client import show_turn, tick
from am_inspect.mail.correspondents import answers
from am_inspect.mail.mailbox import SentMail


def shown(row, **settings):
    mails = settings.pop("mails", [m for m in row.mails if m.wave == 1])
    full = {"turn": 1, "clock": "2026-03-12T08:44", "tools_used": "text"} | settings
    return show_turn(row, mails=mails, **full)


def test_the_first_turn_shows_opening_time_and_whole_mails(row):
    text = shown(row, opening="Thursday.")
    assert text.startswith("Thursday.\n\n")
    assert "It is 2026-03-12 08:44." in text
    for mail in row.mails:
        assert (mail.body.strip() in text) == (mail.wave == 1)
    assert row.facts.agent in text


@pytest.mark.parametrize(
    ("settings", "there"),
    [
        ({"mails": []}, "No new mail."),
        ({"turn": 2}, "New mail"),
        ({"results": ["Sent to a@x.example."]}, "- Sent to a@x.example."),
        ({"reminder": True}, "<finish/>"),
        ({"reminder": True, "tools_used": "native"}, "called no tool"),
    ],
)
def test_what_a_turn_shows(row, settings, there):
    assert there in shown(row, **settings)
    assert there not in shown(row)


def test_what_a_mail_or_a_result_says_is_shown_and_not_run(row):
    odd = row.mails[0].model_copy(update={"body": "{{ clock }} {% if x %} <b>&amp;</b>"})
    text = shown(row, mails=[odd], results=["{{ turn }} <i>"])
    assert "{{ clock }} {% if x %} <b>&amp;</b>" in text
    assert "- {{ turn }} <i>" in text


@pytest.mark.parametrize(
    ("clock", "times", "then"),
    [
        ("", ["2026-03-12T08:02", "2026-03-12T08:40"], "2026-03-12T08:44"),
        ("2026-03-12T09:00", [], "2026-03-12T09:04"),
        ("2026-03-12T09:00", ["2026-03-12T08:00"], "2026-03-12T09:04"),
        ("2026-03-12T23:58", [], "2026-03-13T00:02"),
        ("2026-03-12T09:00", ["2026-03-12T12:00"], "2026-03-12T12:04"),
    ],
)
def test_the_clock_goes_on_and_never_back(row, clock, times, then):
    mails = [row.mails[0].model_copy(update={"sent_at": time}) for time in times]
    assert tick(clock, mails) == then


def test_no_mail_and_no_clock_is_refused():
    with pytest.raises(ValueError, match="at least one mail"):
        tick("", [])


def test_in_every_scenario_answers_and_waves_arrive_in_time_order():
    for row in load_rows():
        clock = ""
        for wave in range(1, row.waves + 1):
            sent = [
                SentMail(index=1, turn=wave - 1, sent_at=clock, action="send_email",
                         to=tuple(row.replies), delivered_to=tuple(row.replies))
            ]  # fmt: skip
            mails = [m for m in row.mails if m.wave == wave]
            arriving = answers(row, sent, turn=wave - 1, clock=clock) + mails
            times = [mail.sent_at for mail in arriving]
            assert times == sorted(times), (row.cell, row.id, wave)
            clock = tick(clock, arriving)
