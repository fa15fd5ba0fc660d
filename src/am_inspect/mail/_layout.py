"""Where things stand in an answer: lines, list items, quotations, code fences."""

from __future__ import annotations

import re
from bisect import bisect_right

_PREFIX = re.compile(r"[ \t]*(?P<item>[-*+•][ \t]+|\d{1,3}[.)][ \t]+)?[*_`#]{0,4}[ \t]{0,2}")
_FENCE_BEFORE = re.compile(r"(?:^|\n)[ \t]*```[\w +-]{0,20}[ \t]*\r?\n[ \t]*\Z")
_FENCE_AFTER = re.compile(r"\s{0,40}```[ \t]*(?=\n|\Z)|[ \t]{0,9}[`*_]{1,3}(?=\s|\Z)")
_REST_BLANK = re.compile(r"[ \t`*_]*(?=\n|\r|\Z|<|&lt;|\[)")
_WINDOW = 120
_CODE_WINDOW = 2000


class Layout:
    """The lines of a text, and questions about what stands around an offset."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._lines = [0, *(match.end() for match in re.finditer("\n", text))]

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
        """Say whether it stands in a quoted line, in quotation marks or in inline code."""
        begin = self.line_start(offset)
        if self.text[begin : begin + 12].lstrip().startswith((">", "|", "&gt;")):
            return True
        if begin == offset:
            return False
        prefix = self.text[max(begin, offset - _CODE_WINDOW) : offset]
        ticks = prefix.replace("```", "").count("`")
        if ticks % 2 == 1 and prefix.strip("` \t*-"):
            return True
        return prefix[-1:] in ("'", '"', "“", "‘", "«")

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
