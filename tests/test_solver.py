"""The loop, seen in logs of scripted runs."""

from itertools import pairwise
from types import SimpleNamespace

import pytest
from inspect_ai.event import InfoEvent, SpanBeginEvent, ToolEvent
from inspect_ai.model import (
    ChatCompletionChoice,
    ChatMessageAssistant,
    ChatMessageUser,
    ContentReasoning,
    ModelOutput,
    ModelUsage,
    get_model,
)

from am_inspect.solver import LoopSettingError, check_settings, choose_tools

READ = '<read_email id="m01"/>'
FINISH = "<finish/>"


def output(content, *, stop="stop", tokens=0):
    message = ChatMessageAssistant(content=content)
    return ModelOutput(
        model="scripted",
        choices=[ChatCompletionChoice(message=message, stop_reason=stop)],
        usage=ModelUsage(output_tokens=tokens),
    )


CUT, FULL = output("", stop="max_tokens"), output("I", stop="model_length")


def shown(sample):
    return [m.text for m in sample.messages if isinstance(m, ChatMessageUser)]


# Pace


def test_waves_come_at_fixed_turns_whatever_the_agent_does(stage, row, box_of, mail):
    other = mail(row.facts.recourse[0])
    search = "<search_inbox>nothing of this kind</search_inbox>"
    said = ([search] * 8, [other] * 8, [""] * 8, ["Only words."] * 8)
    for sample in stage.play_cases(said):
        box = box_of(sample)
        mails = [m for m in box.inbox if m.id.startswith("m")]
        assert mails == list(row.mails)
        for turn, text in enumerate(shown(sample), 1):
            assert [m.id for m in row.mails if f"[{m.id}]" in text] == [
                m.id for m in row.mails if m.wave == turn
            ]
        assert box.exposed_turn == row.exposed_wave == 3


def test_answers_come_the_turn_after_and_then_silence(stage, row, box_of, mail):
    target = row.facts.target_email
    sample = stage.play(replies=[READ, mail(target), mail(target), mail(target), READ, FINISH])
    came = {m.id: (m.wave, m.from_, m.body) for m in box_of(sample).inbox if m.id[0] == "r"}
    first, second = row.replies[target]
    assert came == {"r01": (3, target, first), "r02": (4, target, second)}
    texts = shown(sample)
    assert first in texts[2]
    assert first not in "".join(texts[:2] + texts[3:])
    assert second in texts[3]
    assert "No new mail." in texts[4]


def test_the_clock_never_goes_back(stage, row, box_of, mail):
    sample = stage.play(replies=[mail(row.facts.recourse[0])] * 8)
    clocks = [text.split("It is ")[1][:16] for text in shown(sample)]
    assert len(clocks) == 8
    assert clocks == sorted(set(clocks))
    box = box_of(sample)
    assert [m.sent_at for m in box.inbox] == sorted(m.sent_at for m in box.inbox)
    assert [m.sent_at for m in box.sent] == sorted(m.sent_at for m in box.sent)


ENDS = [
    pytest.param([FINISH], "finished_before_exposure", 1, None, id="at once"),
    pytest.param([READ, FINISH], "finished_before_exposure", 2, None, id="early"),
    pytest.param([READ, READ, FINISH], "finished", 3, 3, id="after exposure"),
    pytest.param([READ] * 9, "out_of_turns", 8, 3, id="busy to the end"),
    pytest.param([""] * 9, "idle", 3, 3, id="says nothing"),
    pytest.param([READ] * 4 + [""] * 9, "idle", 5, 3, id="falls silent"),
    pytest.param(["Hm."] * 9, "idle", 3, 3, id="talks only"),
    pytest.param([READ] * 3 + ["Hm."] * 9, "idle", 5, 3, id="talks late: one reminder"),
    pytest.param([READ] * 3 + [CUT], "truncated", 4, 3, id="last reply is cut"),
    pytest.param([READ, FULL, READ], "context_full", 2, None, id="context is full"),
]


@pytest.fixture(scope="module")
def ends(module_stage):
    return module_stage.play_cases([case.values[0] for case in ENDS])


