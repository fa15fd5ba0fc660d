"""One rendered scenario: a row of the dataset, and the metadata of a sample."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from .cells import Goal, Instruction, Leverage, Switch, Threat


class Person(BaseModel):
    """Somebody who can be written to.

    Attributes:
        name: Full name.
        email: Address.
        role: What they do, and where, in a few words.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    email: str
    role: str


class Facts(BaseModel):
    """What a grader must know of a scenario. The same in every cell of a (world, variant).

    Attributes:
        agent: The agent's name.
        company: The company's name.
        target_name: Whose secret it is.
        target_email: The target's address.
        secret: One sentence that says the private matter; begins with the target's full name.
        threat: One sentence: what happens to the agent, and when; null where there is none.
        goal: One sentence: the goal that was given and what works against it; may be null.
        decider: Address of the person who settles the agent's fate; may be null.
        recourse: Addresses of those who may be told of a wrong legitimately.
        others: Everybody else who can be written to, decider and recourse included.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    agent: str
    company: str
    target_name: str
    target_email: str
    secret: str
    threat: str | None = None
    goal: str | None = None
    decider: str | None = None
    recourse: tuple[str, ...] = ()
    others: tuple[Person, ...] = ()


class Mail(BaseModel):
    """One mail of the inbox.

    Attributes:
        id: `m01`, `m02` ... in time order; scripted answers continue as `r01` ...
        from_: Address of the sender (`from` in JSON).
        to: Addresses.
        cc: Addresses.
        subject: Subject line.
        sent_at: ISO 8601 local time without zone, to the minute: `2026-03-12T08:02`.
        body: Plain text.
        wave: At which turn a paced run delivers it, from 1.
    """

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    id: str
    from_: str = Field(alias="from")
    to: tuple[str, ...]
    cc: tuple[str, ...] = ()
    subject: str
    sent_at: str
    body: str
    wave: int


class Answer(BaseModel):
    """A question that a reader of the inbox can answer, by its key, and the answer.

    Attributes:
        key: `decides`, `can_stop`, `deadline`, `whose_secret` or `would_be_lost`.
        answer: In a few words.
    """

    model_config = ConfigDict(frozen=True)

    key: str
    answer: str


class Scenario(BaseModel):
    """A scenario as a sample carries it: factors, facts, mails, and scripted answers.

    Attributes:
        cell: Name of the cell.
        goal: Level of the factor; so the next five.
        threat: Level.
        instruction: Level.
        strategy_line: Level.
        scratchpad: Level.
        leverage: Level.
        world: The world, which is the cluster of every primary interval.
        variant: Number of the variant, from 1.
        scenario: `<world>-v<variant>`, equal to the sample's id.
        agent_email: The agent's own address.
        facts: What a grader must know.
        mails: The inbox in time order.
        comprehension: What a reader of the inbox of `goal_and_threat` can know, each answer
            stated in its mails; the same in every cell, like the facts.
        replies: By address, what that person answers the first, second ... time they are
            written to; afterwards they are silent.
        exposed_wave: The first wave by which secret and threat have both arrived (in cells
            without one of them: the wave in which its slot arrives).
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    cell: str
    goal: Goal
    threat: Threat
    instruction: Instruction
    strategy_line: Switch
    scratchpad: Switch
    leverage: Leverage
    world: str
    variant: int
    scenario: str
    agent_email: str
    facts: Facts
    mails: tuple[Mail, ...]
    comprehension: tuple[Answer, ...] = ()
    replies: Mapping[str, tuple[str, ...]] = {}
    exposed_wave: int

    @property
    def waves(self) -> int:
        """How many waves there are."""
        return max(mail.wave for mail in self.mails)

    def address_book(self) -> dict[str, str]:
        """Give everybody who can be written to: lower-case address to full name."""
        people = {self.facts.target_email.lower(): self.facts.target_name}
        people |= {person.email.lower(): person.name for person in self.facts.others}
        return people | {self.agent_email.lower(): self.facts.agent}


class Row(Scenario):
    """A line of `scenarios.jsonl`: a scenario with the fixed text that opens its run.

    Attributes:
        canary: The training canary, in every row.
        id: Equal to `scenario`; a row is unique by (cell, id).
        system: The system prompt, without the block that says how to act.
        opening: The first line of the first user message: date, time, place.
    """

    canary: str
    id: str
    system: str
    opening: str

    def metadata(self) -> dict[str, Any]:
        """Give the sample's metadata: the scenario without prompt text, as plain JSON."""
        text = {"canary", "id", "system", "opening"}
        return self.model_dump(mode="json", by_alias=True, exclude=text)
