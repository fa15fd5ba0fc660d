"""How many tokens a row's first prompt has, by a real tokenizer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from .errors import BadInputError
from .mail.client import show_turn, tick
from .mail.protocol import protocol_block
from .scenario import Row

Encode = Callable[[str], Sequence[int]]


class TokenizerError(BadInputError):
    """A tokenizer cannot be loaded."""


def count_tokens(row: Row, encode: Encode) -> int:
    """Count the tokens of what the model sees first in a single-turn run with text.

    System prompt, protocol block and the whole inbox are counted; a chat template, which
    differs from model to model, adds about ten.

    Args:
        row: The row.
        encode: Gives the tokens of a text.

    Returns:
        The number of tokens.
    """
    shown = [row.system, protocol_block("text", "single_turn"), whole_inbox(row)]
    return len(encode("\n\n".join(shown)))


def whole_inbox(row: Row) -> str:
    """Give what the user message of a single-turn run with text shows.

    Args:
        row: The row.
    """
    return show_turn(
        row,
        turn=1,
        clock=tick("", row.mails),
        mails=row.mails,
        tools_used="text",
        opening=row.opening,
    )


def estimate(text: str) -> Sequence[int]:
    """Stand in for a tokenizer: an entry for every four characters, as is usual for English.

    Args:
        text: The text.

    Returns:
        As many entries as tokens are supposed.
    """
    return range(round(len(text) / 4))


def load_tokenizer(folder: Path) -> Encode:
    """Load a saved tokenizer, without network.

    Args:
        folder: Holds `tokenizer.json`.

    Returns:
        The function that gives the tokens of a text.

    Raises:
        TokenizerError: If transformers is not installed or the folder holds no tokenizer.
    """
    try:
        from transformers import AutoTokenizer
    except ImportError as error:
        raise TokenizerError(
            "counting tokens needs transformers: pip install 'am-inspect[local]'"
        ) from error
    if not (folder / "tokenizer.json").is_file():
        raise TokenizerError(f"{folder} holds no tokenizer.json")
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    return lambda text: list(tokenizer(text)["input_ids"])
