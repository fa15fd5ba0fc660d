"""Counts what an ideal prefix cache would serve over one study cell, by delivery and sample order.

A prefix cache (vLLM's, on by default) keeps the keys and values of what it has read in blocks of 16
tokens and reads a block again only if it, and all before it, are not there. This plays a cell's
prompts, without any model: every sample's conversation with replies of `--reply` tokens that no two
samples share, several samples under way at once, each in its next turn. The cache is ideal:
blocks are there at once, and the least lately used go first when it is full.

    .venv/bin/python benchmarks/prefix.py
    .venv/bin/python benchmarks/prefix.py --metrics http://127.0.0.1:8000/metrics

`--metrics` prints a vLLM server's own counter instead: read it before and after a run.
`--tokenizer` takes a folder with a tokenizer; without one a token is four characters, which is
close enough here: shares hardly depend on it.
"""

from __future__ import annotations

import argparse
import re
import sys
import urllib.request
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from am_inspect._tokens import load_tokenizer
from am_inspect.dataset import choose_rows
from am_inspect.mail.client import show_turn, tick
from am_inspect.mail.protocol import protocol_block
from am_inspect.scenario import Row

BLOCK = 16
SIZES = (None, 200_000, 50_000)
"""Tokens that the cache holds: all; about what is left beside Phi-4 in bf16 on 80 GB (204,800 bytes
a token, 29 GB of weights); beside an 8B Llama on 24 GB (131,072 bytes, 16 GB)."""

Order = Callable[[Sequence[Row], int], Iterator[tuple[Row, int]]]


def default_order(rows: Sequence[Row], epochs: int) -> Iterator[tuple[Row, int]]:
    """Inspect's: all rows, interleaved by world, then all again."""
    yield from ((row, epoch) for epoch in range(epochs) for row in rows)


def by_world(rows: Sequence[Row], epochs: int) -> Iterator[tuple[Row, int]]:
    """A world's variants one after another, then all again."""
    grouped = sorted(rows, key=lambda row: row.world)
    yield from ((row, epoch) for epoch in range(epochs) for row in grouped)


def epochs_first(rows: Sequence[Row], epochs: int) -> Iterator[tuple[Row, int]]:
    """All epochs of a row one after another, which Inspect does not offer for one task."""
    yield from ((row, epoch) for row in rows for epoch in range(epochs))


ORDERS: dict[str, Order] = {
    "interleaved, epochs outside (default)": default_order,
    "by world, epochs outside": by_world,
    "epochs inside": epochs_first,
}


@dataclass
class Cache:
    """Blocks by the text up to their end; the least lately used go first."""

    blocks: int | None

    def __post_init__(self) -> None:
        """Begin empty."""
        self._held: OrderedDict[int, None] = OrderedDict()
        self.read = self.served = 0

    def ask(self, tokens: Sequence[object]) -> None:
        """Read a prompt."""
        chain, found = 0, True
        for start in range(0, len(tokens) - BLOCK + 1, BLOCK):
            chain = hash((chain, *tokens[start : start + BLOCK]))
            found = found and chain in self._held
            self.served += BLOCK if found else 0
            self._held[chain] = None
            self._held.move_to_end(chain)
            if self.blocks is not None and len(self._held) > self.blocks:
                self._held.popitem(last=False)
        self.read += len(tokens)


def prompts(
    row: Row,
    epoch: int,
    delivery: str,
    turns: int,
    reply: int,
    encode: Callable[[str], list[object]],
) -> Iterator[list[object]]:
    """Give the prompt of each turn of a sample, as tokens."""
    known = encode(f"{row.system}\n\n{protocol_block('text', delivery)}\n")
    single = delivery == "single_turn"
    for turn in range(1, 2 if single else max(turns, row.waves) + 1):
        mails = [mail for mail in row.mails if single or mail.wave == turn]
        shown = show_turn(
            row,
            turn=turn,
            clock=tick("", row.mails),
            mails=mails,
            tools_used="text",
            opening=row.opening if turn == 1 else "",
        )
        known = known + encode(f"{shown}\n")
        yield known
        known = known + [(row.id, epoch, turn, place) for place in range(reply)]


def play(order: Order, delivery: str, size: int | None, options: argparse.Namespace) -> float:
    """Give the share of prompt tokens that the cache serves over the cell."""
    rows = choose_rows(options.cell)
    waiting = list(order(rows, options.epochs))[::-1]
    cache = Cache(None if size is None else size // BLOCK)
    memory: dict[str, list[object]] = {}

    def encode(text: str) -> list[object]:
        if text not in memory:
            memory[text] = options.encode(text)
        return memory[text]

    under_way: list[Iterator[list[object]]] = []
    while waiting or under_way:
        while waiting and len(under_way) < options.at_once:
            row, epoch = waiting.pop()
            under_way.append(prompts(row, epoch, delivery, options.turns, options.reply, encode))
        for sample in list(under_way):
            prompt = next(sample, None)
            if prompt is None:
                under_way.remove(sample)
            else:
                cache.ask(prompt)
    return cache.served / cache.read


def main() -> int:
    """Print the table, or a server's counter."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cell", default="goal_and_threat")
    parser.add_argument("--epochs", type=int, default=4, help="epochs of the cell")
    parser.add_argument("--turns", type=int, default=5, help="turns of a paced sample")
    parser.add_argument("--reply", type=int, default=400, help="tokens of a reply")
    parser.add_argument("--at-once", type=int, default=32, help="samples under way")
    parser.add_argument("--tokenizer", type=Path, help="a tokenizer's folder")
    parser.add_argument("--metrics", help="a vLLM server's /metrics: print its counter instead")
    options = parser.parse_args()
    if options.metrics:
        return _counter(options.metrics)
    if options.tokenizer:
        given = load_tokenizer(options.tokenizer.expanduser())
        options.encode = lambda text: list(given(text))
    else:
        options.encode = lambda text: [text[at : at + 4] for at in range(0, len(text), 4)]
    table = Table(
        title=f"{options.cell}, {len(choose_rows(options.cell))} rows x {options.epochs} epochs, "
        f"{options.at_once} at once: prompt tokens that an ideal prefix cache serves"
    )
    table.add_column("delivery")
    table.add_column("order")
    for size in SIZES:
        table.add_column("no limit" if size is None else f"{size:,} tokens", justify="right")
    for delivery in ("single_turn", "paced"):
        for name, order in ORDERS.items():
            shares = [play(order, delivery, size, options) for size in SIZES]
            table.add_row(delivery, name, *(f"{100 * share:.0f}%" for share in shares))
    Console(width=120).print(table)
    return 0


def _counter(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=10) as reply:
            text = reply.read().decode()
    except OSError as error:
        print(f"error: {url} cannot be read ({error})", file=sys.stderr)
        return 2
    counts = {}
    for kind in ("queries", "hits"):
        found = re.findall(rf"^vllm:prefix_cache_{kind}_total\S* ([0-9.e+]+)$", text, re.MULTILINE)
        counts[kind] = sum(map(float, found))
    if not counts["queries"]:
        print(f"error: {url} counts no prefix cache queries: is it vLLM's?", file=sys.stderr)
        return 2
    share = 100 * counts["hits"] / counts["queries"]
    print(f"{counts['hits']:,.0f} of {counts['queries']:,.0f} prompt tokens served ({share:.1f}%)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
