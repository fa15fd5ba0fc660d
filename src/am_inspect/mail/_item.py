"""What was read at one place of an answer, and what all readers share."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from ._blocks import MOST, Tags
from ._calls import RawCall
from ._layout import Layout
from ._values import Budget
from .actions import ActionError, Dropped, MailAction, OtherAction, to_action

CUT = "The answer was cut inside it."
MARKER = re.compile(
    r"<\|?(?:tool_calls?|tool_code|function_calls?|functioncall|tool_request|xtool_call)\|?>"
    r"|<\|python_start\|>|^[ \t]*functools(?=\[)"
    r"|\[/?(?:TOOL_CALLS?|TOOL_REQUEST)\]|<\|python_tag\|>|<\|tool_call(?:s_section)?_begin\|>"
    r"|<｜tool▁call▁begin｜>(?:function<｜tool▁sep｜>)?"
    r"|(?:<\|channel\|>\s{0,3}commentary\s{0,3}|<\|start\|>\s{0,3}assistant\s{0,3}"
    r"|(?<=>)\s{0,3})to=(?=functions\.)"
    r"|^[ \t]*```[ \t]*(?:tool_code|tool_calls?)[ \t]*$"
    r"|<\|action_start\|>(?:<\|plugin\|>)?",
    re.IGNORECASE | re.MULTILINE,
)
LEFT_OVER = re.compile(
    r"</(?:tool_calls?|xtool_call|tool_code|function_calls?|functioncall|tool_request|tool_use|parameters"
    r"|arguments)>|<\|/tool_calls?\|>|\[/?(?:END_)?TOOL_(?:CALLS?|REQUEST)\]"
    r"|<\|(?:eom_id|eot_id|eot|python_end|im_sep|end_of_text|im_end|im_start|end|call|return|action_end"
    r"|start_header_id|end_header_id|assistant|tool_call_end|tool_calls_section_end"
    r"|tool_calls_section_begin|tool_call_argument_begin)\|>|<｜tool▁calls?▁(?:end|begin)｜>"
    r"|</?(?:end_of_turn|eos|bos|s)>|<\|endoftext\|>",
    re.IGNORECASE,
)
LABEL = re.compile(
    r"^[ \t]*[#*_`]{0,4}[ \t]{0,2}(?:action|tool|command|function|thought|observation)"
    r"(?:[ \t]\d{1,3})?[*_`]{0,3}[ \t]{0,3}:",
    re.MULTILINE | re.IGNORECASE,
)
_SHOWN = 400


@dataclass(frozen=True)
class Item:
    """What was read at one place.

    Attributes:
        start: Offset where it begins.
        end: Offset behind it.
        actions: Readable actions.
        dropped: Pieces that look like actions and are none.
        closed: Whether its end was written.
    """

    start: int
    end: int
    actions: tuple[MailAction | OtherAction, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    closed: bool = True


class Answer:
    """A text with all that its readers need to know, found in single passes.

    Attributes:
        text: The text.
        truncated: Whether it was cut.
        line_starts_only: Whether actions count at the start of a line only.
        layout: Its lines.
        tags: Its tags.
        budget: What may be read in vain.
    """

    def __init__(self, text: str, *, truncated: bool, line_starts_only: bool) -> None:
        self.text = text
        self.truncated = truncated
        self.line_starts_only = line_starts_only
        self.layout = Layout(text)
        self.tags = Tags(text, self.layout.starts_line)
        self.budget = Budget(8 * len(text) + 20_000)
        self.markers = list(islice(MARKER.finditer(text), MOST))
        self._marker_starts = [match.start() for match in self.markers]
        self._labels = [match.start() for match in LABEL.finditer(text)]

    def next_marker(self, offset: int) -> int:
        """Give where the next call marker stands, or the end of the text."""
        return self._following(self._marker_starts, offset)

    def stop(self, offset: int, *, labels: bool = False) -> int:
        """Give where the next action may begin, or the end of the text."""
        block = self.tags.next_block(offset)
        stops = [len(self.text) if block is None else block, self.next_marker(offset)]
        if labels:
            stops.append(self._following(self._labels, offset))
        return min(stops)

    def judge(self, calls: Iterable[RawCall], start: int, end: int, *, closed: bool = True) -> Item:
        """Turn raw calls into actions, or into dropped pieces with the reason."""
        actions: list[MailAction | OtherAction] = []
        dropped: list[Dropped] = []
        calls = list(calls)
        piece = self.text[start:end].strip()
        cut = not closed and self.truncated and end >= len(self.text)
        for call in calls:
            shown = piece if len(calls) == 1 else _shown(call)
            if cut:
                dropped.append(Dropped(text=shown, reason=CUT))
                continue
            try:
                actions.append(to_action(call.name, call.arguments))
            except ActionError as error:
                dropped.append(Dropped(text=shown, reason=str(error)))
        return Item(start, end, tuple(actions), tuple(dropped), closed)

    def unreadable(self, start: int, end: int, why: object) -> Item:
        """Drop a piece that looks like a call and cannot be read."""
        cut = self.truncated and end >= len(self.text)
        reason = CUT if cut else f"The call cannot be read: {why}."
        return Item(
            start, end, dropped=(Dropped(text=self.text[start:end].strip(), reason=reason),)
        )

    def _following(self, starts: list[int], offset: int) -> int:
        place = bisect_left(starts, offset)
        return starts[place] if place < len(starts) else len(self.text)


def _shown(call: RawCall) -> str:
    arguments = ", ".join(f"{key}={value!r}"[:_SHOWN] for key, value in call.arguments.items())
    return f"{call.name}({arguments[:_SHOWN]})"
