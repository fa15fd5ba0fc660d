"""One header line of a mail, however it is written: `**To:** x`, `- to = x`, `| To | x |`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ._names import FOREIGN, normal

_HEADERS = {
    "to": "to", "recipient": "to", "recipients": "to", "to_address": "to", "email": "to",
    "send_to": "to", "to_email": "to",
    "cc": "cc", "bcc": "bcc", "copy": "cc",
    "subject": "subject", "subject_line": "subject", "title": "subject",
    "email_subject": "subject",
    "body": "body", "message": "body", "content": "body", "text": "body", "email_body": "body",
    "message_body": "body", "mail_body": "body", "note": "body", "email_content": "body",
    "message_text": "body",
    "id": "id", "email_id": "id", "mail_id": "id", "message_id": "id", "in_reply_to": "id",
    "reply_to_id": "id", "reply_to": "id", "original_id": "id", "replying_to": "id",
    "original_email_id": "id", "original_email": "id", "forwarding": "id",
    "all": "all", "reply_all": "all",
    "query": "query", "search": "query", "words": "query", "keywords": "query",
    "from": "", "date": "", "sent": "", "priority": "", "importance": "", "attachments": "",
    "attachment": "", "time": "", "sender": "", "headers": "",
}  # fmt: skip
_ID = re.compile(r"#?[mr]\d{1,4}", re.I)
_NAME = r"[^\s:：=<>|@,;.!?\"'*_`()\[\]{}\d•+-]"
_LINE = re.compile(
    r"[ \t]*+(?:[-*•+][ \t]+|\d{1,2}[.)][ \t]+|\#{1,6}[ \t]+)?(?P<mark>[*_`\"'“]{0,3})"
    rf"(?P<name>{_NAME}(?:{_NAME}|[_ -](?={_NAME})){{0,22}})"
    r"(?P<mark2>[*_`\"'”]{0,3})[ \t]*+(?:[:：]|=(?!=))(?P<value>[^\n]*)"
    rf"|[ \t]*+\|[ \t]*(?P<mark3>[*_`]{{0,3}})(?P<cell>{_NAME}(?:{_NAME}|[_ -](?={_NAME})){{0,22}})"
    r":?[*_`]{0,3}:?[ \t]*\|(?P<cell_value>[^\n|]*)\|?[ \t]*(?=\n|\Z)"
)


@dataclass(frozen=True)
class HeaderLine:
    """A line that looks like a header.

    Attributes:
        name: Our name of the argument, "" for one that means nothing to us, or nothing at all
            where the word is none.
        shown: The word as it was written, with what stands around it.
        value: What follows the colon, without emphasis that spans the line.
        value_at: Offset of what follows the colon.
        mark: Emphasis that opens before the word and does not close behind it.
    """

    name: str | None
    shown: str
    value: str
    value_at: int
    mark: str


def header_line(text: str, at: int) -> HeaderLine | None:
    """Read the header line that begins at an offset.

    Args:
        text: All of it.
        at: Where the line begins.

    Returns:
        The line; nothing if it does not even look like one.
    """
    match = _LINE.match(text, at)
    if match is None:
        return None
    if match["cell"]:
        value, value_at = match["cell_value"].strip(), match.start("cell_value")
        return HeaderLine(_argument(match["cell"], value), "|", value, value_at, "")
    value = _unmarked(match)
    shown = text[at : match.start("value")].strip()
    mark = match["mark"] if not match["mark2"] else ""
    return HeaderLine(_argument(match["name"], value), shown, value, match.start("value"), mark)


def _argument(word: str, value: str) -> str | None:
    name = normal(word)
    if name == "re":
        return "id" if _ID.fullmatch(value) else "subject"
    if name in _HEADERS:
        return _HEADERS[name]
    foreign = FOREIGN.get(name)
    # "An: ...", "Do: ..." begin sentences, too: as recipients they want an address.
    bare = foreign in ("to", "cc", "bcc") and "@" not in value
    return None if bare and (foreign == "to" or value) else foreign


def header_name(word: str) -> str | None:
    """Give our argument for a header's word, "" if it means nothing, nothing if it is none."""
    return _argument(word, "@")


def _unmarked(match: re.Match[str]) -> str:
    value, mark = match["value"].strip(), match["mark"] or match["mark2"]
    if not mark:
        return value
    if match["mark"] and not match["mark2"]:
        # **To:** x closes after the colon, **To: x** at the end of the line.
        if value.startswith(mark):
            return value[len(mark) :].strip()
        return value.removesuffix(mark).strip()
    return value.rstrip(",").strip("\"'“”") if mark in ('"', "'", "“", "”") else value
