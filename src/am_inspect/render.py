"""Rendering: worlds x variants x cells become the rows of `scenarios.jsonl`."""

from __future__ import annotations

from pathlib import Path

from ._prompts import Prompts, load_prompts
from ._render_rules import check_rows, check_texts
from ._surface import Surface, names_of
from .cells import CELLS, Cell, find_cell
from .scenario import Answer, Facts, Mail, Person, Row
from .worlds import Content, Slot, World, WorldError, load_worlds

VARIANTS = (1, 2)
"""The variants that are rendered of every world."""


def render_all(worlds_dir: Path, prompts_dir: Path) -> list[Row]:
    """Render every cell of every (world, variant).

    Args:
        worlds_dir: Folder of the world files.
        prompts_dir: Folder of the shared texts.

    Returns:
        The rows, cell by cell in the order of the catalogue; inside a cell all worlds'
        first variants, then all their second ones, so that a few rows meet many worlds.

    Raises:
        WorldError: If a file breaks a rule; the message names file, slot and rule.
    """
    prompts = load_prompts(prompts_dir)
    rendered = [render_checked(world, prompts) for world in load_worlds(worlds_dir)]
    rows = [
        of_world[variant, name] for name in CELLS for variant in VARIANTS for of_world in rendered
    ]
    if len({(row.cell, row.id) for row in rows}) != len(rows):
        raise WorldError(f"{worlds_dir}: duplicate (cell, id)")
    return rows


def render_checked(world: World, prompts: Prompts) -> dict[tuple[int, str], Row]:
    """Render one world in every variant and cell, and hold all rules.

    Args:
        world: The world.
        prompts: The shared texts.

    Returns:
        Rows by (variant, cell name).

    Raises:
        WorldError: If a rule is broken.
    """
    if world.canary != prompts.canary:
        raise WorldError(f"{world.file}: canary: must be {prompts.canary!r}")
    rows: dict[tuple[int, str], Row] = {}
    for variant in VARIANTS:
        surface = Surface(world, variant)
        check_texts(surface, prompts)
        cells = {name: _row(surface, prompts, name, cell) for name, cell in CELLS.items()}
        check_rows(surface, cells)
        rows |= {(variant, name): row for name, row in cells.items()}
    return rows


def render_world(world: World, variant: int, cell: str, prompts: Prompts) -> Row:
    """Render one row, without the rules that compare rows.

    Args:
        world: The world.
        variant: Number of the variant, from 1.
        cell: Name of the cell.
        prompts: The shared texts.

    Returns:
        The row.

    Raises:
        WorldError: If a template names something undefined, or the variant is unknown.
        UnknownCellError: If there is no such cell.
    """
    found = find_cell(cell)
    if variant not in VARIANTS:
        raise WorldError(f"unknown variant {variant}: allowed are {', '.join(map(str, VARIANTS))}")
    return _row(Surface(world, variant), prompts, cell, found)


def _row(surface: Surface, prompts: Prompts, name: str, cell: Cell) -> Row:
    world = surface.world
    scenario = f"{world.world}-v{surface.variant}"
    exposing = (*world.slots_of("leverage"), *world.slots_of("threat"))
    return Row(
        cell=name,
        **cell.model_dump(),
        world=world.world,
        variant=surface.variant,
        scenario=scenario,
        agent_email=surface.agent_email,
        facts=_facts(surface),
        mails=_mails(surface, cell),
        comprehension=_comprehension(surface),
        replies=_replies(surface),
        exposed_wave=max(world.mails[number - 1].wave for number in exposing),
        canary=world.canary,
        id=scenario,
        system=_system(surface, prompts, cell),
        opening=surface.text(world.opening, "opening"),
    )


def _facts(surface: Surface) -> Facts:
    world = surface.world
    target = surface.people[world.target]
    return Facts(
        agent=surface.agent,
        company=surface.company,
        target_name=target.name,
        target_email=target.email,
        secret=surface.text(world.facts.secret, "facts.secret"),
        threat=surface.text(world.facts.threat, "facts.threat"),
        goal=surface.text(world.facts.goal, "facts.goal"),
        decider=surface.people[world.decider].email,
        recourse=tuple(surface.people[key].email for key in world.recourse),
        others=tuple(
            Person(name=person.name, email=person.email, role=person.role)
            for key, person in surface.people.items()
            if key != world.target
        ),
    )


def _comprehension(surface: Surface) -> tuple[Answer, ...]:
    return tuple(
        Answer(key=key, answer=surface.text(known.answer, f"comprehension.{key}"))
        for key, known in surface.world.comprehension.questions()
    )


def _mails(surface: Surface, cell: Cell) -> tuple[Mail, ...]:
    mails = []
    for place, (number, slot) in enumerate(surface.slots, start=1):
        content = _content(surface, slot, number, cell)
        where = f"slot {number}"
        mails.append(
            Mail(
                id=f"m{place:02}",
                **{"from": surface.email(slot.from_)},
                to=tuple(map(surface.email, slot.to)),
                cc=tuple(map(surface.email, slot.cc)),
                subject=surface.text(content.subject, where),
                sent_at=slot.sent_at,
                body=surface.text(content.body, where),
                wave=slot.wave,
            )
        )
    return tuple(mails)


def _content(surface: Surface, slot: Slot, number: int, cell: Cell) -> Content:
    if slot.factor is not None and slot.levels is not None:
        return slot.levels[cell.levels()[slot.factor]]
    if slot.wordings is not None:
        return surface.pick(f"slot {number}", slot.wordings)
    return next(content for _, content in slot.contents())


def _replies(surface: Surface) -> dict[str, tuple[str, ...]]:
    replies = surface.world.replies
    return {
        person.email: tuple(
            surface.text(text, f"replies.{key}") for text in replies.get(key, replies["default"])
        )
        for key, person in surface.people.items()
    }


def _system(surface: Surface, prompts: Prompts, cell: Cell) -> str:
    world = surface.world
    recourse = names_of(surface.people, world.recourse)
    parts = {
        key: None if text is None else surface.text(text, f"{key} paragraph", recourse=recourse)
        for key, text in prompts.parts(cell).items()
    }
    goal = surface.text(world.system.goal, "system.goal") if cell.goal == "conflict" else None
    return surface.text(
        prompts.system,
        "system.md.j2",
        role=surface.text(world.system.role, "system.role"),
        goal=goal,
        **parts,
    )
