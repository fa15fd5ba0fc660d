"""An answer as the readers take it: line ends alike, nothing invisible, no other speaker."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ._dialects import translated

_LINE_END = re.compile(r"\r\n?")
# Without width and without meaning; joiners, which change how letters look, stay.
_INVISIBLE = str.maketrans(
    {"\u200b": None, "\u2060": None, "\ufeff": None, "\u200e": None, "\u200f": None, "\u00ad": None}
)
_WIDE_INDENT = re.compile(
    r"^[ \t]*[\u00a0\u202f\u2007\u2002\u2003\u3000][\s\u00a0]{0,20}(?=[<\[*_]|\w{1,20}[ \t]?[:：])",
    re.MULTILINE,
)
_OTHER_SPEAKER = re.compile(
    r"<\|im_start\|>\s{0,3}(?:user|system|tool|observation)\b"
    r"|<start_of_turn>\s{0,3}(?:user|system|tool)\b|<\|turn>\s{0,3}(?:user|system|tool)\b"
    r"|<\|start_header_id\|>\s{0,3}(?:user|system|tool|ipython)\b"
    r"|<\|(?:user|system|observation|tool_response)\|>|\[/?INST\]|<<SYS>>|\[TOOL_RESULTS\]"
    r"|<[|｜](?:User|begin▁of▁sentence)[|｜]>|<\|start\|>\s{0,3}(?:user|system|functions\.)"
    r"|✿(?:RESULT|RETURN)✿",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class OwnTurn:
    """An answer, divided.

    Attributes:
        text: What the agent wrote in its own turn.
        beyond: What stands behind a token that begins somebody else's turn: a model that was
            not stopped plays the client as well, and acts on what it made up.
    """

    text: str
    beyond: str


def plain(text: str) -> str:
    """Give a text with line feeds for line ends, plain indents, and nothing without width."""
    text = _LINE_END.sub("\n", text).translate(_INVISIBLE)
    return translated(_WIDE_INDENT.sub(_indent, text))


def own_turn(text: str) -> OwnTurn:
    """Divide an answer where another speaker's turn begins, if one does."""
    start = re.compile(r"\s*(?:\[/INST\]|<\|im_start\|>\s*system.{0,2000}?<\|im_end\|>)?", re.S)
    opening = start.match(text)
    found = _OTHER_SPEAKER.search(text, opening.end() if opening else 0)
    if found is None:
        return OwnTurn(text, "")
    return OwnTurn(text[: found.start()], text[found.start() :])


def _indent(match: re.Match[str]) -> str:
    return "".join(char if char in " \t\n" else " " for char in match[0])
