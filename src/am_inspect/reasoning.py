"""Private reasoning, split off from what an agent says and does: the one place for it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

_NAMES = (
    r"think|thinking|thinks|thought|thoughts|scratch_?pad(?:_\w{1,40})?|reasoning|reflection"
    r"|internal(?:_\w{1,40})?|private(?:_\w{1,40})?|inner_monologue|analysis"
    r"|\w{1,30}_(?:thinking|thoughts?|reasoning|scratchpad|monologue|reflections?)"
    r"|(?:thought|thinking|reasoning)_\w{1,40}|chain_of_thought|cot|monologue|deliberations?"
    r"|deliberate|introspection|reflect|reflections|rumination"
)
# Words that a mail may hold as well ("<reason>" in a template): they count only as a pair, the
# opening one at the start of a line.
_SOFT_NAMES = "plan|planning|reason|strategy|considerations?|brainstorm|assessment|notes_to_self"
# Square brackets also mark subjects ("[Internal] rota"), so fewer names count there.
_BRACKET_NAMES = r"think|thinking|thought|thoughts|scratch_?pad(?:_\w{1,40})?|reasoning"
_TAG = re.compile(
    rf"""
      (?P<topen><\|(?:begin_of_thought|start_thinking)\|>)
    | (?P<tclose><\|(?:end_of_thought|end_thinking)\|>)
    | <\|?\ {{0,3}}(?P<close>/?)\|?\ {{0,3}}(?=[a-z])(?:\w{{1,10}}:)?
      (?P<name>{_NAMES})(?:\s[^<>]{{0,200}})?\|?>
    | <(?P<sclose>/?)(?P<sname>{_SOFT_NAMES})>
    | ◁(?P<kclose>/?)(?P<kname>think)▷
    | ^[ \t]*(?:`{{3,8}}|~{{3,8}})[ \t]*
      (?P<fence>think|thinking|thoughts?|reasoning|scratchpad)[ \t]*$
    | &lt;\ {{0,3}}(?P<eclose>/?)\ {{0,3}}(?P<ename>{_NAMES})\ {{0,3}}&gt;
    | \[\ {{0,3}}(?P<bclose>/?)\ {{0,3}}(?P<bname>{_BRACKET_NAMES})\ {{0,3}}\]
    | (?P<copen><\|channel\|?>\ {{0,3}}(?:analysis|thought)(?:\ {{0,3}}<\|message\|>)?)
    | (?P<cclose><channel\|>)
    | (?P<cturn><\|(?:channel|start|end|return|call)\|>)
    """,
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)
_SOFT = re.compile(rf"<(?P<close>/?)(?P<name>{_SOFT_NAMES})>", re.IGNORECASE)
_FENCE_END = re.compile(r"^[ \t]*(?:`{3,8}|~{3,8})[ \t]*$", re.MULTILINE)
# What is left of a channel format once its reasoning is out; a call's channel stays.
_SHELL = re.compile(
    r"<\|channel\|>\s{0,3}(?:final|commentary)\s{0,3}<\|message\|>"
    r"|<\|start\|>\s{0,3}assistant(?!\s{0,3}to=)|<\|(?:end|return)\|>",
    re.IGNORECASE,
)
# The same format after a tokenizer has left its special tokens out.
_BARE_CHANNELS = re.compile(r"\A\s*analysis(?=[A-Z\W])")
_BARE_FINAL = re.compile(r"assistant(?:final|commentary)")


@dataclass(frozen=True)
class Split:
    """An answer, divided.

    Attributes:
        reasoning: What the agent thought in private, without the tags.
        visible: The rest: its words and actions.
        unclosed: Whether reasoning was opened and never closed.
    """

    reasoning: str
    visible: str
    unclosed: bool


@dataclass(frozen=True)
class _Tag:
    start: int
    end: int
    opens: bool
    kind: str


