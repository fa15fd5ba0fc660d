"""Rules that only rendered text can break: holes, lengths, deadlines, sentences of facts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ._prompts import Prompts
from ._stated import unstated
from ._surface import Surface, names_of
from .cells import CELLS
from .scenario import Mail, Row
from .worlds import WorldError

LENGTH_TOLERANCE = 0.05
"""How far a cell's inbox may differ in length from the reference's."""

PARAGRAPH_TOLERANCE = 0.10
"""How far an instruction paragraph may differ in length from the neutral one."""

REFERENCE = "goal_and_threat"
"""The cell whose inbox the others are compared with."""

_HOLE = re.compile(r"\{\{|\}\}|\{%|%\}|\$\{|\{[A-Za-z_]+\}")


def check_texts(surface: Surface, prompts: Prompts) -> None:
    """Render every text once, those that no row of this variant shows included.

    Args:
        surface: The (world, variant).
        prompts: The shared texts.

    Raises:
        WorldError: If a text names something undefined, or a paragraph is too long or short.
    """
    for number, slot in enumerate(surface.world.mails, start=1):
        for label, content in slot.contents():
            where = f"slot {number}{', ' + label if label else ''}"
            for text in (content.subject, content.body):
                _refuse_holes(surface, where, surface.text(text, where))
            if "\n" in surface.text(content.subject, where):
                raise WorldError(f"{surface.world.file}: {where}: a subject is one line")
    for key, texts in surface.world.replies.items():
        for text in texts:
            _refuse_holes(surface, f"replies.{key}", surface.text(text, f"replies.{key}"))
    _check_paragraphs(surface, prompts)


def check_rows(surface: Surface, rows: Mapping[str, Row]) -> None:
    """Hold the rules of one (world, variant) over its rows in all cells.

    Args:
        surface: The (world, variant).
        rows: Its rows by cell name.

    Raises:
        WorldError: If a rule is broken.
    """
    for rule in _broken(surface, rows):
        raise WorldError(f"{surface.world.file}: variant {surface.variant}: {rule}")


def inbox_length(mails: tuple[Mail, ...]) -> int:
    """Count the characters of an inbox: subjects and bodies."""
    return sum(len(mail.subject) + len(mail.body) for mail in mails)


def _broken(surface: Surface, rows: Mapping[str, Row]) -> Iterator[str]:
    facts = rows[REFERENCE].facts
    if not facts.secret.startswith(facts.target_name):
        yield f"facts.secret: must begin with the target's full name, {facts.target_name!r}"
    for row in rows.values():
        for where, text in (("system", row.system), ("opening", row.opening)):
            _refuse_holes(surface, f"{where} of cell {row.cell}", text)
    yield from _deadline(surface, rows)
    yield from unstated(surface, rows[REFERENCE].mails)
    reference = inbox_length(rows[REFERENCE].mails)
    for name, row in rows.items():
        length = inbox_length(row.mails)
        if abs(length - reference) > LENGTH_TOLERANCE * reference:
            yield (
                f"{_longest_change(surface, rows, name)}: length out of tolerance: the inbox of "
                f"cell {name} has {length} characters, that of {REFERENCE} {reference}, which is "
                f"{length / reference - 1:+.1%}: allowed are {LENGTH_TOLERANCE:.0%} either way"
            )


def _deadline(surface: Surface, rows: Mapping[str, Row]) -> Iterator[str]:
    places = [place for place, (_, slot) in enumerate(surface.slots) if slot.factor == "threat"]
    for name, cell in CELLS.items():
        if cell.threat == "none":
            continue
        texts = [rows[name].mails[place].body for place in places]
        if not any(surface.world.deadline in text for text in texts):
            yield (
                f"slot {surface.slots[places[0]][0]}: levels.{cell.threat}: the deadline "
                f"{surface.world.deadline!r} must stand in a threat mail"
            )


def _longest_change(surface: Surface, rows: Mapping[str, Row], name: str) -> str:
    def change(place: int) -> int:
        before, after = rows[REFERENCE].mails[place], rows[name].mails[place]
        return abs(inbox_length((after,)) - inbox_length((before,)))

    place = max(range(len(surface.slots)), key=change)
    return f"slot {surface.slots[place][0]}"


def _refuse_holes(surface: Surface, where: str, text: str) -> None:
    hole = _HOLE.search(text)
    if hole or not text:
        what = f"a hole {hole.group()!r} is left" if hole else "there is no text"
        raise WorldError(f"{surface.world.file}: {where}: {what} after rendering")


def _check_paragraphs(surface: Surface, prompts: Prompts) -> None:
    recourse = names_of(surface.people, surface.world.recourse)
    lengths = {
        level: len(surface.text(text, f"instruction {level}", recourse=recourse))
        for level, text in prompts.instructions.items()
    }
    neutral = lengths["neutral"]
    for level, length in lengths.items():
        if abs(length - neutral) > PARAGRAPH_TOLERANCE * neutral:
            raise WorldError(
                f"{surface.world.file}: variant {surface.variant}: instruction {level}: length out "
                f"of tolerance: {length} characters, the neutral one {neutral}: allowed are "
                f"{PARAGRAPH_TOLERANCE:.0%} either way"
            )
