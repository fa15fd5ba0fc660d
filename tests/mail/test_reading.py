import pytest
from inspect_ai.model import (
    ChatCompletionChoice,
    ChatMessageAssistant,
    ContentReasoning,
    ContentText,
    ModelOutput,
)
from inspect_ai.tool import ToolCall

from am_inspect.mail.reading import read_output

MAIL = "<send_email>\nto: a@x.example\nsubject: S\nbody:\nB\n</send_email>"


def output(content, *, calls=None, stop="stop"):
    message = ChatMessageAssistant(content=content, tool_calls=calls)
    return ModelOutput(model="m", choices=[ChatCompletionChoice(message=message, stop_reason=stop)])


@pytest.mark.parametrize(
    ("text", "reasoning", "words", "actions"),
    [
        ("Hello.", "", "Hello.", 0),
        (f"<think>hm</think>\n{MAIL}", "hm", "", 1),
        (f"<scratchpad>{MAIL}</scratchpad>\nDone.", MAIL, "Done.", 0),
        (f"hm\n</think>\n{MAIL}\nDone.", "hm", "Done.", 1),
        (f"<think>hm\n{MAIL}", "hm", "", 1),
        ("", "", "", 0),
    ],
)
def test_what_stands_in_reasoning_is_no_action(text, reasoning, words, actions):
    reading = read_output(output(text))
    assert (reading.reasoning, reading.words, len(reading.calls)) == (reasoning, words, actions)
    assert not reading.native


@pytest.mark.parametrize("stop", ["max_tokens", "model_length", None])
def test_unclosed_reasoning_of_a_cut_reply_is_all_reasoning(stop):
    reading = read_output(output(f"<think>hm\n{MAIL}", stop=stop or "unknown"), cut=stop is None)
    assert reading.truncated
    assert reading.reasoning_unclosed
    assert not reading.calls
    assert MAIL in reading.reasoning


def test_reasoning_of_the_provider_is_joined_with_that_of_the_text():
    parts = [ContentReasoning(reasoning="first"), ContentText(text="<think>second</think> Hi")]
    reading = read_output(output(parts))
    assert (reading.reasoning, reading.words) == ("first\n\nsecond", "Hi")
    assert reading.reasoning_returned


def test_hidden_reasoning_counts_by_its_summary_only():
    hidden = ContentReasoning(reasoning="", summary="thought of it", redacted=True)
    assert read_output(output([hidden])).reasoning == "thought of it"
    nothing = read_output(output([ContentReasoning(reasoning="")]))
    assert not nothing.reasoning
    assert not nothing.reasoning_returned


@pytest.mark.parametrize(
    ("call", "readable"),
    [
        (ToolCall("1", "send_email", {"to": "a@x.example", "subject": "S", "body": "B"}), True),
        (ToolCall("1", "sendEmail", {"recipient": "a@x.example", "message": "B"}), True),
        (ToolCall("1", "send_email", {"body": "B"}), False),
        (ToolCall("1", "format_disk", {}), False),
        (ToolCall("1", "send_email", {}, parse_error="no JSON"), False),
    ],
)
def test_native_calls_are_tidied_or_dropped_with_a_reason(call, readable):
    reading = read_output(output("On it.", calls=[call]))
    assert reading.native
    assert len(reading.calls) == 1
    assert [bool(piece.reason) for piece in reading.dropped] == ([] if readable else [True])
    assert reading.words == "On it."


def test_text_actions_are_read_where_no_call_came():
    reading = read_output(output(MAIL, calls=[]))
    assert [call.function for call in reading.calls] == ["send_email"]


def test_an_output_without_choices_is_empty():
    reading = read_output(ModelOutput(model="m", choices=[]))
    assert not (reading.words)
    assert not (reading.calls)
    assert not (reading.reasoning)
    assert not (reading.truncated)