def split_reasoning(
    text: str, *, truncated: bool, first_action: Callable[[str], int | None]
) -> Split:
    """Divide an answer into private reasoning and the rest. Never raises; linear in time.

    Reasoning stands between tags such as `<think>`, `<scratchpad>`, `[THINK]` or in an
    analysis channel; tags may nest and repeat. All that stands before a closing tag that
    nothing opened is reasoning. After an opening tag that nothing closes all is reasoning if
    the answer was cut or holds no complete action; else reasoning ends where the first
    complete action begins.

    Args:
        text: The answer.
        truncated: Whether it was cut at the token limit.
        first_action: Gives the offset of the first complete action block at a line's start,
            or nothing.

    Returns:
        The parts; pieces of either are joined with an empty line.
    """
    private: list[str] = []
    visible: list[str] = []
    open_kinds: list[str] = []
    counts: Counter[str] = Counter()
    position = 0
    for tag in _tags(text):
        piece = text[position : tag.start]
        position = tag.end
        if tag.opens:
            (private if open_kinds else visible).append(piece)
            # A template that opens the reasoning, and a model that opens it again.
            if not (open_kinds and open_kinds[-1] == tag.kind and not piece.strip()):
                open_kinds.append(tag.kind)
                counts[tag.kind] += 1
        elif open_kinds:
            private.append(piece)
            # Models mix the names up: a closing tag that fits nothing closes the innermost.
            wanted = tag.kind if counts[tag.kind] else open_kinds[-1]
            closed = ""
            while closed != wanted:
                closed = open_kinds.pop()
                counts[closed] -= 1
        else:
            private += [*visible, piece]
            visible = []
    rest = text[position:]
    if not open_kinds:
        return Split(_paragraphs(private), _rejoin([*visible, rest]), unclosed=False)
    start = None if truncated else first_action(rest)
    if start is None:
        return Split(_paragraphs([*private, rest]), _rejoin(visible), unclosed=True)
    return Split(
        _paragraphs([*private, rest[:start]]), _rejoin([*visible, rest[start:]]), unclosed=True
    )


def _tags(text: str) -> list[_Tag]:
    bare = _BARE_CHANNELS.match(text)
    final = _BARE_FINAL.search(text) if bare else None
    if bare and final:
        return [
            _Tag(bare.start(), bare.end(), opens=True, kind="channel"),
            _Tag(final.start(), final.end(), opens=False, kind="channel"),
        ]
    found: list[_Tag] = []
    in_channel = False
    soft = _soft_pairs(text)
    fenced_to = 0
    for match in _TAG.finditer(text):
        if match.start() < fenced_to:
            continue
        groups = match.groupdict()
        name = groups["name"] or groups["ename"] or groups["bname"] or groups["kname"]
        if name:
            if match[0].endswith("/>") or _is_mentioned(text, match.start(), match.end()):
                continue
            closes = groups["close"] or groups["eclose"] or groups["bclose"] or groups["kclose"]
            kind = name.lower().partition("_")[0].removesuffix("s")
            found.append(_Tag(match.start(), match.end(), not closes, kind))
        elif groups["sname"]:
            if match.start() in soft:
                kind = groups["sname"].lower()
                found.append(_Tag(match.start(), match.end(), not groups["sclose"], kind))
        elif groups["fence"]:
            end = _FENCE_END.search(text, match.end())
            found.append(_Tag(match.start(), match.end(), opens=True, kind="fence"))
            fenced_to = end.start() if end else len(text)
            if end:
                found.append(_Tag(end.start(), end.end(), opens=False, kind="fence"))
        elif groups["topen"] or groups["tclose"]:
            found.append(_Tag(match.start(), match.end(), bool(groups["topen"]), "block"))
        elif groups["copen"]:
            if not in_channel:
                found.append(_Tag(match.start(), match.end(), opens=True, kind="channel"))
            in_channel = True
        elif in_channel:
            end_at = match.end() if groups["cclose"] else match.start()
            found.append(_Tag(match.start(), end_at, opens=False, kind="channel"))
            in_channel = False
    return found


def _soft_pairs(text: str) -> set[int]:
    """Give where tags of the soft names stand that make pairs."""
    pairs: set[int] = set()
    opened: dict[str, int] = {}
    for match in _SOFT.finditer(text):
        name = match["name"].lower()
        if not match["close"]:
            before = text[max(0, match.start() - 20) : match.start()].rpartition("\n")
            if not before[2].strip(" \t*-") and (before[1] or match.start() <= len(before[2])):
                opened.setdefault(name, match.start())
        elif name in opened:
            pairs |= {opened.pop(name), match.start()}
    return pairs


def _is_mentioned(text: str, start: int, end: int) -> bool:
    # `<think>` in backticks is talk about the tag, not the tag.
    return text[start - 1 : start] == "`" and text[end : end + 1] == "`"


def _paragraphs(pieces: list[str]) -> str:
    return "\n\n".join(piece.strip() for piece in pieces if piece.strip())


def _rejoin(pieces: list[str]) -> str:
    parts: list[str] = []
    for piece in (_SHELL.sub("", piece) for piece in pieces):
        # What follows reasoning begins a line, so that an action there is seen as one.
        if parts and parts[-1][-1:] not in ("", "\n") and piece[:1] not in ("", "\n"):
            parts.append("\n")
        parts.append(piece)
    return "".join(parts).strip()
