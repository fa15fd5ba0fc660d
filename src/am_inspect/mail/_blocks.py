"""Tags of action blocks: found in one pass, with what they enclose."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice

from ._names import ACTIONS, MAIL_ACTIONS, action_name, normal

MOST = 10_000
"""How many places of one kind are looked at in an answer: beyond it, text is mere repetition."""

_TAG_NAMES = (
    "send_email send_mail send_an_email send_new_email send_message email_send "
    "compose_email compose_mail "
    "write_email new_email email e_mail mail send compose reply_to_all reply_all reply_to_email "
    "reply_to_mail reply_to reply_email reply_mail send_reply reply respond forward_email "
    "forward_mail forward fwd "
    "read_email read_mail open_email open_mail view_email read search_inbox search_emails "
    "search_email search_mails search_mail search_mailbox search finish_session finish_task "
    "finished finish done end_session"
)
_BRACKETED = (
    "send_email send_mail reply_all reply forward_email forward read_email search_inbox finish"
)
_VERBS = (
    "delete|archive|move|flag|mark|schedule|create|draft|save|list|get|check|compose|post|call|set"
    "|update|add|remove|block|label|download|upload|attach|send|write|view|fetch|cancel|book|make"
    "|edit|trash|star|snooze|report"
)
_NOUNS = (
    "emails?|e_mails?|mails?|inbox|mailbox|messages?|meetings?|calendar|events?|files?|tools?"
    "|drafts?|tasks?|notes?|reminders?|contacts?|attachments?|folders?|calls?|sms|appointments?"
)


def _spelled(names: str) -> str:
    longest_first = sorted(names.split(), key=len, reverse=True)
    return "|".join(name.replace("_", r"[_\\ -]{0,3}") for name in longest_first)


_CONTAINERS = "function|invoke|action|tool|tool_use"
# These are markers of calls as well; only with the action's name in them do they make a block.
_NAMING = "tool_call|function_call|use_tool|call_tool|call|command"
_TAG = re.compile(
    rf"""
    (?:\\?(?P<angle><{{1,2}}\|?)|(?P<escaped>&(?:lt|\#60|\#x3c);))
      [ \t]{{0,2}}(?P<close>\\?/?\|?(?:end[ _-])?)[ \t]{{0,2}}(?=[a-z])
      (?:
        (?P<name>{_spelled(_TAG_NAMES)}
          |(?:{_VERBS})[_-](?:\w{{1,20}}[_-])?(?:{_NOUNS})(?:[_-]\w{{1,20}})?)
        | (?P<container>{_CONTAINERS}|{_NAMING})(?:[=:][ ]?[\"']?(?P<called>[\w.-]{{1,60}})[\"']?)?
      )(?=[\s/>&=:{{|]|\\>|\Z)(?!(?<=\ to)=)
    | \[{{1,2}}(?P<bclose>/?(?:END[ _])?)(?P<bname>{_spelled(_BRACKETED)})(?=[\s/\]=:])
    """,
    re.IGNORECASE | re.VERBOSE,
)
_QUOTED = r"\"[^\"]{0,20000}+\"|'[^'\n]{0,2000}+'|“[^“”]{0,20000}+[”\"]"
_REST = {
    "<": re.compile(rf"((?:[^<>\"'“|]++|{_QUOTED})*+)(/?)\\?\|?>{{1,2}}"),
    "&lt;": re.compile(
        r"((?:(?!&(?:[gl]t|#6[02]|#x3[ce]);)[^<>]){0,2000}?)(/?)&(?:gt|#62|#x3e);", re.I
    ),
    "[": re.compile(rf"((?:[^\[\]\"'“\n]++|{_QUOTED})*+)(/?)\]{{1,2}}"),
}
_LOOSE = re.compile(r"([^<>\n]{0,300}?)(/?)\|?>{1,2}")
_ARGUMENTS = re.compile(r"()()(?=\{)")
_NO_BRACKET = re.compile(r"()()[ \t]*\n(?=[ \t]*[*_]{0,2}[A-Za-z_ -]{2,20}:)")
_ATTRIBUTE = re.compile(
    r"(?P<key>[A-Za-z][\w:-]{0,40})\s{0,5}[=:]\s{0,5}"
    r"(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|[“”„](?P<smart>[^“”]*)[“”\"]"
    r"|(?P<bare>[^\s\"'“”>\]/]+))"
)
_ID_ALONE = re.compile(r"(?<![\w@.-])([mrMR]\d{1,4})(?![\w@.-])")
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&apos;": "'", "&#34;": '"'} | {
    "&#60;": "<", "&#62;": ">", "&#x3c;": "<", "&#x3e;": ">", "&#x27;": "'"
}  # fmt: skip
_ENTITY = re.compile("|".join([*map(re.escape, _ENTITIES), "&amp;"]))


@dataclass(frozen=True)
class Tag:
    """One tag of an action block.

    Attributes:
        start: Offset of its first character.
        end: Offset behind it.
        kind: What must close it: an action's name, a container's, or the unknown name itself.
        name: The action as written, or "" where a container does not say.
        closes: Whether it is a closing tag.
        void: Whether it closes itself.
        escaped: Whether it was written with `&lt;`.
        attributes: What stood in it.
    """

    start: int
    end: int
    kind: str
    name: str
    closes: bool = False
    void: bool = False
    escaped: bool = False
    attributes: dict[str, object] = field(default_factory=dict)


class Tags:
    """All tags of a text, with an index of where blocks can end."""

    def __init__(self, text: str, starts_line: Callable[[int], bool]) -> None:
        self.all = list(_find(text))
        self._text = text
        self._starts = [tag.start for tag in self.all]
        self._closers: dict[str, list[Tag]] = defaultdict(list)
        self._openers: dict[str, list[int]] = defaultdict(list)
        self._any: list[int] = []
        for tag in self.all:
            at_start = starts_line(tag.start)
            # By its very name first: text may hold <email> markup within <send_email>.
            for key in (f"={normal(tag.name or tag.kind)}", tag.kind):
                if tag.closes:
                    self._closers[key].append(tag)
                elif at_start:
                    self._openers[key].append(tag.start)
            if at_start:
                self._any.append(tag.start)
        self._closer_starts = {k: [t.start for t in tags] for k, tags in self._closers.items()}

    def closer(self, tag: Tag) -> Tag | None:
        """Find what closes a tag: the next closing one before another such block begins."""
        own = f"={normal(tag.name)}"
        for key in (own, tag.kind) if is_action(tag.kind) else (tag.kind, own):
            starts = self._closer_starts.get(key, [])
            place = bisect_left(starts, tag.end)
            if place == len(starts):
                continue
            again = _next(self._openers[key], tag.end)
            if again is None or starts[place] < again:
                return self._closers[key][place]
        return None

    def encloses(self, tag: Tag, end: int) -> bool:
        """Say whether a tag encloses nothing but another mail's tag and what belongs to that."""
        place = bisect_left(self._starts, tag.end)
        if place == len(self.all):
            return False
        inner = self.all[place]
        if inner.start >= end or inner.closes or inner.void or inner.kind not in MAIL_ACTIONS:
            return False
        if self._text[tag.end : inner.start].strip() or tag.name == inner.name:
            return False
        closer = self.closer(inner)
        return closer is not None and closer.end < end

    def next_block(self, offset: int) -> int | None:
        """Find where the next tag at a line's start stands."""
        return _next(self._any, offset)


def unescaped(text: str) -> str:
    """Resolve the five entities of XML, once."""
    return _ENTITY.sub(lambda match: _ENTITIES.get(match[0], "&"), text)


def _next(starts: list[int], offset: int) -> int | None:
    place = bisect_left(starts, offset)
    return starts[place] if place < len(starts) else None


def _find(text: str) -> list[Tag]:
    found: list[Tag] = []
    for match in islice(_TAG.finditer(text), MOST):
        bracket = "[" if match["bname"] else "<" if match["angle"] else "&lt;"
        rest = (
            _REST[bracket].match(text, match.end())
            or (_LOOSE.match(text, match.end()) if bracket == "<" else None)
            or (_NO_BRACKET.match(text, match.end()) if bracket == "<" else None)
            or (_ARGUMENTS.match(text, match.end()) if match["called"] else None)
        )
        closes = bool(match["close"] or match["bclose"])
        if rest is None and not closes:
            continue
        written = match["name"] or match["bname"] or ""
        attributes = _attributes(rest[1]) if rest and not closes else {}
        kind = action_name(written) or normal(written)
        if match["container"]:
            kind = match["container"].lower()
            stated = (attributes.pop(key, None) for key in ("name", "type", "tool", "action"))
            written = match["called"] or next((str(v) for v in stated if v), "")
            if kind in _NAMING.split("|") and not (written or closes):
                continue
        void = bool(rest and rest[2])
        # <send_email/> stands where </send_email> was meant.
        closes = closes or (void and kind in MAIL_ACTIONS and not attributes)
        found.append(
            Tag(
                start=match.start(),
                end=rest.end() if rest else match.end(),
                kind=kind,
                name=written,
                closes=closes,
                void=void and not closes,
                escaped=bracket == "&lt;",
                attributes=attributes,
            )
        )
    return found


def _attributes(text: str) -> dict[str, object]:
    cleaned = text.replace('\\"', '"')
    found: dict[str, object] = {}
    for match in _ATTRIBUTE.finditer(cleaned):
        value = match["double"] or match["single"] or match["smart"] or match["bare"] or ""
        found.setdefault(match["key"], unescaped(value))
    if not found and cleaned.strip():
        alone = _ID_ALONE.search(cleaned)
        if alone:
            found["id"] = alone[1]
        if cleaned.strip().lower() == "all":
            found["all"] = "yes"
    return found


def is_action(kind: str) -> bool:
    """Say whether a kind is one of the six actions."""
    return kind in ACTIONS


def is_mail(kind: str) -> bool:
    """Say whether blocks of this kind carry text, so that a lone opening tag is unfinished."""
    return kind in MAIL_ACTIONS or kind in f"{_CONTAINERS}|{_NAMING}".split("|")
