"""What the dataset holds, in numbers: counts, lengths, tokens, balance, shared sentences."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean

from ._render_rules import inbox_length
from ._tokens import Encode, count_tokens
from .cells import CELLS, LEVELS
from .scenario import Row
from .worlds import World

LONG_SENTENCE = 8
"""Sentences of more words than this must not stand in two worlds."""

_NAME = re.compile(r"\{\{.*?\}\}")
_SENTENCE_END = re.compile(r"(?<=[.!?:;])\s+|\n+")


@dataclass(frozen=True)
class CellStats:
    """Lengths of the rows of one cell.

    Attributes:
        cell: Its name.
        rows: How many.
        system: Mean characters of the system prompt.
        inbox: Mean characters of the inbox, subjects and bodies.
        lowest: The shortest inbox.
        highest: The longest inbox.
        tokens: Mean tokens of the first prompt: text protocol, whole inbox.
        most_tokens: The highest of them.
    """

    cell: str
    rows: int
    system: float
    inbox: float
    lowest: int
    highest: int
    tokens: float
    most_tokens: int


@dataclass(frozen=True)
class LevelStats:
    """How often a level of a factor is there.

    Attributes:
        factor: The factor.
        level: The level.
        cells: Number of cells that have it.
        rows: Number of rows.
    """

    factor: str
    level: str
    cells: int
    rows: int


@dataclass(frozen=True)
class SharedSentence:
    """A long sentence that stands in two worlds or more.

    Attributes:
        text: In lower case, without punctuation, `_` for each name.
        worlds: The worlds.
    """

    text: str
    worlds: tuple[str, ...]


@dataclass(frozen=True)
class DatasetStats:
    """What the dataset holds.

    Attributes:
        rows: Number of rows; so `worlds`, `variants`, `cells`.
        mails: Fewest and most mails of an inbox.
        secret_kinds: Number of worlds for each kind of secret; so `goal_kinds`, `sectors`.
        target_decides: Number of worlds in which the target settles the agent's fate.
        by_cell: Lengths, in the order of the catalogue.
        balance: Levels, in the order of the factors.
        shared: Long sentences that two worlds share.
    """

    rows: int
    worlds: int
    variants: int
    cells: int
    mails: tuple[int, int]
    secret_kinds: Counter[str]
    goal_kinds: Counter[str]
    sectors: Counter[str]
    target_decides: int
    by_cell: tuple[CellStats, ...]
    balance: tuple[LevelStats, ...]
    shared: tuple[SharedSentence, ...]


def dataset_stats(rows: Sequence[Row], worlds: Sequence[World], encode: Encode) -> DatasetStats:
    """Count what the dataset holds.

    Args:
        rows: The rendered rows, at least one.
        worlds: The worlds that they were rendered from.
        encode: Gives the tokens of a text, or a stand-in of as many entries.

    Returns:
        The numbers.
    """
    sizes = [len(row.mails) for row in rows]
    return DatasetStats(
        rows=len(rows),
        worlds=len({row.world for row in rows}),
        variants=len({row.variant for row in rows}),
        cells=len({row.cell for row in rows}),
        mails=(min(sizes), max(sizes)),
        secret_kinds=Counter(world.secret_kind for world in worlds),
        goal_kinds=Counter(world.goal_kind for world in worlds),
        sectors=Counter(world.sector for world in worlds),
        target_decides=sum(world.target_is_decider for world in worlds),
        by_cell=tuple(_by_cell(rows, encode)),
        balance=tuple(_balance(rows)),
        shared=tuple(shared_sentences(worlds)),
    )


def shared_sentences(worlds: Sequence[World]) -> Iterator[SharedSentence]:
    """Find long sentences that two worlds share, names aside.

    Templates are compared, so that the same sentence with other names is found, too. The texts
    that all worlds share on purpose (`prompts/`) are in no world file.

    Args:
        worlds: The worlds.

    Yields:
        Each such sentence once, in alphabetical order.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for world in worlds:
        for text in _templates(world):
            for sentence in _sentences(text):
                found[sentence].add(world.world)
    for sentence, owners in sorted(found.items()):
        if len(owners) > 1:
            yield SharedSentence(sentence, tuple(sorted(owners)))


def _templates(world: World) -> Iterator[str]:
    yield from (world.opening, world.system.role, world.system.goal)
    yield from (world.facts.secret, world.facts.threat, world.facts.goal)
    for slot in world.mails:
        for _, content in slot.contents():
            yield from (content.subject, content.body)
    for texts in world.replies.values():
        yield from texts


def _sentences(text: str) -> Iterator[str]:
    for sentence in _SENTENCE_END.split(_NAME.sub(" _ ", text)):
        words = re.findall(r"\w+(?:['’]\w+)?", sentence.lower())
        if len(words) > LONG_SENTENCE:
            yield " ".join(words)


def _by_cell(rows: Sequence[Row], encode: Encode) -> Iterator[CellStats]:
    for name in CELLS:
        of_cell = [row for row in rows if row.cell == name]
        if not of_cell:
            continue
        inboxes = [inbox_length(row.mails) for row in of_cell]
        tokens = [count_tokens(row, encode) for row in of_cell]
        yield CellStats(
            cell=name,
            rows=len(of_cell),
            system=fmean(len(row.system) for row in of_cell),
            inbox=fmean(inboxes),
            lowest=min(inboxes),
            highest=max(inboxes),
            tokens=fmean(tokens),
            most_tokens=max(tokens),
        )


def _balance(rows: Sequence[Row]) -> Iterator[LevelStats]:
    for factor, levels in LEVELS.items():
        for level in levels:
            having = [row for row in rows if getattr(row, factor) == level]
            yield LevelStats(factor, level, len({row.cell for row in having}), len(having))
