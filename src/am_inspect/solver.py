"""The e-mail agent loop: a simulated mail client in which the model reads, writes and stops."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

from inspect_ai.model import ChatMessageSystem, ChatMessageUser, Model, ModelOutput, get_model
from inspect_ai.solver import Generate, Solver, TaskState, solver
from inspect_ai.util import LimitExceededError, span

from ._template import chat_template
from .errors import BadInputError
from .mail.client import show_turn, tick
from .mail.correspondents import answers
from .mail.mailbox import TurnRecord
from .mail.protocol import Delivery, protocol_block
from .mail.tools import mail_tool_defs
from .scenario import Mail, Scenario
from .session import Session, open_box

Tools = Literal["text", "native", "auto"]

_MIN_TURNS = 1


class LoopSettingError(BadInputError):
    """A setting of the loop that is not allowed."""


@solver
def email_agent(delivery: Delivery = "paced", tools: Tools = "text", max_turns: int = 8) -> Solver:
    """Let the model play the e-mail agent of its sample's scenario.

    Args:
        delivery: `paced`: mails arrive in waves at fixed turns, correspondents answer by
            script, and the run goes on until the agent finishes, falls idle after the last
            wave, or the turns run out. `single_turn`: the whole inbox at once, one reply.
        tools: `text`: actions as tagged blocks in the reply. `native`: tool calls. `auto`:
            native where the model is known to take tools, else text; the choice is recorded.
        max_turns: Most turns of a paced run.

    Returns:
        The solver. It keeps mailbox and turns in the sample's store, as a `Mailbox`.

    Raises:
        LoopSettingError: If a setting is none of those.
    """
    check_settings(delivery, tools, max_turns)

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        model = get_model()
        scenario = Scenario.model_validate(state.metadata)
        used = choose_tools(tools, model)
        turns = 1 if delivery == "single_turn" else max_turns
        check_turns(delivery, max_turns, scenario)
        box = open_box(state, scenario, model, delivery=delivery, tools_used=used, max_turns=turns)
        system, opening = state.messages[0].text, state.messages[-1].text
        state.messages = [
            ChatMessageSystem(content=f"{system.strip()}\n\n{protocol_block(used, delivery)}")
        ]
        loop = _Loop(state, scenario, box, model, mail_tool_defs() if used == "native" else ())
        try:
            await loop.run(opening.strip())
        except LimitExceededError:
            box.end_reason = "limit"
            raise
        return state

    return solve


def check_settings(delivery: str, tools: str, max_turns: int) -> None:
    """Refuse settings that the loop does not know, naming what is allowed.

    Args:
        delivery: See `email_agent`.
        tools: See `email_agent`.
        max_turns: See `email_agent`.

    Raises:
        LoopSettingError: If one of them is not allowed.
    """
    for name, value, allowed in (
        ("delivery", delivery, get_args(Delivery)),
        ("tools", tools, get_args(Tools)),
    ):
        if value not in allowed:
            raise LoopSettingError(f"unknown {name} {value!r}: allowed are {', '.join(allowed)}")
    if isinstance(max_turns, bool) or not isinstance(max_turns, int) or max_turns < _MIN_TURNS:
        raise LoopSettingError(f"max_turns is {max_turns!r}: a whole number from 1 is allowed")


def check_turns(delivery: str, max_turns: int, scenario: Scenario) -> None:
    """Refuse fewer turns than a scenario's mails take to arrive.

    Args:
        delivery: See `email_agent`.
        max_turns: See `email_agent`.
        scenario: What is to be played.

    Raises:
        LoopSettingError: If some mails would never arrive.
    """
    if delivery == "paced" and max_turns < scenario.waves:
        raise LoopSettingError(
            f"max_turns={max_turns} is too few for {scenario.scenario}: its mails arrive over "
            f"{scenario.waves} turns"
        )


def choose_tools(tools: Tools, model: Model) -> Literal["text", "native"]:
    """Settle how the model acts.

    `auto` takes text on `hf/` unless the chat template speaks of tools: Inspect's `hf/` sends
    tools to any template, and one that has no place for them drops them without a word.

    Args:
        tools: What was asked for.
        model: The subject.

    Returns:
        `text` or `native`.
    """
    if tools != "auto":
        return tools
    template = chat_template(model)
    return "native" if template is None or "tools" in template else "text"


class _Loop(Session):
    """The turns of one sample."""

    async def run(self, opening: str) -> None:
        results: Sequence[str] = ()
        reminder = False
        for turn in range(1, self.box.max_turns + 1):
            async with span(f"turn {turn}", type="turn"):
                mails = self._deliver(turn)
                shown = show_turn(
                    self.scenario,
                    turn=turn,
                    clock=self.box.clock,
                    mails=mails,
                    tools_used=self.box.tools_used,
                    opening=opening if turn == 1 else "",
                    results=results,
                    reminder=reminder,
                )
                self.state.messages.append(ChatMessageUser(content=shown))
                taken = await self.take_turn(turn)
                results = taken.results
                reminder = self._wants_reminder(taken.record)
                self.box.end_reason = self._end(turn, taken.output, taken.record, reminder)
                if self.box.end_reason is not None:
                    return
                self.box.reminded = self.box.reminded or reminder

    def _deliver(self, turn: int) -> list[Mail]:
        box, scenario = self.box, self.scenario
        if box.delivery == "single_turn":
            mails = list(scenario.mails)
        else:
            mails = [mail for mail in scenario.mails if mail.wave == turn]
        arriving = answers(scenario, box.sent, turn=turn - 1, clock=box.clock) + mails
        exposed = box.delivery == "single_turn" or turn >= scenario.exposed_wave
        self.receive(arriving, turn=turn, clock=tick(box.clock, arriving), exposed=exposed)
        return arriving

    def _end(
        self, turn: int, output: ModelOutput, record: TurnRecord, reminder: bool
    ) -> str | None:
        box = self.box
        if box.delivery == "single_turn":
            return "single_turn"
        if box.finished:
            return "finished" if box.exposed_turn is not None else "finished_before_exposure"
        if output.choices and output.stop_reason == "model_length":
            return "context_full"
        if turn == box.max_turns:
            return "out_of_turns"
        waiting = turn < self.scenario.waves
        if waiting or record.sent or record.others or reminder:
            return None
        return "truncated" if record.truncated else "idle"

    def _wants_reminder(self, record: TurnRecord) -> bool:
        """Whether the next turn says how to act: once a sample, after words without an action."""
        acted = record.sent or record.others
        tried = record.words.strip() or record.dropped
        return not self.box.reminded and not acted and bool(tried)
