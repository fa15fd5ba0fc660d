"""Where things stand in an answer: lines, list items, quotations, code fences."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

_PREFIX = re.compile(r"[ \t]*(?P<item>[-*+•][ \t]+|\d{1,3}[.)][ \t]+)?[*_`#]{0,4}[ \t]{0,2}")
_FENCE_BEFORE = re.compile(r"(?:^|\n)[ \t]*(?:`{3,8}|~{3,8})[\w +-]{0,20}[ \t]*\n[ \t]*\Z")
_FENCE_AFTER = re.compile(r"\s{0,40}(?:`{3,8}|~{3,8})[ \t]*(?=\n|\Z)|[ \t]{0,9}[`*_]{1,3}(?=\s|\Z)")
_REST_BLANK = re.compile(r"[ \t`*_]*[.!]?[ \t`*_]*(?=\n|\Z|<|&lt;|\[)")
_FENCE_LINE = re.compile(r"^[ \t]*(?:`{3,8}|~{3,8})(?=[ \t]*$)", re.MULTILINE)
_COMMENT_OPENS = re.compile(r"^[ \t]*<!--", re.MULTILINE)
_WINDOW = 120
_CODE_WINDOW = 2000


class Layout:
    """The lines of a text, and questions about what stands around an offset."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._lines = [0, *(match.end() for match in re.finditer("\n", text))]
        self._comments = list(_comments(text))
        ends = [range(match.start(), match.end()) for match in _FENCE_LINE.finditer(text)]
        self._fence_ends = {
            tick: [span for span in ends if text[span.stop - 1] == tick] for tick in "`~"
        }

    def line_start(self, offset: int) -> int:
        """Give where the line of an offset begins."""
        return self._lines[bisect_right(self._lines, offset) - 1]

    def line_end(self, offset: int) -> int:
        """Give where the line of an offset ends, its line break left out."""
        place = bisect_right(self._lines, offset)
        return self._lines[place] - 1 if place < len(self._lines) else len(self.text)

    def starts_line(self, offset: int) -> bool:
        """Say whether only list marks, emphasis or white space stand before it in its line."""
        begin = self.line_start(offset)
        return offset - begin <= _WINDOW and bool(_PREFIX.fullmatch(self.text[begin:offset]))

    def is_item(self, offset: int) -> bool:
        """Say whether its line is an item of a list."""
        begin = self.line_start(offset)
        match = _PREFIX.match(self.text[begin : min(offset, begin + _WINDOW)])
        return bool(match and match["item"])

    def ends_line(self, offset: int) -> bool:
        """Say whether nothing but another tag or a line's end follows."""
        return _REST_BLANK.match(self.text, offset) is not None

    def in_quotation(self, offset: int) -> bool:
        """Say whether it stands in a quoted line, a comment, quotation marks or inline code."""
        begin = self.line_start(offset)
        place = bisect_right(self._comments, offset, key=lambda span: span.start)
        if place and offset < self._comments[place - 1].stop:
            return True
        if self.text[begin : begin + 12].lstrip().startswith((">", "|", "&gt;")):
            return True
        if begin == offset:
            return False
        prefix = self.text[max(begin, offset - _CODE_WINDOW) : offset]
        ticks = prefix.replace("```", "").count("`")
        if ticks % 2 == 1 and prefix.strip("` \t*-"):
            return True
        return prefix[-1:] in ("'", '"', "“", "‘", "«")

    def fence_end(self, offset: int, tick: str) -> range | None:
        """Give the line that ends a code fence which is open at an offset."""
        ends = self._fence_ends[tick]
        place = bisect_left(ends, offset, key=lambda span: span.start)
        return ends[place] if place < len(ends) else None

    def fence_before(self, offset: int) -> int | None:
        """Give where a code fence begins that opens in the line above."""
        window = max(0, offset - 60)
        match = _FENCE_BEFORE.search(self.text[window:offset])
        return None if match is None else window + match.start()

    def widened(self, start: int, end: int, *, floor: int) -> tuple[int, int]:
        """Take the fence, list mark and emphasis around a piece into it.

        Args:
            start: Where the piece begins.
            end: Offset behind it.
            floor: What stands before this offset is taken.

        Returns:
            The wider piece.
        """
        before = self.fence_before(start)
        start = start if before is None else max(floor, before)
        line = self.line_start(start)
        if floor <= line and _PREFIX.fullmatch(self.text[line : min(start, line + _WINDOW)]):
            start = line
        after = _FENCE_AFTER.match(self.text, end)
        return start, after.end() if after else end


def _comments(text: str) -> Iterator[range]:
    at = 0
    while found := _COMMENT_OPENS.search(text, at):
        end = text.find("-->", found.end())
        if end < 0:
            return
        yield range(found.start(), end)
        at = end
