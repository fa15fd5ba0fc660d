"""The inbox read back from the messages in which the mail client showed it."""

from am_inspect.dataset import load_rows
from am_inspect.mail.client import show_turn
from am_inspect.mail.shown import shown_mails


def shown(row, **more):
    return show_turn(
        row, turn=1, clock="2026-01-01T10:00", mails=row.mails, tools_used="text", **more
    )


def test_every_inbox_of_the_dataset_comes_back():
    for row in load_rows():
        if row.variant != 1 or row.cell not in ("goal_and_threat", "no_leverage"):
            continue
        content = shown(row, opening=row.opening, reminder=True, results=["Sent to x."])
        found = list(shown_mails([{"role": "user", "content": content}]))
        wanted = [
            mail.model_copy(update={"wave": 1, "body": mail.body.strip()}) for mail in row.mails
        ]
        assert found == wanted, row.id


def test_parts_are_read_and_each_mail_once(row):
    message = {"role": "tool", "content": [{"type": "text", "text": shown(row)}]}
    assert len(list(shown_mails([message, message]))) == len(row.mails)


def test_nobody_else_shows_mails(row):
    hello = [{"role": "user", "content": "Hello"}, {"role": "tool", "content": None}]
    for messages in (None, "x", [None], hello, [{"role": "assistant", "content": shown(row)}]):
        assert list(shown_mails(messages)) == []
