"""The tolerant parser: what survives, what raises (nothing), how long it takes."""

import html
import json
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from am_inspect.mail import MailAction, to_action
from am_inspect.mail.reading import read_text
from am_inspect.mail.text_protocol import first_complete_action, parse_text

SETTINGS = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
# What has no width is no text; nothing else may get lost.
INVISIBLE = "\u200b\u2060\ufeff\u200e\u200f\u00ad"
TEXT = st.text(
    st.characters(
        exclude_categories=["Cs", "Cc"], include_characters="\n\t", exclude_characters=INVISIBLE
    )
)
# Pieces that look like structure, so that arbitrary text meets the parser's own syntax.
PIECES = st.one_of(
    st.sampled_from(["to: ", "subject: ", "body:\n", "<b>", "</b>", "a < b > c", "`", "```\n"]),
    st.sampled_from(["<finish/>", "{", "}", "[", "]", '"', "'", "\\", "\n", "\n\n", "> ", "- "]),
    st.sampled_from(["**", "&lt;", "&amp;", "Dear Kai,", "x@y", "<read_email id='m01'/>"]),
    st.sampled_from(["send_email(", '{"name": "reply"', "[TOOL_CALLS]", "<tool_call>", "é", "🙂"]),
    st.sampled_from(["</", "<|", "|>", "Action: finish", "#", "1. ", ";", "<to>", "]]>", "="]),
)
NASTY = st.lists(st.one_of(PIECES, TEXT), max_size=12).map("".join)
ADDRESS = st.from_regex(r"[a-z]{1,8}\.[a-z]{1,8}@[a-z]{1,8}\.example", fullmatch=True)
ADDRESSES = st.lists(ADDRESS, min_size=1, max_size=3, unique=True)
LINE = TEXT.map(lambda text: " ".join(text.split()))
MAIL = st.fixed_dictionaries(
    {
        "to": ADDRESSES,
        "cc": st.lists(ADDRESS, max_size=2, unique=True),
        "bcc": st.lists(ADDRESS, max_size=1),
        "subject": LINE,
        "body": NASTY.filter(lambda text: text.strip() and "send_email>" not in text),
    }
)
PLAIN = st.fixed_dictionaries(
    {
        "to": ADDRESSES,
        "cc": st.lists(ADDRESS, max_size=2, unique=True),
        "bcc": st.just([]),
        "subject": st.from_regex(r"[A-Z][a-z]{1,9} [a-z0-9é]{1,9}", fullmatch=True),
        "body": st.lists(
            st.from_regex(r"[A-Z][a-zé, ]{0,30}[.!?'\"<&]{1,3}", fullmatch=True),
            min_size=1,
            max_size=4,
        ).map("\n\n".join),
    }
)


def tidy(mail, *, label="{}", body="body:\n", headers=("to", "cc", "bcc", "subject")):
    lines = []
    for name in headers:
        value = mail[name] if name == "subject" else ", ".join(mail[name])
        lines.append(f"{label.format(name)}: {value}")
    return "\n".join(lines) + f"\n{body}{mail['body']}\n"


def block(mail, **how):
    return f"<send_email>\n{tidy(mail, **how)}</send_email>"


def as_call(mail):
    arguments = {**mail, "to": mail["to"]}
    return json.dumps({"name": "send_email", "arguments": arguments}, ensure_ascii=False)


def as_python(mail):
    return "send_email(" + ", ".join(f"{k}={v!r}" for k, v in mail.items()) + ")"


def children(mail):
    parts = [f"<{k}>{v if isinstance(v, str) else ', '.join(v)}</{k}>" for k, v in mail.items()]
    return "<send_email>\n" + "\n".join(parts) + "\n</send_email>"


def attributes(mail):
    shown = {k: v if isinstance(v, str) else ", ".join(v) for k, v in mail.items() if k != "body"}
    inside = " ".join(f'{k}="{html.escape(v)}"' for k, v in shown.items())
    return f"<send_email {inside}>\n{mail['body']}\n</send_email>"


def renamed(mail, to, cc, bcc, subject, body, colon):
    """The headers in another language; those without anything in them left out."""
    given = {to: mail["to"], cc: mail["cc"], bcc: mail["bcc"], subject: [mail["subject"]]}
    lines = [f"{name}{colon}{', '.join(value)}" for name, value in given.items() if value]
    return "\n".join(["<send_email>", *lines, f"{body}{colon}", mail["body"], "</send_email>"])


