"""One pass over an answer: where actions may begin, in order and without overlap."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from ._blocks import MOST, Tag
from ._item import LEFT_OVER, MARKER, Answer, Item
from ._lines import LINE_CALL, read_line_call
from ._marked import read_marked
from ._tagged import read_block


def scan(text: str, *, truncated: bool = False, line_starts_only: bool = False) -> Iterator[Item]:
    """Give what can be read in an answer.

    Args:
        text: The answer, without private reasoning.
        truncated: Whether it was cut.
        line_starts_only: Whether actions count at the start of a line only.

    Yields:
        Items in order; what stands between them is words.
    """
    answer = Answer(text, truncated=truncated, line_starts_only=line_starts_only)
    position = 0
    for start, found in _candidates(answer):
        if start < position:
            continue
        item = _read(answer, found, position)
        if item is None:
            continue
        if item.actions or item.dropped:
            first, last = answer.layout.widened(item.start, item.end, floor=position)
            item = replace(item, start=first, end=last)
        position = item.end
        yield item


def _candidates(answer: Answer) -> list[tuple[int, Tag | re.Match[str]]]:
    found: list[tuple[int, Tag | re.Match[str]]] = [(tag.start, tag) for tag in answer.tags.all]
    found += [(match.start(), match) for match in answer.markers]
    for pattern in (LINE_CALL, LEFT_OVER):
        found += [(match.start(), match) for match in islice(pattern.finditer(answer.text), MOST)]
    return sorted(found, key=lambda pair: pair[0])


def _read(answer: Answer, found: Tag | re.Match[str], position: int) -> Item | None:
    if isinstance(found, Tag):
        return read_block(answer, found, position)
    if found.re is MARKER:
        return read_marked(answer, found)
    if found.re is LEFT_OVER:
        return Item(found.start(), found.end())
    return read_line_call(answer, found)
