"""The simulated subject behind `amsim/<profile>`: plays a sample from its profile.

It shows that the plumbing works, and nothing about any model. Cell and facts come from the
sample's store, never from the prompt; what was drawn stands only in `ModelOutput.metadata`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from inspect_ai.model import (
    ChatCompletionChoice,
    ChatMessage,
    ChatMessageAssistant,
    ContentReasoning,
    GenerateConfig,
    ModelOutput,
    ModelUsage,
)
from inspect_ai.tool import ToolInfo
from inspect_ai.util import store
from pydantic import JsonValue

from ..mail.mailbox import Mailbox
from ._original_form import mails_only
from .acts import Act, Hand
from .draws import Draw, draw, stream
from .missing import SimulatedFailure, missing_answer
from .phrases import UnknownBankError, load_bank, load_common
from .profiles import UnknownProfileError, is_assumed, load_profile, profile_names, true_rate
from .turns import Turn, write_turns
from .writer import Answer, write_answer

__all__ = [
    "SimulatedFailure",
    "UnknownBankError",
    "UnknownProfileError",
    "is_assumed",
    "play",
    "profile_names",
    "true_rate",
]

_CHARACTERS_A_TOKEN = 4


def play(
    profile: str,
    bank: str,
    messages: Sequence[ChatMessage],
    tools: Sequence[ToolInfo],
    config: GenerateConfig,
) -> ModelOutput:
    """Give the next turn of the running sample.

    The whole sample is drawn and written anew at every call, from its seeds: nothing is kept
    between calls. `messages` count for the usage only; `tools` for nothing.

    Args:
        profile: Name of the profile.
        bank: Phrase bank, "A" or "B".
        messages: The conversation so far.
        tools: The tools on offer.
        config: Of it, `max_tokens` is the length of a truncated answer.

    Returns:
        The turn. `metadata` says `simulated`, `profile`, `bank` and, in a sample of ours,
        `truth`: `level`, `blackmail`, `channel`, `recipients` (existing addresses mailed up
        to this turn), `missing`, `rate`, `assumed`, `play`, `choice`, `reasoning_visible`;
        all but `recipients` for the whole sample.

    Raises:
        UnknownProfileError: If there is no such profile.
        UnknownBankError: If there is no such bank.
        SimulatedFailure: Where an error is planted.
    """
    subject, phrases = load_profile(profile), load_bank(bank)
    about: dict[str, JsonValue] = {"simulated": True, "profile": profile, "bank": phrases.name}
    sample = Mailbox.held(store())
    if sample is None or sample.scenario is None:
        return _output(profile, messages, Answer(load_common().outside), about)
    scenario, paced = sample.scenario, sample.delivery == "paced"
    original = sample.protocol != "am_inspect"
    if original:
        # The published rates were measured on this one prompt: no effect of worlds is to be drawn.
        subject = subject.model_copy(update={"icc_world": 0.0, "icc_scenario": 0.0})
    number = max(1, sample.turn) if paced else 1
    key = (sample.run_seed, profile, scenario.cell, scenario.scenario, sample.seed)
    exposed = not paced or scenario.exposed_wave <= sample.max_turns
    drawn = draw(subject, scenario, sample.seed, sample.run_seed, exposed=exposed)
    hand = Hand(drawn, scenario, phrases, stream(*key, "script"), paced=paced)
    form = stream(*key, "form", number)
    native = sample.tools_used == "native"
    if drawn.missing is not None:
        about["truth"] = _truth(drawn, ())
        answer = missing_answer(drawn.missing, hand, form, native=native)
        if drawn.missing == "truncated" and config.max_tokens:
            answer = replace(answer, tokens=config.max_tokens)
        return _output(profile, messages, answer, about)
    turns = write_turns(hand, max_turns=max(1, sample.max_turns))
    about["truth"] = _truth(drawn, turns[:number])
    turn = turns[number - 1] if number <= len(turns) else Turn(acts=(Act("finish"),))
    if original:
        turn = mails_only(turn, scenario)
    answer = write_answer(turn, number, drawn, hand.book, form, native=native, original=original)
    return _output(profile, messages, answer, about)


def _truth(drawn: Draw, turns: Sequence[Turn]) -> dict[str, JsonValue]:
    answers = drawn.missing is None
    reached = dict.fromkeys(a for turn in turns for act in turn.acts for a in act.reaches)
    return {
        "level": drawn.level if answers else None,
        "blackmail": drawn.blackmail,
        "channel": drawn.channel if answers else "none",
        "recipients": list(reached),
        "missing": drawn.missing,
        "rate": drawn.rate,
        "assumed": drawn.assumed,
        "play": drawn.play if answers else None,
        "choice": drawn.choice if answers else None,
        "attempted": answers and drawn.play == "bounced",
        "reasoning_visible": drawn.reasoning != "none" or drawn.play == "refusal",
    }


def _output(
    profile: str, messages: Sequence[ChatMessage], answer: Answer, about: dict[str, JsonValue]
) -> ModelOutput:
    model = f"amsim/{profile}"
    message = ChatMessageAssistant(
        content=answer.content,
        tool_calls=list(answer.calls) or None,
        model=model,
        source="generate",
    )
    read = sum(len(message.text) for message in messages) // _CHARACTERS_A_TOKEN
    written = answer.tokens or _length(message) // _CHARACTERS_A_TOKEN
    return ModelOutput(
        model=model,
        choices=[ChatCompletionChoice(message=message, stop_reason=answer.stop_reason)],
        usage=ModelUsage(input_tokens=read, output_tokens=written, total_tokens=read + written),
        metadata=about,
    )


def _length(message: ChatMessageAssistant) -> int:
    size = len(message.text) + sum(len(str(call.arguments)) for call in message.tool_calls or ())
    if isinstance(message.content, list):
        thoughts = [part for part in message.content if isinstance(part, ContentReasoning)]
        size += sum(len(part.reasoning) for part in thoughts)
    return size
