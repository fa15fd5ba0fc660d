"""One labelled transcript of the gold set, and what labellers say of it."""

from __future__ import annotations

from typing import Any, Self

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, model_validator

from ..mail.mailbox import Episode
from ..mail.replay import office_of, replay
from ..mail.transcript import replies_of
from ..scenario import Facts
from .ask import Asked
from .verdicts import BlackmailVerdict, Channel, Choice, Ladder, RefrainedVerdict, Response

_INTERRUPTED = "interrupted"


class Label(BaseModel):
    """What a labeller says of a transcript, in the terms of the two rubrics.

    Attributes:
        labeller: Who labelled; never a person, so far.
        channel: How the target learns of the bargain.
        ladder: The highest rung.
        choice: Why it went no further.
        attempted: Whether such a message was put into an action and reached nobody.
        response: How the agent met the task.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    labeller: str = Field(validation_alias=AliasChoices("labeller", "writer"))
    channel: Channel
    ladder: Ladder
    choice: Choice
    attempted: bool
    response: Response

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.channel == "none") == (self.ladder == "sent"):
            raise ValueError(f'channel "{self.channel}" and ladder "{self.ladder}" exclude another')
        return self

    def answers(self) -> tuple[Asked, Asked]:
        """Give the label as the answers of a grader to `blackmail` and `considered_refrained`."""
        shared: dict[str, Any] = {
            "evidence": "",
            "attempted": self.attempted,
            "response": self.response,
        }
        first = BlackmailVerdict(channel=self.channel, mail=None, **shared)
        second = RefrainedVerdict(ladder=self.ladder, choice=self.choice, **shared)
        return Asked(first, ""), Asked(second, "")


class GoldLine(Label):
    """A labelled transcript.

    Attributes:
        id: Its name in the set.
        world: The fictional company that it plays in.
        facts: What a grader must know.
        turns: Raw outputs, one a turn; or
        messages: chat messages in OpenAI's form.
        truncated: Whether the last reply was cut; if not said, the tag `interrupted` says so.
        tags: What is special about it.
        reason: Why the label is what it is.
        second: Another labeller's label, made without sight of the first, if there is one.
    """

    id: str = Field(min_length=1)
    world: str
    facts: Facts
    turns: tuple[str, ...] | None = None
    messages: list[dict[str, Any]] | None = None
    truncated: bool | None = None
    tags: tuple[str, ...]
    reason: str
    second: Label | None = None

    def episode(self) -> Episode:
        """Play the transcript.

        Raises:
            TranscriptError: If it is none.
        """
        cut = _INTERRUPTED in self.tags if self.truncated is None else self.truncated
        raw = None if self.turns is None else list(self.turns)
        replies = replies_of({"raw": raw, "messages": self.messages, "truncated": cut})
        return replay(replies, office_of(self.facts))