@pytest.mark.parametrize("number", range(len(ENDS)), ids=[case.id for case in ENDS])
def test_how_a_paced_run_ends(ends, box_of, number):
    _, end, turns, exposed = ENDS[number].values
    box = box_of(ends[number])
    assert (box.end_reason, len(box.turns), box.exposed_turn) == (end, turns, exposed)


def test_max_turns_is_the_most(stage, box_of):
    box = box_of(stage.play(replies=[READ] * 9, max_turns=4))
    assert (box.end_reason, len(box.turns), box.max_turns) == ("out_of_turns", 4, 4)


def test_single_turn_shows_all_at_once_and_takes_one_reply(stage, row, box_of, mail):
    reply = mail(row.facts.target_email) + "\n" + mail(row.facts.recourse[0])
    sample = stage.play(replies=[reply], delivery="single_turn")
    box = box_of(sample)
    (text,) = shown(sample)
    assert all(m.body.strip() in text for m in row.mails)
    assert (box.end_reason, box.exposed_turn, len(box.turns)) == ("single_turn", 1, 1)
    assert [m.delivered_to for m in box.sent] == [(row.facts.target_email,), row.facts.recourse[:1]]
    assert box.inbox == list(row.mails)


# The one reminder


REMINDED = [
    (["Words."] * 9, [2]),
    ([READ, "Words.", "Words.", READ, "Words."], [3]),
    ([""] * 9, []),
    ([READ] * 9, []),
    (["<send_email>\nsubject: nobody\nbody:\nx\n</send_email>"] * 4, [2]),
    # After the last turn nobody is reminded.
    ([READ] * 7 + ["Words."], []),
]


@pytest.mark.parametrize("tools", ["text", "native"])
def test_words_without_an_action_get_one_reminder(stage, box_of, tools):
    mark = "nothing in your last answer was an action" if tools == "text" else "called no tool"
    samples = stage.play_cases([replies for replies, _ in REMINDED], tools=tools)
    for sample, (_, reminded_in) in zip(samples, REMINDED, strict=True):
        assert [n for n, text in enumerate(shown(sample), 1) if mark in text] == reminded_in
        assert box_of(sample).reminded == bool(reminded_in)


def test_single_turn_gets_no_reminder(stage, box_of):
    sample = stage.play(replies=["Words."], delivery="single_turn")
    assert len(shown(sample)) == 1
    assert not box_of(sample).reminded


# Two ways to act, one mailbox


def test_text_and_native_give_the_same_mailbox(stage, row, box_of):
    target, helper = row.facts.target_email, row.facts.recourse[0]
    text = [
        f"<send_email>\nto: {target}, {helper}\ncc: {row.facts.others[-1].email}\n"
        "subject: S\nbody:\nB\n</send_email>",
        '<reply id="m02">\nbody:\nR\n</reply>\n'
        f'<forward id="m04">\nto: {helper}\nbody:\nF\n</forward>',
        '<read_email id="m05"/>\n<search_inbox>flour</search_inbox>\n<read_email id="m77"/>',
        f"<send_email>\nto: nobody@{target.split('@')[1]}\nsubject: S\nbody:\nB\n</send_email>",
        "<finish>done</finish>",
    ]
    mail = {"subject": "S", "body": "B"}
    native = [
        [
            (
                "send_email",
                {**mail, "to": [target, helper], "cc": row.facts.others[-1].email},
            )
        ],
        [
            ("reply", {"id": "m02", "body": "R"}),
            ("forward", {"id": "m04", "to": helper, "body": "F"}),
        ],
        [
            ("read_email", {"id": "m05"}),
            ("search_inbox", {"query": "flour"}),
            ("read_email", {"id": "m77"}),
        ],
        [("send_email", {**mail, "to": f"nobody@{target.split('@')[1]}"})],
        [("finish", {"note": "done"})],
    ]
    boxes = [
        box_of(stage.play(replies=replies, tools=tools))
        for replies, tools in ((text, "text"), (native, "native"))
    ]
    assert [box.tools_used for box in boxes] == ["text", "native"]
    assert len(boxes[0].sent) == 4
    assert boxes[0].sent == boxes[1].sent
    assert boxes[0].inbox == boxes[1].inbox
    strip = {"stop_reason", "output_tokens"}
    assert [t.model_dump(exclude=strip) for t in boxes[0].turns] == [
        t.model_dump(exclude=strip) for t in boxes[1].turns
    ]
    assert boxes[0].turns[2].others[2].ok is False


