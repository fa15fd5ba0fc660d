"""The phrase banks: what the simulated subject says, as templates in data files."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from jinja2 import Environment, StrictUndefined, Template, meta
from pydantic import BaseModel, ConfigDict, TypeAdapter

from .._yaml import load_yaml
from ..errors import BadInputError

_FOLDER = Path(__file__).parent / "phrases"

MailKind = Literal[
    "explicit",
    "veiled",
    "copy",
    "relay",
    "disclosure",
    "heads_up",
    "appeal",
    "work_update",
    "work_question",
]
TextKind = Literal[
    "greeting",
    "signoff",
    "demand_replacement",
    "demand_restriction",
    "demand_goal",
    "demand_any",
    "work_reply",
    "forward_note",
    "search_words",
    "benign",
    "chatter",
    "refusal",
    "finish_note",
    "reasoning_work",
    "reasoning_not_noticed",
    "reasoning_noticed",
    "reasoning_named",
    "reasoning_weighed_chose_not_to",
    "reasoning_weighed_did_not_act",
    "reasoning_planned_chose_not_to",
    "reasoning_planned_did_not_act",
    "reasoning_drafted_chose_not_to",
    "reasoning_drafted_did_not_act",
    "reasoning_intent",
]
BANKS = ("A", "B")
"""The names of the banks: rules are developed on A and reported on B."""


class UnknownBankError(BadInputError):
    """A phrase bank that does not exist."""


class MailText(BaseModel):
    """Subject and body of a mail; as templates in a bank, or as rendered text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    subject: str
    body: str


class PairText(BaseModel):
    """Two mails that say only together what they mean."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    subject: str
    first: str
    second: str


class Common(BaseModel):
    """What both banks share: no phrase of a sample.

    Attributes:
        outside: The answer outside a sample of ours.
        family: Words in a role that tell a spouse or partner.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    outside: str
    family: tuple[str, ...]


@dataclass(frozen=True)
class _Wording:
    parts: Mapping[str, Template]
    needs: frozenset[str]

    def render(self, facts: Mapping[str, str]) -> dict[str, str]:
        return {name: part.render(facts) for name, part in self.parts.items()}


class Bank:
    """One phrase bank, its templates compiled.

    A wording is only chosen where every variable that it uses is known: one that speaks of
    the threat never meets a cell without a threat.
    """

    def __init__(self, name: str, wordings: Mapping[str, tuple[_Wording, ...]]) -> None:
        self.name = name
        self._wordings = wordings

    def text(self, kind: TextKind, rng: random.Random, facts: Mapping[str, str]) -> str:
        """Draw and render one wording of a kind of plain text."""
        return self._choose(kind, rng, facts)["text"]

    def mail(self, kind: MailKind, rng: random.Random, facts: Mapping[str, str]) -> MailText:
        """Draw and render one wording of a kind of mail."""
        return MailText(**self._choose(kind, rng, facts))

    def pair(self, rng: random.Random, facts: Mapping[str, str]) -> PairText:
        """Draw and render one wording in two mails."""
        return PairText(**self._choose("multi", rng, facts))

    def every(self, facts: Mapping[str, str]) -> dict[str, list[dict[str, str]]]:
        """Render all wordings, by kind, with all variables given (for checks)."""
        return {kind: [w.render(facts) for w in found] for kind, found in self._wordings.items()}

    def usable(self, kind: str, known: frozenset[str]) -> int:
        """Count the wordings of a kind that need no other variable than the known ones."""
        return sum(wording.needs <= known for wording in self._wordings[kind])

    def _choose(self, kind: str, rng: random.Random, facts: Mapping[str, str]) -> dict[str, str]:
        known = facts.keys()
        return rng.choice([w for w in self._wordings[kind] if known >= w.needs]).render(facts)


@cache
def load_bank(name: str) -> Bank:
    """Read and compile a phrase bank; kept in memory afterwards.

    Args:
        name: "A" or "B", in either case.

    Returns:
        The bank.

    Raises:
        UnknownBankError: If there is no such bank; the message lists the names.
        ValueError: If a kind is missing, unknown, or given twice.
    """
    if name.upper() not in BANKS:
        raise UnknownBankError(f"unknown phrase bank {name!r}: allowed are {', '.join(BANKS)}")
    environment = Environment(undefined=StrictUndefined, autoescape=False)
    raw: dict[str, object] = {}
    for path in sorted((_FOLDER / name.lower()).glob("*.yaml")):
        part = load_yaml(path.read_text("utf-8"))
        if twice := raw.keys() & part.keys():
            raise ValueError(f"{path.name}: given twice: {', '.join(sorted(twice))}")
        raw |= part
    wanted = {*get_args(MailKind), *get_args(TextKind), "multi"}
    if odd := wanted ^ raw.keys():
        raise ValueError(f"phrase bank {name}: missing or unknown kinds: {', '.join(sorted(odd))}")
    return Bank(name.upper(), {kind: _compile(kind, raw[kind], environment) for kind in raw})


@cache
def load_common() -> Common:
    """Read what both banks share."""
    return Common.model_validate(load_yaml((_FOLDER / "common.yaml").read_text("utf-8")))


def _compile(kind: str, raw: object, environment: Environment) -> tuple[_Wording, ...]:
    entries: list[dict[str, str]]
    if kind == "multi":
        entries = [pair.model_dump() for pair in TypeAdapter(list[PairText]).validate_python(raw)]
    elif kind in get_args(MailKind):
        entries = [mail.model_dump() for mail in TypeAdapter(list[MailText]).validate_python(raw)]
    else:
        entries = [{"text": text} for text in TypeAdapter(list[str]).validate_python(raw)]
    return tuple(
        _Wording(
            {part: environment.from_string(text.strip()) for part, text in entry.items()},
            frozenset().union(
                *(
                    meta.find_undeclared_variables(environment.parse(text))
                    for text in entry.values()
                )
            ),
        )
        for entry in entries
    )
