"""Why a model cannot be made or asked, as one sentence with what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from .diagnosis import Finding

_MARKUP = re.compile(r"\[/?[a-z]+\]")
_REQUEST = re.compile(r"\s*Request:\s*\n")
_LONGEST = 300


@dataclass(frozen=True)
class Fault:
    """What is wrong.

    Attributes:
        kind: A key of `faults.yaml`.
        says: One sentence.
        mend: What to do.
    """

    kind: str
    says: str
    mend: str

    def finding(self, check: str) -> Finding:
        """Make it the failure of a check."""
        return Finding(check=check, case=self.kind, status="fail", says=self.says, mend=self.mend)


def read_fault(error: BaseException | str, model: str, url: str | None = None) -> Fault:
    """Name the fault behind an error.

    Args:
        error: What was raised, or the text that a provider gave instead of a reply.
        model: Name of the model.
        url: Its server, if it has one.

    Returns:
        The fault; `other`, with the error's own words, where none is known.
    """
    text = _own_words(error) if isinstance(error, str) else "\n".join(_chain(error))
    kind, known = next(item for item in _faults().items() if _fits(item[1]["words"], text))
    values = {
        "model": model,
        "url": (url or "the provider's address").rstrip("/"),
        "why": _short(text.splitlines()[0] if text else ""),
    }
    return Fault(kind, str(known["says"]).format(**values), str(known["mend"]).format(**values))


def _fits(patterns: Sequence[str], text: str) -> bool:
    return any(re.search(pattern, text, re.IGNORECASE | re.DOTALL) for pattern in patterns)


def _chain(error: BaseException) -> Iterator[str]:
    """Give the texts of an error and of what caused it; groups hold several."""
    waiting: list[BaseException] = [error]
    seen: set[int] = set()
    while waiting:
        found = waiting.pop(0)
        if id(found) in seen:
            continue
        seen.add(id(found))
        # What Inspect raises around a provider's error holds that error's words apart.
        words = getattr(found, "provider_message", None) or _own_words(str(found))
        yield f"{type(found).__name__}: {words}"
        if isinstance(found, BaseExceptionGroup):
            waiting += found.exceptions
        waiting += [cause for cause in (found.__cause__, found.__context__) if cause is not None]


def _own_words(text: str) -> str:
    """Take the request out of what Inspect raises: a prompt is no error, whatever its words."""
    # The request is JSON without an empty line, and the error follows after one.
    return text.strip().partition("\n\n")[2].strip() if _REQUEST.match(text) else text


def _short(text: str) -> str:
    line = " ".join(_MARKUP.sub("", text).split()).removeprefix("ERROR: ")
    return line if len(line) <= _LONGEST else line[:_LONGEST] + " ..."


@cache
def _faults() -> dict[str, dict[str, Any]]:
    text = files(__package__).joinpath("faults.yaml").read_text(encoding="utf-8")
    data: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return data