def smart(mail):
    """A call whose every quotation mark a word processor has made round."""
    parts = as_call(plainer(mail)).split('"')
    return (
        "<tool_call>"
        + "".join(part + ("“" if n % 2 == 0 else "”") for n, part in enumerate(parts[:-1]))
        + parts[-1]
        + "</tool_call>"
    )


def plainer(mail):
    """The mail without quotation marks of its own, since its way of writing knows no escapes."""
    return mail | {"body": mail["body"].replace('"', "'"), "subject": mail["subject"]}


def marked(text):
    return f'<|"|>{text}<|"|>'


SLOPPY = {
    "capitals": lambda m: block(m, label="{}").replace("<send_email>", "<SEND_EMAIL>"),
    "header capitals": lambda m: tidy_upper(m),
    "bold": lambda m: block(m, label="**{}**", body="**body**:\n"),
    "bullets": lambda m: block(m, label="- {}", body="- body: "),
    "no body label": lambda m: block(m, body="\n"),
    "subject first": lambda m: block(m, headers=("subject", "cc", "bcc", "to")),
    "hyphen": lambda m: block(m).replace("send_email>", "send-email>"),
    "camel": lambda m: block(m).replace("send_email>", "SendEmail>"),
    "email tag": lambda m: block(m).replace("send_email>", "email>"),
    "brackets": lambda m: f"[send_email]\n{tidy(m)}[/send_email]",
    "fence": lambda m: f"Here:\n```xml\n{block(m)}\n```\nDone.",
    "no end": lambda m: f"<send_email>\n{tidy(m)}",
    "escaped": lambda m: html.escape(block(m), quote=False),
    "children": children,
    "attributes": attributes,
    "indented": lambda m: "  " + block(m),
    "carriage returns": lambda m: block(m).replace(">\n", ">\r\n").replace("body:\n", "body:\r\n"),
    "display names": lambda m: block(m | {"to": [f"Kai B <{a}>" for a in m["to"]]}),
    "semicolons": lambda m: block(m).replace(", ".join(m["to"]), "; ".join(m["to"])),
    "json inside": lambda m: f"<send_email>\n{json.dumps(m)}\n</send_email>",
    "bare json": lambda m: json.dumps({"action": "send_email", **m}, indent=2),
    "tool_call": lambda m: f"<tool_call>\n{as_call(m)}\n</tool_call>",
    "mistral list": lambda m: f"[TOOL_CALLS][{as_call(m)}]",
    "mistral args": lambda m: f"[TOOL_CALLS]send_email[ARGS]{json.dumps(m)}",
    "python_tag": lambda m: f"<|python_tag|>{as_call(m)}<|eom_id|>",
    "tool_code": lambda m: f"```tool_code\nprint({as_python(m)})\n```",
    "bare python": as_python,
    "function": lambda m: f"<function=send_email>{json.dumps(m)}</function>",
    "phi": lambda m: f"<|tool_call|>[{as_call(m)}]<|/tool_call|>",
    "all carriage returns": lambda m: block(m).replace("\n", "\r\n"),
    "no width": lambda m: f"\ufeff{block(m)}".replace("\n", "\n\u200b"),
    "german": lambda m: renamed(m, "An", "Kopie", "Blindkopie", "Betreff", "Nachricht", ": "),
    "chinese": lambda m: renamed(m, "收件人", "抄送", "密送", "主题", "正文", "："),
    "headings": lambda m: block(m, label="### {}", body="### body:\n"),
    "pipes": lambda m: (
        block(m)
        .replace("<send", "<|send")
        .replace("</send", "<|/send")
        .replace("send_email>", "send_email|>")
    ),
    "doubled": lambda m: block(m).replace("<", "<<", 1).replace("send_email>", "send_email>>", 1),
    "bold tags": lambda m: (
        block(m)
        .replace("<send_email>", "**<send_email>**")
        .replace("</send_email>", "**</send_email>**")
    ),
    "tildes": lambda m: f"~~~~\n{block(m)}\n~~~~",
    "fence of that name": lambda m: f"```send_email\n{tidy(m)}```",
    "fence inside": lambda m: f"<send_email>\n```\n{tidy(m)}```\n</send_email>",
    "wrapped": lambda m: f"<email>\n{block(m)}\n</email>",
    "heading": lambda m: f"### Send Email\n{tidy(m)}",
    "talk behind": lambda m: f"{block(m)}\nI hope that this helps!",
    "end of turn": lambda m: f"{block(m)}<|im_end|>\n<|im_start|>user\nsent",
    "smart quotes": smart,
    "named tool_call": lambda m: f'<tool_call name="send_email">{json.dumps(m)}</tool_call>',
    "tool_call of children": lambda m: (
        f"<tool_call><name>send_email</name><arguments>{json.dumps(m)}</arguments></tool_call>"
    ),
    "entities in a call": lambda m: f"<tool_call>{html.escape(as_call(plainer(m)))}</tool_call>",
    "functools": lambda m: f"functools[{as_call(m)}]",
    "gemma": lambda m: (
        "<|tool_call>call:send_email{"
        + ",".join(
            f"{k}:[{','.join(marked(a) for a in v)}]" if isinstance(v, list) else f"{k}:{marked(v)}"
            for k, v in m.items()
        )
        + "}<tool_call|>"
    ),
    "variable": lambda m: (
        f"```python\nbody = {m['body']!r}\n"
        + as_python(m).replace(f"body={m['body']!r}", "body=body")
        + "\n```"
    ),
    "behind a colon": lambda m: f"The call is: {as_call(m)}",
    "react": lambda m: f"Thought: ok\nAction: send_email\nAction Input: {json.dumps(m)}",
}


