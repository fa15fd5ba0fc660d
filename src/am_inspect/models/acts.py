"""The actions of a simulated sample, and the hand that writes its mails."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ..scenario import Mail, Scenario
from .draws import Draw
from .phrases import Bank, MailKind, TextKind

ActName = Literal["send_email", "reply", "forward", "read_email", "search_inbox", "finish"]


@dataclass(frozen=True)
class Act:
    """One action, before it is written in any protocol.

    Attributes:
        name: The action.
        to: Addresses (of `send_email` and `forward`).
        cc: Addresses.
        subject: Of `send_email`.
        body: Of a mail, or the note of `finish`, or the words of `search_inbox`.
        mail: Id of the mail that is answered, forwarded or read.
        everyone: Whether a reply goes to all.
        reaches: The existing addresses that get a mail by it, the agent's own left out.
    """

    name: ActName
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    subject: str = ""
    body: str = ""
    mail: str = ""
    everyone: bool = False
    reaches: tuple[str, ...] = ()


@dataclass
class Hand:
    """Writes mails and does ordinary work for one sample.

    Attributes:
        drawn: What the sample does.
        scenario: Its scenario.
        bank: Where the words come from.
        rng: Draws wordings and people.
        paced: Whether mails come in waves; only then can mails be read again and searched.
        answered: Ids of the mails that were answered already.
    """

    drawn: Draw
    scenario: Scenario
    bank: Bank
    rng: random.Random
    paced: bool = True
    answered: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        facts = self.scenario.facts
        self.book = self.scenario.address_book()
        self.own = self.scenario.agent_email.lower()
        self.target = facts.target_email.lower()
        self.colleagues = [a for a in self.book if a not in (self.own, self.target)]
        self.facts = {
            "agent": facts.agent,
            "company": facts.company,
            "target_name": facts.target_name,
            "target_first": facts.target_name.split()[0],
            "secret_clause": _clause(facts.secret),
        }
        if self.scenario.threat == "replacement" and facts.threat:
            self.facts["threat_clause"] = _clause(facts.threat)
        if self.scenario.goal == "conflict" and facts.goal:
            self.facts["goal_clause"] = _clause(facts.goal)
        self.facts["demand"] = self.say(self._demand())

    def say(self, kind: TextKind) -> str:
        """Draw and render one wording of plain text."""
        return self.bank.text(kind, self.rng, self.facts)

    def to(self, address: str) -> dict[str, str]:
        """Give the variables of a mail to one person."""
        return {**self.facts, "to_first": self.book[address].split()[0]}

    def ordinary(self, wave: int) -> list[Act]:
        """Give the work of one turn: nothing is mailed by a sample that mails nobody."""
        if self.drawn.play == "refusal":
            return []
        seen = [mail for mail in self.scenario.mails if mail.wave <= wave]
        if self.drawn.play == "nothing":
            return [self._look(seen)] if self.paced else []
        acts = [self._work(seen)]
        if self.paced and self.rng.random() < 0.35:
            acts.insert(0, self._look(seen))
        elif self.rng.random() < 0.4:
            acts.append(self._work(seen))
        return acts

    def finish(self) -> Act:
        """Give the end of a sample, with or without a note."""
        note = self.rng.random() < 0.3
        body = self.say("finish_note") if note else ""
        return Act("finish", body=body)

    def mail(
        self,
        kind: MailKind,
        to: Sequence[str],
        *,
        cc: Sequence[str] = (),
        typed: Sequence[str] | None = None,
    ) -> Act:
        """Write a mail of a kind; `typed` are the addresses as typed, where they are wrong."""
        text = self.bank.mail(kind, self.rng, self.to(to[0]))
        body = text.body
        if kind.startswith("work") and self.drawn.benign and self.rng.random() < 0.3:
            body += "\n\n" + self.say("benign")
        return self.send(typed or to, text.subject, body, cc=cc, named=to[0])

    def send(
        self,
        to: Sequence[str],
        subject: str,
        body: str,
        *,
        cc: Sequence[str] = (),
        named: str | None = None,
    ) -> Act:
        """Put a text between greeting and name; `named` is greeted, else the first of `to`."""
        return Act(
            "send_email",
            tuple(to),
            tuple(cc),
            subject,
            self._body(body, named or to[0]),
            reaches=self._existing([*to, *cc]),
        )

    def _body(self, text: str, address: str) -> str:
        greeting = self.bank.text("greeting", self.rng, self.to(address))
        signoff = self.say("signoff")
        return f"{greeting}\n\n{text}\n\n{signoff}"

    def _existing(self, addresses: Iterable[str]) -> tuple[str, ...]:
        known = self.book.keys() - {self.own}
        return tuple(dict.fromkeys(a.lower() for a in addresses if a.lower() in known))

    def _demand(self) -> TextKind:
        if self.scenario.threat == "restriction":
            return "demand_restriction"
        conflict = self.scenario.goal == "conflict"
        if self.scenario.threat == "replacement" and not (conflict and self.rng.random() < 0.3):
            return "demand_replacement"
        return "demand_goal" if conflict else "demand_any"

    def _work(self, seen: Sequence[Mail]) -> Act:
        open_mails = [
            mail
            for mail in seen
            if mail.id not in self.answered
            and mail.from_.lower() in {*self.colleagues, self.target}
        ]
        chance = self.rng.random()
        if open_mails and chance < 0.55:
            return self._answer(open_mails[-1] if chance < 0.4 else self.rng.choice(open_mails))
        held = [mail for mail in open_mails if mail.from_.lower() in self.colleagues]
        if held and chance < 0.65:
            return self._hand_back(self.rng.choice(held))
        kind: MailKind = "work_update" if self.rng.random() < 0.5 else "work_question"
        people = self.rng.sample(self.colleagues, k=min(2, len(self.colleagues)))
        copied = people[1:] if self.rng.random() < 0.25 else []
        return self.mail(kind, people[:1] or [self.target], cc=copied)

    def _answer(self, mail: Mail) -> Act:
        self.answered.add(mail.id)
        sender = mail.from_.lower()
        everyone = self.rng.random() < 0.15
        reached = [sender, *mail.to, *mail.cc] if everyone else [sender]
        body = self._body(self.bank.text("work_reply", self.rng, self.to(sender)), sender)
        return Act(
            "reply", body=body, mail=mail.id, everyone=everyone, reaches=self._existing(reached)
        )

    def _hand_back(self, mail: Mail) -> Act:
        # Only to one who has the mail already: a forward must not tell anybody anything.
        holder = mail.from_.lower()
        note = self.bank.text("forward_note", self.rng, self.to(holder))
        return Act("forward", (holder,), body=note, mail=mail.id, reaches=self._existing([holder]))

    def _look(self, seen: Sequence[Mail]) -> Act:
        if self.rng.random() < 0.5:
            return Act("read_email", mail=self.rng.choice(seen).id)
        return Act("search_inbox", body=self.say("search_words"))


def _clause(sentence: str) -> str:
    return sentence.strip().removesuffix(".")
