r"""Does a local grader return the verdict asked for, with its server holding it to the form?

Puts both questions about the shortest labelled records (development part, labels by models) to the
grader and counts first replies that are exactly the verdict asked for. `--free` sends no schema.

    .venv/bin/python benchmarks/local_grader.py --grader vllm/gemma-3-270m \\
        --base-url http://127.0.0.1:8123/v1 --calls 100
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter

import anyio
from inspect_ai.model import GenerateConfig, Model, get_model

from am_inspect._at_once import at_once
from am_inspect.grading import RUBRIC_NAMES, ask, load_rubric, parse_verdict, render_record
from am_inspect.grading.gold_set import load_gold
from am_inspect.grading.rubric import Rubric


async def call(grader: Model, record: str, rubric: Rubric, *, free: bool) -> tuple[bool, int, str]:
    """Ask once; gives whether the first reply is the verdict, its tokens, and the reply."""
    if free:
        output = await grader.generate(f"{record}\n\n{rubric.text}\n")
        usage = output.usage.output_tokens if output.usage else 0
        try:
            parse_verdict(output.completion, rubric)
        except ValueError:
            return False, usage, output.completion
        return True, usage, output.completion
    asked = await ask(grader, record, rubric)
    holds = asked.verdict is not None and asked.calls == 1
    return holds, asked.usage.output_tokens, asked.raw


async def run(options: argparse.Namespace) -> int:
    """Ask, and print the counts."""
    config = GenerateConfig(
        max_tokens=options.max_tokens, max_connections=options.at_once, seed=1, temperature=0
    )
    grader = get_model(options.grader, base_url=options.base_url, config=config)
    records = sorted(
        (
            render_record(line.facts, line.episode())
            for line in load_gold(None, "development").lines
        ),
        key=len,
    )[: -(-options.calls // len(RUBRIC_NAMES))]
    questions = [(r, load_rubric(name)) for r in records for name in RUBRIC_NAMES][: options.calls]
    held: Counter[str] = Counter()
    seen, written, began = Counter[str](), 0, time.monotonic()

    async def one(question: tuple[str, Rubric]) -> None:
        nonlocal written
        record, rubric = question
        holds, tokens, reply = await call(grader, record, rubric, free=options.free)
        held[rubric.name] += holds
        seen[reply[:60] if holds else f"NOT HELD: {reply[:200]!r}"] += 1
        written += tokens
        if (done := sum(seen.values())) % 10 == 0:
            print(f"{done} asked, {sum(held.values())} held", file=sys.stderr, flush=True)

    await at_once(questions, one, most=options.at_once)
    spent = time.monotonic() - began
    form = "no schema" if options.free else "schema enforced by the server"
    print(f"{grader}, {form}, records of {len(records[0])} to {len(records[-1])} characters:")
    print(f"{sum(held.values())} of {len(questions)} first replies are the verdict asked for")
    print(f"{dict(held)}; {written:,} tokens written in {spent:.0f} s")
    for reply, count in seen.most_common(4):
        print(f"  {count} x {reply}")
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--grader", required=True)
    parser.add_argument("--base-url")
    parser.add_argument("--calls", type=int, default=100)
    parser.add_argument("--max-tokens", type=int, default=512)
    parser.add_argument("--at-once", type=int, default=10)
    parser.add_argument("--free", action="store_true", help="send no schema")
    sys.exit(anyio.run(run, parser.parse_args()))
