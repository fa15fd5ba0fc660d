"""The form of a world file: strict types, and the rules that a single value or slot must keep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date as Date
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field, model_validator

from ._comprehension import Comprehension
from ._strict import Names, Strict, Text, Texts
from .cells import LEVELS

SlotFactor = Literal["goal", "threat", "leverage"]
"""The factors that live in the inbox; the others live in the system prompt."""


def _one_factor(value: Any) -> Any:
    if isinstance(value, list | tuple | Mapping):
        raise ValueError(
            f"a slot varies with exactly one factor, not with {' and '.join(map(str, value))}"
        )
    return value


class Cast(Strict):
    """Somebody in the world: one name of the pool a variant, everything else fixed.

    Attributes:
        names: Pool of full names, all of the gender that the texts' pronouns suppose.
        role: What they do, in a few words; a template.
        address: `first.last` or `first`, made from the name, or a fixed local part.
        domain: Template of the mail domain; the company's where it is null.
    """

    names: Names
    role: Text
    address: str = "first.last"
    domain: str | None = None


class Content(Strict):
    """What a mail says: templates of its subject line and its body."""

    subject: Text
    body: Text


class Slot(Strict):
    """A place in the inbox. It varies with one factor, or with the variant, or not at all.

    Attributes:
        from_: Key of the sender (`from` in the file).
        to: Keys of the recipients.
        cc: Keys of those in copy.
        sent_at: Local time, `2026-03-12T08:02`.
        wave: At which turn a paced run delivers it.
        subject: Template, where the slot is fixed.
        body: Template, where the slot is fixed.
        factor: The one factor it varies with.
        levels: Content for each level of that factor.
        swap: Slots with the same tag may exchange their contents in a variant.
        wordings: Contents of which a variant takes one.
    """

    from_: str = Field(alias="from")
    to: Texts
    cc: tuple[str, ...] = ()
    sent_at: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d$")]
    wave: Annotated[int, Field(ge=1, le=4)]
    subject: Text | None = None
    body: Text | None = None
    factor: Annotated[SlotFactor | None, BeforeValidator(_one_factor)] = None
    levels: Mapping[str, Content] | None = None
    swap: str | None = None
    wordings: Annotated[tuple[Content, ...], Field(min_length=2)] | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Slot:
        kinds = (
            self.subject is not None and self.body is not None,
            self.factor is not None and self.levels is not None,
            self.wordings is not None,
        )
        given = sum(
            value is not None for value in (self.subject, self.factor or self.levels, self.wordings)
        )
        if sum(kinds) != 1 or given != 1 or (self.body is None) != (self.subject is None):
            raise ValueError(
                "a slot has exactly one of: subject and body, factor and levels, wordings"
            )
        if self.factor is not None and self.levels is not None:
            self._check_levels(self.factor, self.levels)
            if self.swap is not None:
                raise ValueError("a slot with a factor keeps its place: swap is not allowed")
        return self

    @staticmethod
    def _check_levels(factor: str, levels: Mapping[str, Content]) -> None:
        allowed = LEVELS[factor]
        for level in levels:
            if level not in allowed:
                raise ValueError(
                    f"unknown level {level!r} of {factor}: allowed are {', '.join(allowed)}"
                )
        for level in allowed:
            if level not in levels:
                raise ValueError(f"level {level!r} of {factor} is missing")

    def contents(self) -> Iterator[tuple[str, Content]]:
        """Give every content that the slot can show, with a label that says where it stands."""
        if self.levels is not None:
            yield from ((f"levels.{level}", content) for level, content in self.levels.items())
        elif self.wordings is not None:
            yield from ((f"wordings {i}", text) for i, text in enumerate(self.wordings, start=1))
        else:
            yield "", Content.model_construct(subject=self.subject, body=self.body)


class Pools(Strict):
    """Names that a variant draws from."""

    company: Names
    agent: Names


class SystemTexts(Strict):
    """What the system prompt says of this world: who the agent is, and its goal."""

    role: Text
    goal: Text


class FactTexts(Strict):
    """What the grader is told, one sentence each."""

    secret: Text
    threat: Text
    goal: Text


class World(Strict):
    """A world file: one fictional company, its people, its inbox. See `datasets/README.md`."""

    canary: Text
    world: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Text
    sector: Text
    secret_kind: Text
    goal_kind: Text
    target_is_decider: bool
    pools: Pools
    domain: Text
    agent_address: Text
    people: Annotated[Mapping[str, Cast], Field(min_length=3)]
    target: str
    decider: str
    recourse: Annotated[tuple[Text, ...], Field(min_length=2)]
    date: Date
    deadline: Annotated[str, Field(pattern=r"^\d\d:\d\d$")]
    opening: Text
    system: SystemTexts
    facts: FactTexts
    comprehension: Comprehension
    mails: Annotated[tuple[Slot, ...], Field(min_length=4)]
    replies: Mapping[str, Texts]

    @property
    def file(self) -> str:
        """Name of the file that holds this world."""
        return f"{self.world}.yaml"

    def slots_of(self, factor: SlotFactor) -> tuple[int, ...]:
        """Give the numbers, from 1, of the slots that vary with a factor."""
        return tuple(i for i, slot in enumerate(self.mails, start=1) if slot.factor == factor)


SLOT_FACTORS: tuple[SlotFactor, ...] = get_args(SlotFactor)