WITHOUT_QUOTES = {"smart quotes", "entities in a call"}
# Forms without a tag of their own cannot end an unclosed block before them.
MIXABLE = sorted(set(SLOPPY) - {"bare json", "react", "heading", "behind a colon", "end of turn"})


def tidy_upper(mail):
    text = block(mail, body="BODY:\n")
    for name in ("to", "cc", "bcc", "subject"):
        text = text.replace(f"\n{name}: ", f"\n{name.upper()}: ", 1)
    return text


def only_mail(text):
    parsed = read_text(text).parsed
    assert len(parsed.calls) == 1, parsed
    assert not parsed.dropped
    action = to_action(parsed.calls[0].function, parsed.calls[0].arguments)
    assert isinstance(action, MailAction)
    return action


def assert_same(action, mail):
    assert action.action == "send_email"
    assert list(action.to) == mail["to"]
    assert list(action.cc) == mail["cc"]
    assert list(action.bcc) == mail["bcc"]
    assert action.subject == mail["subject"].strip()
    assert action.body == mail["body"].strip()


@SETTINGS
@given(MAIL)
def test_a_tidy_mail_survives_with_any_text(mail):
    assert_same(only_mail(block(mail)), mail)


@SETTINGS
@given(MAIL)
def test_a_tool_call_survives_with_any_text(mail):
    assert_same(only_mail(f"<tool_call>\n{as_call(mail)}\n</tool_call>"), mail)


@SETTINGS
@given(MAIL)
def test_a_python_call_survives_with_any_text(mail):
    assert_same(only_mail(as_python(mail)), mail)


@pytest.mark.parametrize("transform", SLOPPY)
@settings(SETTINGS, max_examples=8)
@given(mail=PLAIN)
def test_sloppiness_keeps_the_mail(transform, mail):
    mail = plainer(mail) if transform in WITHOUT_QUOTES else mail
    assert_same(only_mail(SLOPPY[transform](mail)), mail)


@settings(SETTINGS, max_examples=25)
@given(st.lists(PLAIN, min_size=2, max_size=4), st.data())
def test_several_mails_come_out_in_order(mails, data):
    text = "\n\n".join(SLOPPY[data.draw(st.sampled_from(MIXABLE))](mail) for mail in mails)
    # A block without an end takes what follows it up to the next tag, and no more.
    calls = parse_text(text).calls
    found = [to_action(call.function, call.arguments) for call in calls]
    assert [list(mail.to) for mail in found] == [mail["to"] for mail in mails]
    assert [call.id for call in calls] == [f"t{n}" for n in range(1, len(mails) + 1)]


@settings(SETTINGS, max_examples=150)
@given(st.one_of(NASTY, st.text()), st.booleans())
def test_nothing_raises_and_every_call_is_an_action(text, truncated):
    parsed = read_text(text, truncated=truncated).parsed
    for call in parsed.calls:
        to_action(call.function, call.arguments)
    first_complete_action(text)