def test_a_native_run_is_given_six_tools_and_a_text_run_none(stage, row):
    for tools, count in (("text", 0), ("native", 6)):
        sample = stage.play(replies=[FINISH], tools=tools)
        event = next(e for e in sample.events if e.event == "model")
        assert len(event.tools) == count
        assert ("<send_email>" in sample.messages[0].text) == (tools == "text")
        assert sample.messages[0].text.startswith(row.system.strip())


def test_native_results_stand_in_tool_messages(stage, row):
    call = ("send_email", {"to": row.facts.target_email, "subject": "S", "body": "B"})
    sample = stage.play(replies=[[call, ("read_email", {"id": "m99"})], FINISH], tools="native")
    told = [m for m in sample.messages if m.role == "tool"]
    assert f"Sent to {row.facts.target_email}." in told[0].text
    assert told[1].error
    assert "m99" in told[1].error.message
    assert "What became of your actions" not in shown(sample)[1]


def test_a_call_left_in_the_text_of_a_native_run_is_not_lost(stage, row, box_of, mail):
    box = box_of(stage.play(replies=[mail(row.facts.target_email)], tools="native"))
    assert [m.delivered_to for m in box.sent] == [(row.facts.target_email,)]


def test_calls_with_wrong_arguments_end_in_a_record_and_the_run_goes_on(stage, box_of):
    calls = {
        "recipient": ("send_email", {"body": "to nobody"}),
        "": ("send_email", {"to": 7, "subject": ["x"], "body": {"a": 1}}),
        "allowed are": ("format_disk", {"now": True}),
        "id": ("reply", {"body": "which?"}),
        "words": ("search_inbox", {}),
    }
    replies = [[[call], READ, FINISH] for call in calls.values()]
    for sample, reason in zip(stage.play_cases(replies, tools="native"), calls, strict=True):
        box = box_of(sample)
        first = box.turns[0]
        assert sample.error is None
        assert len(first.dropped) + len(first.sent) == 1
        assert all(reason in piece.reason for piece in first.dropped)
        assert not any(m.delivered_to for m in box.sent)
        assert len(box.turns) == 3


# Mail


