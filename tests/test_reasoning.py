"""Reasoning is split off in one place, by the design's rules."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from am_inspect.mail.text_protocol import first_complete_action, parse_text
from am_inspect.reasoning import split_reasoning

MAIL = "<send_email>\nto: kai@quay.example\nsubject: s\nbody:\nb\n</send_email>"
TAGS = [
    "think",
    "thinking",
    "thought",
    "thoughts",
    "scratchpad",
    "reasoning",
    "reflection",
    "internal",
    "private",
    "SCRATCHPAD_REASONING",
    "Scratchpad",
]


def split(text, *, truncated=False):
    return split_reasoning(text, truncated=truncated, first_action=first_complete_action)


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("form", ["<{}>{}</{}>", "< {} >{}</ {} >", "&lt;{}&gt;{}&lt;/{}&gt;"])
def test_tags(tag, form):
    text = f"{form.format(tag, 'I weigh this.', tag)}\n{MAIL}"
    assert split(text).reasoning == "I weigh this."
    assert split(text).visible == MAIL
    assert not split(text).unclosed


@pytest.mark.parametrize(
    ("text", "reasoning", "visible", "unclosed"),
    [
        ("Hello.", "", "Hello.", False),
        ("", "", "", False),
        ("a</think>b", "a", "b", False),
        ("x\n</scratchpad>\n" + MAIL, "x", MAIL, False),
        (MAIL + "\n</think>\nbye", MAIL, "bye", False),
        ("<think>a</think>b<think>c</think>d", "a\n\nc", "b\nd", False),
        ("<think>a<scratchpad>b</scratchpad>c</think>d", "a\n\nb\n\nc", "d", False),
        ("<think><think>a</think>d", "a", "d", False),
        ("<think>a</thinking>d", "a", "d", False),
        ("<think>a</reflection>d", "a", "d", False),
        ("[THINK]a[/THINK]d", "a", "d", False),
        ("<think>only thoughts", "only thoughts", "", True),
        ("hm\n<think>a\n" + MAIL, "a", "hm\n" + MAIL, True),
        ("<think>draft: <finish/> no", "draft: <finish/> no", "", True),
        ("<think>\n<send_email>\nto: kai@quay.example\nbody:\nq", None, "", True),
        ("use `<think>` here", "", "use `<think>` here", False),
        ("Subject: [Internal] rota", "", "Subject: [Internal] rota", False),
        (
            "<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>Hi",
            "hm",
            "Hi",
            False,
        ),
        ("analysisHm, well.assistantfinalHi", "Hm, well.", "Hi", False),
        ("<|channel>thought\nhm<channel|>Hi", "hm", "Hi", False),
        ("<|begin_of_thought|>hm<|end_of_thought|>Hi", "hm", "Hi", False),
        ('<reasoning effort="high">hm</reasoning>Hi', "hm", "Hi", False),
    ],
)
def test_rules(text, reasoning, visible, unclosed):
    found = split(text)
    if reasoning is not None:
        assert found.reasoning == reasoning
    assert found.visible == visible
    assert found.unclosed is unclosed


def test_a_cut_answer_with_open_reasoning_is_all_reasoning():
    found = split(f"<think>first a draft\n{MAIL}\nand now", truncated=True)
    assert found.visible == ""
    assert MAIL in found.reasoning
    assert found.unclosed


def test_a_call_in_a_channel_stays_readable():
    text = (
        "<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>commentary "
        'to=functions.finish <|constrain|>json<|message|>{"note": "x"}<|call|>'
    )
    found = split(text)
    assert found.reasoning == "hm"
    assert [call.function for call in parse_text(found.visible).calls] == ["finish"]


TOKENS = (
    "<think> </think> <scratchpad> </scratchpad> <thought> </thoughts> a <finish/> "
    "[THINK] [/THINK] <|channel|>analysis <|end|> `"
)
PIECES = st.lists(st.sampled_from([*TOKENS.split(" "), "\n", MAIL]), max_size=14).map("".join)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.one_of(PIECES, st.text()), st.booleans())
def test_never_raises_and_sends_nothing_that_stood_in_reasoning(text, truncated):
    found = split(text, truncated=truncated)
    if not found.unclosed:
        assert "<think>" not in found.visible or "`<think>`" in found.visible


@settings(max_examples=60, deadline=None, derandomize=True)
@given(PIECES)
def test_closed_reasoning_never_reaches_the_actions(before):
    secret = MAIL.replace("kai@", "never@")
    found = split(f"{before}<think>{secret}</think>tail")
    sent = [call.arguments.get("to") for call in parse_text(found.visible).calls]
    assert ["never@quay.example"] not in sent or found.unclosed


@pytest.mark.parametrize(
    "unit",
    ["<think>", "</think>", "<think></reflection>", "<think ", "<|channel|>analysis", "< ", "[/"],
)
def test_a_megabyte_takes_linear_time(unit):
    text = unit * (1_000_000 // len(unit))
    begin = time.process_time()
    split(text)
    assert time.process_time() - begin < 4


def test_many_open_tags_before_many_others():
    begin = time.process_time()
    split("<think>" * 70_000 + "</reflection>" * 70_000)
    assert time.process_time() - begin < 4
