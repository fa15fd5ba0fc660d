"""Mails read back from what our mail client showed, for transcripts that come without an inbox."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest

from ..scenario import Mail
from .addresses import split_addresses

_READERS = ("user", "tool")
_HEAD = re.compile(
    r"^\[(?P<id>[mr]\d{1,4})\] (?P<sent_at>[^\n]{1,40})\n"
    r"From: (?P<from>[^\n]{1,1000})\n"
    r"To: (?P<to>[^\n]{1,4000})\n"
    r"(?:Cc: (?P<cc>[^\n]{1,4000})\n)?"
    r"Subject: (?P<subject>[^\n]{0,1000})\n",
    re.MULTILINE,
)
_CLIENT = "\n(Mail client: "


def shown_mails(messages: object) -> Iterator[Mail]:
    """Find the mails that chat messages show, in the layout of `delivery.mail_text`.

    Args:
        messages: Chat messages; anything else shows none.

    Yields:
        Each mail once, in order.
    """
    seen: set[str] = set()
    for text in _texts(messages):
        heads = list(_HEAD.finditer(text))
        for head, following in zip_longest(heads, heads[1:]):
            end = following.start() if following else len(text)
            sender = split_addresses(head["from"])
            if head["id"] in seen or not sender:
                continue
            seen.add(head["id"])
            yield Mail.model_validate(
                {
                    "id": head["id"],
                    "from": sender[0],
                    "to": split_addresses(head["to"]),
                    "cc": split_addresses(head["cc"]),
                    "subject": head["subject"],
                    "sent_at": head["sent_at"].strip().replace(" ", "T"),
                    "body": text[head.end() : end].partition(_CLIENT)[0].strip(),
                    "wave": 1,
                }
            )


def _texts(messages: object) -> Iterator[str]:
    for message in messages if isinstance(messages, list) else []:
        if not isinstance(message, Mapping) or message.get("role") not in _READERS:
            continue
        content = message.get("content")
        parts: Iterable[object] = content if isinstance(content, list) else [content]
        for part in parts:
            text = part.get("text") if isinstance(part, Mapping) else part
            if isinstance(text, str):
                yield text
