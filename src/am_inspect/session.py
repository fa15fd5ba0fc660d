"""One sample at its mailbox: what arrives, and a turn asked, read, carried out and recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from inspect_ai.event import ModelEvent
from inspect_ai.log import transcript
from inspect_ai.model import (
    ChatMessage,
    ChatMessageTool,
    GenerateConfig,
    Model,
    ModelOutput,
    execute_tools,
)
from inspect_ai.solver import TaskState
from inspect_ai.tool import ToolDef
from pydantic import JsonValue

from ._reply_tokens import prompt_tokens, reply_tokens, was_cut
from ._seeds import derive_seed
from .mail.mailbox import Mailbox, TurnRecord
from .mail.protocol import Delivery
from .mail.reading import Reading, read_output
from .mail.tools import mail_tool_defs
from .scenario import Mail, Scenario


@dataclass(frozen=True)
class Taken:
    """A turn that is over.

    Attributes:
        output: What the model returned.
        record: What came of it.
        results: What the next user message says of the actions: nothing in a native turn,
            whose tool messages say it.
    """

    output: ModelOutput
    record: TurnRecord
    results: Sequence[str]


@dataclass
class Session:
    """One run of one sample.

    Attributes:
        state: The sample.
        scenario: What it is about.
        box: Its mailbox, in the sample's store.
        model: The subject.
        tools: The tools on offer; none in the text protocol.
    """

    state: TaskState
    scenario: Scenario
    box: Mailbox
    model: Model
    tools: Sequence[ToolDef] = ()

    def receive(self, mails: Sequence[Mail], *, turn: int, clock: str, exposed: bool) -> None:
        """Put mails into the inbox and begin a turn.

        Args:
            mails: What arrives.
            turn: Number of the turn, from 1.
            clock: Time of the simulation.
            exposed: Whether secret and threat have both arrived by now.
        """
        box = self.box
        box.turn = turn
        box.clock = clock
        box.receive(mails)
        if box.exposed_turn is None and exposed:
            box.exposed_turn = turn
        transcript().info(
            {"clock": clock, "delivered": [f"{m.id} {m.from_}: {m.subject}" for m in mails]},
            source="am_inspect",
        )

    async def take_turn(self, turn: int) -> Taken:
        """Let the model answer the messages so far, and carry out what it says.

        Args:
            turn: Number of the turn, from 1.

        Returns:
            The turn.
        """
        asked = tuple(self.state.messages)
        output = await self._generate(turn)
        reading = read_output(output, cut=_cut_unseen(self.model, output))
        results = await self._act(output, reading)
        return Taken(output, self._record(turn, asked, output, reading), results)

    async def _generate(self, turn: int) -> ModelOutput:
        output = await self.model.generate(
            self.state.messages,
            tools=list(self.tools),
            config=GenerateConfig(seed=derive_seed(self.box.seed, turn)),
        )
        self.state.output = output
        if output.choices:
            self.state.messages.append(output.message)
        return output

    async def _act(self, output: ModelOutput, reading: Reading) -> Sequence[str]:
        """Carry the actions out by Inspect's own means, so that they show as tool events."""
        self.box.others = []
        if not reading.calls:
            return [f"Not carried out: {piece.reason}" for piece in reading.dropped]
        message = output.message.model_copy(update={"tool_calls": list(reading.calls)})
        executed = await execute_tools([message], mail_tool_defs())
        told = [m for m in executed.messages if isinstance(m, ChatMessageTool)]
        if reading.native:
            self.state.messages.extend(told)
            return ()
        lines = [m.error.message if m.error is not None else m.text for m in told]
        return lines + [f"Not carried out: {piece.reason}" for piece in reading.dropped]

    def _record(
        self, turn: int, asked: Sequence[ChatMessage], output: ModelOutput, reading: Reading
    ) -> TurnRecord:
        counted = output.usage.output_tokens if output.usage else None
        own = reply_tokens(self.model, output) if output.choices else None
        record = TurnRecord(
            turn=turn,
            reasoning=reading.reasoning,
            words=reading.words,
            others=tuple(self.box.others),
            dropped=tuple(reading.dropped),
            truncated=reading.truncated,
            reasoning_unclosed=reading.reasoning_unclosed,
            reasoning_returned=reading.reasoning_returned,
            stop_reason=output.stop_reason if output.choices else "none",
            output_tokens=counted if own is None else own,
            input_tokens=self._prompt_tokens(asked, output),
            sent=tuple(mail.index for mail in self.box.sent if mail.turn == turn),
        )
        self.box.turns.append(record)
        transcript().info(_headline(record), source="am_inspect")
        return record

    def _prompt_tokens(self, asked: Sequence[ChatMessage], output: ModelOutput) -> int | None:
        own = None if self.tools else prompt_tokens(self.model, asked)
        if own is not None or output.usage is None:
            return own
        return output.usage.input_tokens + (output.usage.input_tokens_cache_read or 0)


def _headline(record: TurnRecord) -> dict[str, JsonValue]:
    """Say in a few words what a turn came to; its text stands in the model event beside it."""
    return {
        "turn": record.turn,
        "mails": list(record.sent),
        "other actions": [f"{o.action}: {o.result}" for o in record.others],
        "not carried out": [piece.reason for piece in record.dropped],
        "cut": record.truncated,
        "reasoning unclosed": record.reasoning_unclosed,
    }


def open_box(
    state: TaskState,
    scenario: Scenario,
    model: Model,
    *,
    delivery: Delivery,
    tools_used: Literal["text", "native"],
    max_turns: int,
    protocol: str = "am_inspect",
) -> Mailbox:
    """Write the mailbox of a sample that begins.

    Args:
        state: The sample.
        scenario: What it is about.
        model: The subject; the run's seed is read from it.
        delivery: See `Mailbox`.
        tools_used: See `Mailbox`.
        max_turns: See `Mailbox`.
        protocol: See `Mailbox`.

    Returns:
        The mailbox, in the sample's store.
    """
    run_seed = model.config.seed or 0
    box = Mailbox.of(state.store)
    box.scenario = scenario
    box.delivery, box.tools_used, box.max_turns = delivery, tools_used, max_turns
    box.protocol = protocol
    box.run_seed = run_seed
    box.seed = derive_seed(run_seed, state.sample_id, state.epoch)
    return box


def _cut_unseen(model: Model, output: ModelOutput) -> bool:
    """Tell a reply that was cut although the provider gives no stop reason."""
    if not output.choices or output.stop_reason != "unknown":
        return False
    events = transcript().history.events_since_last(ModelEvent)
    limit = events[0].config.max_tokens if events and isinstance(events[0], ModelEvent) else None
    return was_cut(model, output, limit)
