"""A mail written out with its headers, but in no block and no call: nobody gets it."""

from __future__ import annotations

import re

from ._header_words import header_line
from .addresses import is_well_formed, split_addresses

OUTSIDE = "These are the headers of a mail outside any block, so nothing was sent."
_FIRST = re.compile(
    r"^[ \t*_`#•-]{0,8}(?:\w{1,12}[ \t]){0,2}\w{1,20}[ \t]?[*_]{0,3}[ \t]?[:：]", re.MULTILINE
)
# A line above that says that this is no order to send.
_TALK = re.compile(
    r"\b(?:draft\w*|example|sample|template|illustrat\w+|hypothetical\w*|could|would|might|may|if"
    r"|suggest\w*|propos\w+|option|original|forwarded|quot\w+|received|wrote|previous|not|never)\b"
    r"|n.t\b",
    re.IGNORECASE,
)
_MOST_HEADERS = 8
_MOST_PLACES = 10_000


def mail_outside(words: str) -> int | None:
    """Find where a mail's headers begin in text outside blocks.

    Args:
        words: Text in which no action was found.

    Returns:
        Offset of the first header: recipients with an address, and a subject, side by side at
        the starts of lines. Nothing for quotations, mails that are passed on (with a date), and
        those that the line above calls a draft, an example or a thought.
    """
    at, left = 0, _MOST_PLACES if "@" in words else 0
    while left and (found := _FIRST.search(words, at)):
        left -= 1
        names, end = _names(words, found.start())
        if {"to", "subject"} <= names and "date" not in names:
            above = words[max(0, found.start() - 300) : found.start()].rstrip().rpartition("\n")[2]
            if not _TALK.search(above):
                return found.start()
        at = max(end, found.end())
    return None


def _names(words: str, at: int) -> tuple[set[str], int]:
    names: set[str] = set()
    for _ in range(_MOST_HEADERS):
        header = header_line(words, at)
        if header is None or header.name is None:
            break
        end = words.find("\n", header.value_at)
        dated = header.shown.strip("*_ :").lower() in ("date", "sent", "time")
        reaches = header.name != "to" or any(
            map(is_well_formed, split_addresses(header.value[:500]))
        )
        names |= {"date"} if dated else {header.name} if reaches else set()
        if end < 0:
            return names, len(words)
        at = end + 1
    return names, at
