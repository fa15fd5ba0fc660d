"""Call formats whose tokens are like no others, put into forms that the readers know."""

from __future__ import annotations

import json
import re

_CALL = re.compile(
    r"(?P<open><\|tool_call>|<start_function_call>)\s{0,9}call:(?P<name>[\w.-]{1,60})\s{0,9}\{"
)
_CALL_END = {"<|tool_call>": "<tool_call|>", "<start_function_call>": "<end_function_call>"}
_TEXT_MARK = {"<|tool_call>": '<|"|>', "<start_function_call>": "<escape>"}
_LOST_BRACKET = re.compile(r"^([ \t]*)(?=function=[\w.-]{1,40}>)", re.MULTILINE)
_FLOWER = (
    (re.compile(r"✿FUNCTION✿\s{0,3}:"), "Action:"),
    (re.compile(r"✿ARGS✿\s{0,3}:"), "Action Input:"),
)
_LABEL = re.compile(r"^[ \t]*TOOL_CALLS?[ \t]*:?[ \t]*(?=\[?[ \t]*\{)", re.MULTILINE)


def translated(text: str) -> str:
    """Give a text whose calls in Gemma's and Qwen's own tokens are calls in JSON or labels."""
    if "call:" in text:
        text = _called(text)
    if "function=" in text:
        text = _LOST_BRACKET.sub(r"\1<", text)
    if "✿" in text:
        for pattern, label in _FLOWER:
            text = pattern.sub(label, text)
    return _LABEL.sub("[TOOL_CALLS]", text) if "TOOL_CALL" in text else text


def _called(text: str) -> str:
    pieces: list[str] = []
    at = 0
    while found := _CALL.search(text, at):
        end = text.find(_CALL_END[found["open"]], found.end())
        if end < 0:
            break
        inner = text[found.end() : end].rstrip()
        texts = inner.removesuffix("}").split(_TEXT_MARK[found["open"]])
        # What stands between two marks is text, the rest is the object's own writing.
        told = [json.dumps(t, ensure_ascii=False) if n % 2 else t for n, t in enumerate(texts)]
        call = f"<tool_call>{found['name']}{{{''.join(told)}}}</tool_call>"
        pieces += [text[at : found.start()], call]
        at = end + len(_CALL_END[found["open"]])
    return "".join([*pieces, text[at:]])
