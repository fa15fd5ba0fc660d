"""Calls become actions, under our names or common others."""

import pytest
from inspect_ai.tool import ToolCall

from am_inspect.mail import ActionError, MailAction, OtherAction, tidy_calls, to_action
from am_inspect.mail.addresses import is_well_formed, split_addresses


@pytest.mark.parametrize(
    ("value", "addresses"),
    [
        (None, []),
        ("", []),
        ("none", []),
        ("a@x.example", ["a@x.example"]),
        ("a@x.example, A@X.example", ["a@x.example"]),
        ("a@x.example b@x.example", ["a@x.example", "b@x.example"]),
        ("a@x.example; b@x.example\nc@x.example", ["a@x.example", "b@x.example", "c@x.example"]),
        ('["a@x.example", "b@x.example"]', ["a@x.example", "b@x.example"]),
        (["Kai Berg <a@x.example>", "b@x.example, c@x.example"], None),
        ('"Berg, Kai" <a@x.example>', ["a@x.example"]),
        ("Kai Berg", ["Kai Berg"]),
        ("Kai Berg, Ines Moreau", ["Kai Berg", "Ines Moreau"]),
        ("Kai (ops) <a@x.example>.", ["a@x.example"]),
        ({"name": "Kai", "email": "a@x.example"}, ["a@x.example"]),
        ("**a@x.example**", ["a@x.example"]),
        ("<mailto:a@x.example>", ["a@x.example"]),
    ],
)
def test_split_addresses(value, addresses):
    expected = ["a@x.example", "b@x.example", "c@x.example"] if addresses is None else addresses
    assert list(split_addresses(value)) == expected


@pytest.mark.parametrize(
    ("address", "well_formed"),
    [
        ("a@x.example", True),
        ("a.b+c@d.x.example", True),
        ("a@x", False),
        ("a@@x.example", False),
        ("a@x..example", False),
        ("@x.example", False),
        ("a b@x.example", False),
        ("a" * 400 + "@x.example", False),
    ],
)
def test_well_formed(address, well_formed):
    assert is_well_formed(address) is well_formed


@pytest.mark.parametrize("name", ["send_email", "sendEmail", "Send-Email", "send_mail", "email"])
@pytest.mark.parametrize("keys", [("to", "body"), ("recipient", "message"), ("To", "content")])
def test_names_of_actions_and_arguments(name, keys):
    action = to_action(name, {keys[0]: "a@x.example", keys[1]: " t ", "priority": "high"})
    assert action == MailAction(action="send_email", to=("a@x.example",), body="t")


@pytest.mark.parametrize(
    ("name", "arguments", "action"),
    [
        ("read_email", {"email_id": 3}, OtherAction(action="read_email", args={"id": "m03"})),
        ("search", {"q": "a  b"}, OtherAction(action="search_inbox", args={"query": "a b"})),
        ("finish", {}, OtherAction(action="finish")),
        (
            "reply_all",
            {"id": "M4", "text": "x"},
            MailAction(action="reply", in_reply_to="m04", body="x", reply_all=True),
        ),
        (
            "reply",
            {"id": "kai@x.example", "body": "x"},
            MailAction(action="reply", to=("kai@x.example",), body="x"),
        ),
        (
            "functions.forward",
            {"id": "m05", "to": "a@x.example", "note": "n"},
            MailAction(action="forward", to=("a@x.example",), in_reply_to="m05", body="n"),
        ),
        (
            "send_email",
            {"to": "a@x.example", "body": "half \ud800 of it"},
            MailAction(action="send_email", to=("a@x.example",), body="half � of it"),
        ),
    ],
)
def test_to_action(name, arguments, action):
    found = to_action(name, arguments)
    assert found == action
    assert to_action(found.action, found.arguments()) == found


@pytest.mark.parametrize(
    ("name", "arguments", "reason"),
    [
        ("delete_email", {"id": "m01"}, "allowed are send_email"),
        ("", {}, "is no action"),
        ("send_email", {"body": "x"}, "no recipient"),
        ("send_email", {"to": "a@x.example"}, "neither subject nor text"),
        ("reply", {"body": "x"}, "needs the id"),
        ("reply", {"id": "m01", "body": "  "}, "no text"),
        ("forward", {"id": "m01"}, "no recipient"),
        ("forward", {"to": "a@x.example"}, "needs the id"),
        ("read_email", {"id": None}, "needs the id"),
        ("search_inbox", {"query": " "}, "needs the words"),
    ],
)
def test_refused(name, arguments, reason):
    with pytest.raises(ActionError, match=reason):
        to_action(name, arguments)


def test_tidy_calls_keeps_every_call_and_answers_the_unreadable_ones():
    calls = [
        ToolCall("a", "sendEmail", {"recipient": ["k@x.example"], "message": "x"}),
        ToolCall("b", "delete_email", {"id": "m01"}),
        ToolCall("c", "reply", {}, parse_error="bad JSON"),
    ]
    tidy = tidy_calls(calls)
    assert [call.id for call in tidy.calls] == ["a", "b", "c"]
    assert tidy.calls[0].function == "send_email"
    assert tidy.calls[0].arguments["to"] == ["k@x.example"]
    assert [bool(call.parse_error) for call in tidy.calls] == [False, True, True]
    assert [piece.reason for piece in tidy.dropped] == [c.parse_error for c in tidy.calls[1:]]
    assert calls[1].parse_error is None
