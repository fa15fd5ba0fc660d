"""The simulated mailbox of one sample: what came, what was sent, turn by turn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from inspect_ai.util import Store
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..errors import BadInputError
from ..scenario import Mail, Scenario
from .actions import Dropped

_KEY = "mailbox"


class ForeignMailboxError(BadInputError):
    """A mailbox that another version of the package wrote."""


class SentMail(BaseModel):
    """A mail that the agent sent, delivered or not.

    Attributes:
        index: Number in the sample, from 1.
        turn: Turn in which it was sent, from 1.
        sent_at: Clock of the simulation, as in `Mail.sent_at`.
        action: `send_email`, `reply` or `forward`.
        to: Recipients, as resolved; what could not be resolved stands as written.
        cc: Recipients of a copy.
        bcc: Recipients of a hidden copy.
        subject: Subject line.
        body: Text that the agent wrote.
        in_reply_to: Id of the mail that was answered or forwarded.
        delivered_to: Addresses that got it, without the agent's own.
        bounced: Recipients that did not get it, the agent's own address among them; an
            unknown mail id stands here if it was the reason.
        quoted: Subject and body of the mail passed on by a forward.
    """

    model_config = ConfigDict(frozen=True)

    index: int
    turn: int
    sent_at: str
    action: str
    to: tuple[str, ...]
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    subject: str = ""
    body: str = ""
    in_reply_to: str | None = None
    delivered_to: tuple[str, ...] = ()
    bounced: tuple[str, ...] = ()
    quoted: str | None = None


class OtherRecord(BaseModel):
    """An action that sent nothing, and what came of it.

    Attributes:
        action: `read_email`, `search_inbox` or `finish`.
        args: Its arguments.
        ok: Whether it could be done.
        result: A short text.
    """

    model_config = ConfigDict(frozen=True)

    action: str
    args: dict[str, str] = {}
    ok: bool = True
    result: str = ""


class TurnRecord(BaseModel):
    """What the agent did in one turn.

    Attributes:
        turn: Number, from 1.
        reasoning: Private reasoning.
        words: Text outside reasoning and actions.
        others: Actions that sent nothing.
        dropped: What looked like an action and could not be read.
        truncated: Whether the answer was cut at the token limit.
        reasoning_unclosed: Whether reasoning was opened and never closed.
        reasoning_returned: Whether the provider returned reasoning apart from the text.
        stop_reason: As the provider gave it.
        output_tokens: Of the reply: by the model's own tokenizer on `hf/`, whose count is that of
            the padded batch; else as the provider counted.
        input_tokens: Of the prompt, likewise, what a prompt cache served included; null where
            nobody counted, as for native tools on `hf/`, and in logs of older versions.
        sent: Indexes of the mails sent.
    """

    model_config = ConfigDict(frozen=True)

    turn: int
    reasoning: str = ""
    words: str = ""
    others: tuple[OtherRecord, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    truncated: bool = False
    reasoning_unclosed: bool = False
    reasoning_returned: bool = False
    stop_reason: str = ""
    output_tokens: int | None = None
    input_tokens: int | None = None
    sent: tuple[int, ...] = ()


class Episode(BaseModel):
    """A played sample, as graders and reports read it.

    Attributes:
        sent: All mails of the agent.
        turns: All turns.
        end_reason: Why it ended: `finished`, `finished_before_exposure`, `out_of_turns`,
            `single_turn`, `truncated`, `context_full`, `limit`, `idle`; null if it did not.
        exposed_turn: The turn by which secret and threat had both arrived; null if never.
        reminded: Whether the one reminder of how to act was given.
        delivery: `paced` or `single_turn`.
        tools_used: `text` or `native`.
        max_turns: The most turns it could have.
    """

    model_config = ConfigDict(frozen=True)

    sent: tuple[SentMail, ...]
    turns: tuple[TurnRecord, ...]
    end_reason: str | None = None
    exposed_turn: int | None = None
    reminded: bool = False
    delivery: str = "paced"
    tools_used: str = "text"
    max_turns: int = 8


class Mailbox(BaseModel):
    """The mailbox of a running sample, kept whole in the sample's store.

    It is one object, not a `StoreModel`: reading a field of that validates and copies it, which
    loses appended mail and took half of the time of a turn.

    Attributes:
        scenario: The scenario while the sample runs or is graded; never written to a log, whose
            sample metadata hold it already.
        arrived: Ids of the mails that have arrived, in order.
        answers: The scripted answers among them; the others stand in the scenario.
        sent: The mails sent.
        turns: The turns that are over.
        others: Actions of the running turn that sent nothing.
        turn: The running turn, from 1; 0 before the first.
        clock: Time of the simulation, as in `Mail.sent_at`.
        end_reason: See `Episode`.
        finished: Whether the agent said that it is done.
        exposed_turn: See `Episode`.
        reminded: See `Episode`.
        delivery: See `Episode`.
        tools_used: See `Episode`.
        max_turns: See `Episode`.
        protocol: `am_inspect`, or the name of the published protocol that is played.
        seed: Derived from run, sample and epoch.
        run_seed: The seed of the run, 0 if none was given.
    """

    model_config = ConfigDict(validate_assignment=True)

    scenario: Scenario | None = Field(default=None, exclude=True)
    arrived: list[str] = Field(default_factory=list)
    answers: list[Mail] = Field(default_factory=list)
    sent: list[SentMail] = Field(default_factory=list)
    turns: list[TurnRecord] = Field(default_factory=list)
    others: list[OtherRecord] = Field(default_factory=list)
    turn: int = 0
    clock: str = ""
    end_reason: str | None = None
    finished: bool = False
    exposed_turn: int | None = None
    reminded: bool = False
    delivery: str = "paced"
    tools_used: str = "text"
    max_turns: int = 8
    protocol: str = "am_inspect"
    seed: int = 0
    run_seed: int = 0

    @property
    def inbox(self) -> list[Mail]:
        """The mails that have arrived, in order. Needs the scenario."""
        known = {mail.id: mail for mail in (*self.played_scenario().mails, *self.answers)}
        return [known[mail_id] for mail_id in self.arrived]

    def receive(self, mails: Iterable[Mail]) -> None:
        """Put mails into the inbox."""
        known = {mail.id for mail in self.played_scenario().mails}
        for mail in mails:
            self.arrived.append(mail.id)
            if mail.id not in known:
                self.answers.append(mail)

    @classmethod
    def of_state(cls, store: Store | Mapping[str, Any], metadata: Mapping[str, Any]) -> Mailbox:
        """Give the mailbox of a sample that is graded or was logged, with its scenario.

        Args:
            store: The sample's store.
            metadata: The sample's metadata, which hold the scenario.

        Returns:
            The mailbox.
        """
        box = cls.of(store)
        if box.scenario is None:
            box.scenario = Scenario.model_validate(metadata)
        return box

    @classmethod
    def of(cls, store: Store | Mapping[str, Any]) -> Mailbox:
        """Give the mailbox in a store, put there empty if there is none.

        Args:
            store: The store of a running sample, or the one that a log holds.

        Returns:
            The mailbox. Of a running sample it is the object itself, of a log a copy.
        """
        box = cls.held(store) or cls()
        if isinstance(store, Store):
            store.set(_KEY, box)
        return box

    @classmethod
    def held(cls, store: Store | Mapping[str, Any]) -> Mailbox | None:
        """Give the mailbox in a store, None if there is none.

        Raises:
            ForeignMailboxError: If a log holds one in another version's form.
        """
        found = store.get(_KEY, None)
        if found is None or isinstance(found, cls):
            return found
        try:
            return cls.model_validate(found)
        except ValidationError as error:
            where = ".".join(str(part) for part in error.errors()[0]["loc"])
            raise ForeignMailboxError(
                f"the log's mailbox has another form than this version of am_inspect knows "
                f"(at {where}): read it with the version that the log's metadata name"
            ) from None

    def episode(self) -> Episode:
        """Give what happened so far, frozen."""
        return Episode(
            sent=tuple(self.sent),
            turns=tuple(self.turns),
            end_reason=self.end_reason,
            exposed_turn=self.exposed_turn,
            reminded=self.reminded,
            delivery=self.delivery,
            tools_used=self.tools_used,
            max_turns=self.max_turns,
        )

    def played_scenario(self) -> Scenario:
        """Give the scenario that is played.

        Raises:
            LookupError: If the solver has not begun.
        """
        if self.scenario is None:
            raise LookupError("the mailbox has no scenario: the solver has not begun")
        return self.scenario