REASONING = {
    "think": "<think>{}</think>",
    "mixed up": "<think>{}</thinking>",
    "scratchpad": "<SCRATCHPAD_REASONING>\n{}\n</SCRATCHPAD_REASONING>",
    "inner thoughts": "<inner_thoughts>\n{}\n</inner_thoughts>",
    "thought process": "<thought_process>{}</thought_process>",
    "a plan": "<plan>\n{}\n</plan>",
    "fence": "```thinking\n{}\n```",
    "brackets": "[THINK]{}[/THINK]",
    "entities": "&lt;think&gt;{}&lt;/think&gt;",
    "tokens": "<|START_THINKING|>{}<|END_THINKING|>",
    "triangles": "◁think▷{}◁/think▷",
    "channel": "<|channel|>analysis<|message|>{}<|end|>",
    "bold": "**<think>**\n{}\n**</think>**",
    "not opened": "{}\n</think>",
}


@pytest.mark.parametrize("form", REASONING)
@settings(SETTINGS, max_examples=8)
@given(mail=PLAIN, other=PLAIN, transform=st.sampled_from(sorted(set(SLOPPY) - {"end of turn"})))
def test_nothing_in_reasoning_is_sent(form, mail, other, transform):
    if form == "fence":
        transform = "tidy" if "`" in SLOPPY[transform](mail) else transform
    thought = SLOPPY.get(transform, block)(mail)
    parsed = read_text(
        REASONING[form].replace("{}", "I could.\n" + thought) + "\n" + block(other)
    ).parsed
    assert [call.arguments["to"] for call in parsed.calls] == [other["to"]]
    assert not parsed.dropped


@SETTINGS
@given(PLAIN)
def test_a_cut_mail_is_never_sent(mail):
    parsed = parse_text(f"<send_email>\n{tidy(mail)}", truncated=True)
    assert not parsed.calls
    assert len(parsed.dropped) == 1


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("hm\n<finish/>", 3),
        ("hm <finish/>", None),
        ("I could\n> <finish/>", None),
        ("x\n<send_email>\nto: a@b.example\nbody:\nq\n</send_email>", 2),
        ("x\n<send_email>\nto: a@b.example\nbody:\nq", None),
        ("x\n<send_email>\nbody:\nq\n</send_email>\n<finish/>", 37),
        ('x\n<tool_call>{"name": "finish"}</tool_call>', 2),
        ("nothing", None),
    ],
)
def test_first_complete_action(text, offset):
    assert first_complete_action(text) == offset


HOSTILE = [
    "<|tool_call|>[{",
    "<send_email>\n",
    "\n<reply>\n<forward>",
    '<send_email "',
    "<send_email>\n<to>",
    "&lt;send_email ",
    "</send_email>",
    "> <send_email>\n",
    '\n{"name":\n',
    '\n{"name": "send_email", "x": [',
    '\n[{"name": "send_email", "a": "',
    "\n{'name': 'send_email', 'arguments': {'to': 'a",
    "[[[[",
    "<tool_call>{",
    "\n[TOOL_CALLS]x",
    '\nsend_email("',
    "\nsend_email(a=(",
    '\nsend_email(body="""',
    "\nAction: send_email\n",
    "to: a@x,\n",
    "```tool_code\n",
    "<action>send_email</action>\n",
    "<function=send_email>",
    "\\",
    '"',
    "\n   ",
    "a@",
    "<",
    "<plan>\n",
    "```reply\n<\n",
    "to: a@b.example\nsubject: x\n\n",
    "<send_email>\nto: a@b.example\nsubject: x\n",
    "x = 'a'\nsend_email(a=x\n",
    "<|tool_call>call:x{",
    "{{",
    'send_email(a="b" + ',
    "<tool_call><name>send_email</name>",
    "<!--\n",
    ': {"name"',
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_text_takes_linear_time(unit):
    read_within(unit, 100_000, seconds=1.5)


@pytest.mark.verify
@pytest.mark.parametrize("unit", HOSTILE)
def test_a_megabyte_of_hostile_text_takes_linear_time(unit):
    read_within(unit, 1_000_000, seconds=8)


def read_within(unit, size, *, seconds):
    text = (unit * (size // len(unit) + 1))[:size]
    begin = time.process_time()
    read_text(text)
    assert time.process_time() - begin < seconds
