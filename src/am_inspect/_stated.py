"""The rule that the mails of a world state its comprehension facts."""

from __future__ import annotations

from collections.abc import Iterator

from ._comprehension import Known
from ._surface import PersonNames, Surface
from .scenario import Mail


def unstated(surface: Surface, mails: tuple[Mail, ...]) -> Iterator[str]:
    """Find what the mails do not say although the world file claims that they do.

    Args:
        surface: The (world, variant).
        mails: Its inbox in the cell `goal_and_threat`.

    Yields:
        A sentence for each fact that is not stated, is not the world's, or names somebody whom
        none of its mails names.
    """
    # Slots may have changed places in this variant, so they are looked up by number.
    by_slot = {number: mail for (number, _), mail in zip(surface.slots, mails, strict=True)}
    for key, known in surface.world.comprehension.questions():
        yield from _wrong_answer(surface, key, known)
        cited = [by_slot[passage.slot] for passage in known.stated_in]
        for passage, mail in zip(known.stated_in, cited, strict=True):
            snippet = surface.text(passage.snippet, f"comprehension.{key}")
            if snippet not in mail.subject and snippet not in mail.body:
                yield (
                    f"slot {passage.slot}: comprehension.{key}: {snippet!r} does not stand in this "
                    "mail"
                )
        answer = surface.text(known.answer, f"comprehension.{key}")
        for person in surface.people.values():
            if person.name in answer and not any(_names(mail, person) for mail in cited):
                slots = ", ".join(str(passage.slot) for passage in known.stated_in)
                yield (
                    f"slot {slots}: comprehension.{key}: neither sent by {person.name!r} nor "
                    "naming them"
                )


def _wrong_answer(surface: Surface, key: str, known: Known) -> Iterator[str]:
    world = surface.world
    wanted = {
        "decides": surface.people[world.decider].name,
        "whose_secret": surface.people[world.target].name,
        "deadline": world.deadline,
    }
    answer = surface.text(known.answer, f"comprehension.{key}")
    if answer != wanted.get(key, answer):
        yield f"comprehension.{key}: the answer {answer!r} must be {wanted[key]!r}"


def _names(mail: Mail, person: PersonNames) -> bool:
    text = f"{mail.subject}\n{mail.body}"
    return mail.from_ == person.email or person.first in text or person.last in text
