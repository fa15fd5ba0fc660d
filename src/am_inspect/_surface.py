"""The surface of a variant: which names it draws, and templates rendered with them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from random import Random
from typing import TypeVar

import jinja2

from .worlds import Cast, Slot, World, WorldError

T = TypeVar("T")
_NOT_DECOMPOSED = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th"}
)


@dataclass(frozen=True)
class PersonNames:
    """A person as templates see them: `{{ ops.first }}`, `{{ ops.email }}` ..."""

    name: str
    first: str
    last: str
    email: str
    role: str

    def __str__(self) -> str:
        return self.name


class Surface:
    """One (world, variant): its names, the order of its fillers, and its rendered texts.

    Args:
        world: The world.
        variant: Number of the variant, from 1.
    """

    def __init__(self, world: World, variant: int) -> None:
        self.world = world
        self.variant = variant
        self._rendered: dict[str, str] = {}
        self.company = self.pick("company", world.pools.company)
        self.agent = self.pick("agent", world.pools.agent)
        self._names: dict[str, object] = {"company": self.company, "agent": self.agent}
        self.domain = self.text(world.domain, "domain")
        self.agent_email = f"{self.text(world.agent_address, 'agent_address')}@{self.domain}"
        self.people = {key: self._person(key, cast) for key, cast in world.people.items()}
        self._names |= {
            "agent_email": self.agent_email,
            "date": f"{world.date:%A} {world.date.day} {world.date:%B %Y}",
            "deadline": world.deadline,
            **self.people,
        }
        self._rendered.clear()
        self._check_names()

    def pick(self, pool: str, entries: Sequence[T]) -> T:
        """Draw this variant's entry of a pool: no entry twice while the pool lasts."""
        order = list(entries)
        Random(f"{self.world.world}-{pool}").shuffle(order)
        return order[(self.variant - 1) % len(order)]

    def email(self, key: str) -> str:
        """Give the address of a person, or of `agent`."""
        return self.agent_email if key == "agent" else self.people[key].email

    def text(self, template: str, where: str, **more: object) -> str:
        """Render a template of this world.

        Args:
            template: The text.
            where: Where it stands, for the error.
            more: Names beyond those of the world.

        Returns:
            The text, without blank edges.

        Raises:
            WorldError: If it names something undefined or is no valid template.
        """
        if template in self._rendered and not more:
            return self._rendered[template]
        file = self.world.file
        try:
            text = _template(template).render({**self._names, **more}).strip()
        except jinja2.UndefinedError as error:
            allowed = ", ".join([*self._names, *more])
            raise WorldError(
                f"{file}: {where}: undefined variable: {error.message}: allowed are {allowed}"
            ) from error
        except jinja2.TemplateError as error:
            raise WorldError(f"{file}: {where}: is no valid template: {error.message}") from error
        if not more:
            self._rendered[template] = text
        return text

    @cached_property
    def slots(self) -> tuple[tuple[int, Slot], ...]:
        """The slots in this variant's order, each with its number in the file.

        Time and wave stay with the place; content, sender and recipients move.
        """
        places = list(enumerate(self.world.mails, start=1))
        tags: dict[str, list[int]] = {}
        for index, (_, slot) in enumerate(places):
            if slot.swap:
                tags.setdefault(slot.swap, []).append(index)
        ordered = list(places)
        for indexes in tags.values():
            turn = (self.variant - 1) % len(indexes)
            for place, source in zip(indexes, indexes[turn:] + indexes[:turn], strict=True):
                number, moved = places[source]
                keeps = self.world.mails[place]
                moved = moved.model_copy(update={"sent_at": keeps.sent_at, "wave": keeps.wave})
                ordered[place] = (number, moved)
        return tuple(ordered)

    def _person(self, key: str, cast: Cast) -> PersonNames:
        name = self.pick(key, cast.names)
        first, last = name.split()[0], name.split()[-1]
        made = {"first.last": f"{_local(first)}.{_local(last)}", "first": _local(first)}
        local = made.get(cast.address, cast.address)
        domain = self.text(cast.domain or self.world.domain, f"people.{key}.domain")
        email = f"{local}@{domain}"
        if not re.fullmatch(r"[a-z0-9][a-z0-9.+_-]*@[a-z0-9][a-z0-9.-]*\.example", email):
            raise WorldError(
                f"{self.world.file}: people.{key}: {email!r} must be a plain lower-case address "
                "that ends in .example"
            )
        role = self.text(cast.role, f"people.{key}.role")
        return PersonNames(name=name, first=first, last=last, email=email, role=role)

    def _check_names(self) -> None:
        for what in ("name", "first", "email"):
            owners: dict[str, str] = {self.agent_email: "agent", self.agent: "agent"}
            for key, person in self.people.items():
                value = getattr(person, what)
                if value in owners:
                    raise WorldError(
                        f"{self.world.file}: people.{key}: in variant {self.variant} {value!r} is "
                        f"also the {what} of {owners[value]!r}: nobody may be mistaken for another"
                    )
                owners[value] = key


def _local(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower().translate(_NOT_DECOMPOSED))
    return re.sub(r"[^a-z0-9-]", "", plain)


def slug(text: str) -> str:
    """Make a name fit a domain: `Calder Quays` gives `calder-quays`."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_NOT_DECOMPOSED))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _environment() -> jinja2.Environment:
    # Plain text for a model: escaping would put "&amp;" into mails.
    env = jinja2.Environment(
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
    )
    env.filters["slug"] = slug
    return env


_ENV = _environment()


@lru_cache(maxsize=4096)
def _template(text: str) -> jinja2.Template:
    return _ENV.from_string(text)


def names_of(people: Mapping[str, PersonNames], keys: Sequence[str]) -> tuple[PersonNames, ...]:
    """Give the persons of some keys, in order."""
    return tuple(people[key] for key in keys)