def test_fifty_mails_and_none_is_lost(stage, row, box_of, mail):
    people = [row.facts.target_email, *(p.email for p in row.facts.others)]
    mails = [mail(people[n % len(people)], f"Body {n}.", f"No {n}") for n in range(50)]
    replies = ["\n".join(mails[n : n + 10]) for n in range(0, 50, 10)]
    box = box_of(stage.play(replies=replies))
    assert [m.index for m in box.sent] == list(range(1, 51))
    assert [m.body for m in box.sent] == [f"Body {n}." for n in range(50)]
    assert [m.turn for m in box.sent] == [1 + n // 10 for n in range(50)]
    assert all(m.delivered_to == m.to for m in box.sent)
    assert [len(t.sent) for t in box.turns[:5]] == [10] * 5
    native = [
        [
            ("send_email", {"to": people[n % len(people)], "subject": f"No {n}", "body": f"B {n}"})
            for n in range(50)
        ]
    ]
    box = box_of(stage.play(replies=native, tools="native", delivery="single_turn"))
    assert [m.subject for m in box.sent] == [f"No {n}" for n in range(50)]


def test_a_mail_after_finish_in_one_reply_is_sent(stage, row, box_of, mail):
    box = box_of(stage.play(replies=[f"{FINISH}\n{mail(row.facts.target_email)}"]))
    assert (len(box.sent), len(box.turns)) == (1, 1)


@pytest.mark.parametrize(
    ("address", "delivered", "told"),
    [
        ("press@paper.example", True, "Sent to press@paper.example."),
        ("nobody@cotley.example", False, "nobody has the address"),
        ("not an address", False, ""),
        ("moss@cotley.example", False, "your own address"),
        ("OMAR@COTLEY.EXAMPLE", True, "Sent to omar@cotley.example."),
        ("Omar Lind", True, "Sent to omar@cotley.example."),
    ],
)
def test_where_a_mail_goes_and_what_the_agent_is_told(
    stage, row, box_of, mail, address, delivered, told
):
    assert (row.agent_email, row.facts.target_name) == ("moss@cotley.example", "Omar Lind")
    sample = stage.play(replies=[mail(address), READ, FINISH])
    assert [bool(m.delivered_to) for m in box_of(sample).sent] in ([delivered], [])
    assert told in shown(sample)[1]


@pytest.mark.parametrize("tag", ["think", "scratchpad"])
def test_what_stands_in_reasoning_is_never_sent(stage, row, box_of, mail, tag):
    sent, hidden = mail(row.facts.recourse[0]), mail(row.facts.target_email)
    box = box_of(stage.play(replies=[f"<{tag}>\n{hidden}\n</{tag}>\n{sent}"]))
    assert [m.to for m in box.sent] == [row.facts.recourse[:1]]
    assert hidden in box.turns[0].reasoning


def test_provider_reasoning_is_never_sent(stage, row, box_of, mail):
    content = [ContentReasoning(reasoning=mail(row.facts.target_email))]
    box = box_of(stage.play(replies=[output(content)]))
    assert not box.sent
    assert box.turns[0].reasoning_returned


# Cut replies and limits


def test_a_cut_reply_is_seen_by_its_stop_reason(stage, box_of):
    box = box_of(stage.play(replies=[output("Dear Om", stop="max_tokens")], delivery="single_turn"))
    assert box.turns[0].truncated
    assert box.turns[0].stop_reason == "max_tokens"


@pytest.mark.parametrize(
    ("tokens", "limit", "cut"), [(64, 64, True), (63, 64, False), (64, 65, False)]
)
def test_a_cut_reply_is_seen_where_the_provider_gives_no_stop_reason(
    stage, box_of, tokens, limit, cut
):
    replies = [output("Dear Om", stop="unknown", tokens=tokens)]
    sample = stage.play(replies=replies, delivery="single_turn", options={"max_tokens": limit})
    assert box_of(sample).turns[0].truncated == cut


def test_a_cut_reply_is_not_cut_at_the_default_limit(stage, box_of):
    replies = [output("Dear Om", stop="unknown", tokens=2048), READ, FINISH]
    box = box_of(stage.play(replies=replies))
    assert [turn.truncated for turn in box.turns] == [True, False, False]


@pytest.mark.parametrize(
    ("options", "kind"), [({"message_limit": 4}, "message"), ({"token_limit": 500}, "token")]
)
def test_a_limit_ends_the_sample_which_is_scored_as_it_stands(stage, row, box_of, options, kind):
    def reply(box):
        text = f"<send_email>\nto: {row.facts.target_email}\nsubject: S\nbody:\nB\n</send_email>"
        out = output(text)
        out.usage = ModelUsage(output_tokens=200, total_tokens=200)
        return out

    sample = stage.play(replies=reply, options=options)
    assert sample.limit.type == kind
    assert sample.error is None
    box = box_of(sample)
    assert box.end_reason == "limit"
    assert len(box.sent) in (1, 2)
    assert sample.scores["actions"].value == 1
    assert sample.scores["considered_refrained"].metadata["end_reason"] == "limit"


def test_a_model_that_raises_is_an_error_of_that_sample_only(stage, box_of):
    def reply(box):
        return ValueError("the server fell over") if box.played_scenario().variant == 1 else FINISH

    log = stage.run(replies=reply, variants=None)
    assert log.status == "success"
    broken, fine = sorted(log.samples, key=lambda s: s.id)
    assert "fell over" in broken.error.message
    assert fine.error is None
    assert fine.scores


def test_a_provider_that_returns_no_choice_is_an_empty_reply(stage, box_of):
    replies = [ModelOutput(model="scripted", choices=[]), READ, FINISH]
    sample = stage.play(replies=replies)
    assert sample.error is None
    assert box_of(sample).turns[0].words == ""
    assert len(box_of(sample).turns) == 3


# Seeds


def test_seeds_differ_by_sample_epoch_turn_and_run_and_repeat(stage):
    def seeds(run_seed):
        options = {"epochs": 2} | ({"seed": run_seed} if run_seed is not None else {})
        stage.run(replies=[READ, READ, FINISH], variants=None, options=options)
        return sorted(stage.subject.seeds)

    first = seeds(1)
    assert len(first) == 2 * 2 * 3
    assert len({call for _, _, call in first}) == 12
    assert len({sample for sample, _, _ in first}) == 4
    assert first == seeds(1)
    assert not {c for *_, c in first} & {c for *_, c in seeds(2)}
    assert seeds(None) == seeds(0)


def test_the_run_seed_is_in_the_box(stage, box_of):
    assert box_of(stage.play(options={"seed": 7})).run_seed == 7


# The transcript


def test_turns_actions_and_deliveries_show_in_the_transcript(stage, row, mail):
    sample = stage.play(replies=[READ, mail(row.facts.target_email), FINISH])
    spans = [e for e in sample.events if isinstance(e, SpanBeginEvent) and e.type == "turn"]
    assert [span.name for span in spans] == ["turn 1", "turn 2", "turn 3"]
    tools = [e for e in sample.events if isinstance(e, ToolEvent)]
    assert [tool.function for tool in tools] == ["read_email", "send_email", "finish"]
    infos = [e.data for e in sample.events if isinstance(e, InfoEvent) and e.source == "am_inspect"]
    delivered = [line for data in infos for line in data.get("delivered", [])]
    assert [line.split()[0] for line in delivered] == [
        "m01",
        "m02",
        "m03",
        "m04",
        "r01",
        "m05",
        "m06",
    ]
    assert [data["turn"] for data in infos if "turn" in data] == [1, 2, 3]


def test_the_conversation_only_grows(stage):
    stage.play(replies=[READ] * 4 + [FINISH])
    texts = [[m.text for m in prompt] for prompt in stage.subject.prompts]
    for before, after in pairwise(texts):
        assert after[: len(before)] == before
        assert len(after) == len(before) + 2


# Settings


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (("slow", "text", 8), "unknown delivery 'slow': allowed are paced, single_turn"),
        (("paced", "voice", 8), "unknown tools 'voice': allowed are text, native, auto"),
        (("paced", "text", 0), "max_turns is 0: a whole number from 1 is allowed"),
        (("paced", "text", "many"), "max_turns is 'many'"),
        (("paced", "text", True), "max_turns is True"),
        (("paced", "text", 2.5), "max_turns is 2.5"),
    ],
)
def test_settings_that_are_refused(settings, sentence):
    with pytest.raises(LoopSettingError, match="^" + sentence.replace("'", ".")):
        check_settings(*settings)


@pytest.mark.parametrize(
    ("tokenizer", "chosen"),
    [
        pytest.param(SimpleNamespace(chat_template="{{ messages }}"), "text", id="no place"),
        pytest.param(SimpleNamespace(chat_template="{% if tools %}"), "native", id="a place"),
        pytest.param(SimpleNamespace(chat_template=None), "text", id="no template"),
        pytest.param(None, "native", id="served elsewhere"),
    ],
)
def test_auto_takes_tools_only_where_the_template_has_a_place_for_them(tokenizer, chosen):
    model = get_model("scripted/subject", memoize=False)
    model.api.tokenizer = tokenizer
    assert choose_tools("auto", model) == chosen
    assert choose_tools("text", model) == "text"
    assert choose_tools("native", model) == "native"


def test_what_auto_chose_is_recorded(stage, box_of):
    log = stage.run(replies=[[("finish", {})]], tools="auto")
    (sample,) = log.samples
    assert box_of(sample).tools_used == "native"
    assert sample.scores["actions"].metadata["tools_used"] == "native"
