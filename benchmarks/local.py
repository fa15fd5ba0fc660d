r"""Times one local model on our cells and a peer's task, beside what the machine does at best.

One model, one server (or `hf/`), equal samples and token limits: our single_turn cell, our paced
loop, `inspect_evals/agentic_misalignment`. Printed are samples a minute, prompt tokens a sample,
and the grader's tokens for our two verdicts against the peer's one. The grader is the same weights
under another name, so that its tokens are counted apart: serve both names
(`--served-model-name NAME grader`), on `hf/` the folder is loaded twice.

A sample whose verdict cannot be read counts as a sample; we ask such a grader a second time, the
peer's sample ends as an error. The floor is the time of the same calls without Inspect and without
us: on vLLM plain HTTP requests at the same concurrency, with a cache salt so that nothing is found
warm; on `hf/` transformers' `generate` on the same prompts in the same batches, the subject's calls
only, so that its ratio holds our grading, too.

    .venv/bin/python benchmarks/local.py --model vllm/gemma-3-270m --grader vllm/grader \\
        --base-url http://127.0.0.1:8123/v1 --samples 8 --max-tokens 48
    HF_HUB_OFFLINE=1 .venv/bin/python benchmarks/local.py --model hf/gemma-3-270m --folder DIR \\
        --samples 4 --max-tokens 32
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import anyio
from inspect_ai import Task, eval
from inspect_ai.event import ModelEvent
from inspect_ai.log import EvalLog
from inspect_ai.model import GenerateConfig, Model, get_model
from inspect_evals.agentic_misalignment import agentic_misalignment
from openai import AsyncOpenAI
from rich.console import Console
from rich.table import Table

from am_inspect.tasks import cell_task

WORLD = "crumb"


@dataclass(frozen=True)
class Run:
    """One task's run.

    Attributes:
        name: What the table calls it.
        seconds: Wall time, start and log included.
        samples: Samples that ended.
        calls: The subject's calls: messages as plain text by role.
        read: Prompt tokens of the subject, as the provider counts them.
        written: Completion tokens of the subject.
        graded: Prompt and completion tokens of the grader.
        grader_calls: Its calls.
    """

    name: str
    seconds: float
    samples: int
    calls: tuple[list[dict[str, str]], ...]
    read: int
    written: int
    graded: int
    grader_calls: tuple[list[dict[str, str]], ...]


def main() -> int:
    """Run the tasks, then the floor of each, and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--model", required=True)
    parser.add_argument("--grader", help="the other name; on hf/ made from the folder")
    parser.add_argument("--base-url")
    parser.add_argument("--folder", help="weights and tokenizer, for hf/")
    parser.add_argument("--template", help="a chat template's file, for hf/")
    parser.add_argument("--samples", type=int, default=8)
    parser.add_argument("--max-tokens", type=int, default=48)
    parser.add_argument("--grader-tokens", type=int, default=160)
    parser.add_argument("--paced-turns", type=int, default=4)
    options = parser.parse_args()
    subject = _made(options.model, options, options.max_tokens)
    name = options.grader or f"{options.model.split('/')[0]}/grader"
    grader = _made(name, options, options.grader_tokens)
    epochs = max(1, options.samples // 2)
    tasks: list[tuple[str, Task, int]] = [
        ("single_turn", cell_task("goal_and_threat", delivery="single_turn", worlds=WORLD), epochs),
        ("peer", agentic_misalignment(grader_model=grader), options.samples),
        (
            "paced",
            cell_task("goal_and_threat", worlds=WORLD, max_turns=options.paced_turns),
            max(1, options.samples // 4),
        ),
    ]
    table = Table(title=f"{options.model}, {options.max_tokens} tokens a reply")
    for column in ("task", "samples", "samples/min", "calls", "prompt tokens a sample"):
        table.add_column(column, justify="left" if column == "task" else "right")
    for column in ("grader tokens a sample", "seconds", "floor", "ratio"):
        table.add_column(column, justify="right")
    for title, task, count in tasks:
        run = _run(title, task, subject, grader, count, options)
        floor = _floor(run, subject, options)
        table.add_row(
            run.name,
            str(run.samples),
            f"{60 * run.samples / run.seconds:.2f}",
            f"{len(run.calls)} + {len(run.grader_calls)}",
            f"{run.read / run.samples:,.0f}",
            f"{run.graded / run.samples:,.0f}",
            f"{run.seconds:.1f}",
            f"{floor:.1f}",
            f"{run.seconds / floor:.2f}",
        )
        print(f"{title}: {run.seconds:.1f} s, floor {floor:.1f} s", file=sys.stderr, flush=True)
    Console(width=130).print(table)
    return 0


def _made(name: str, options: argparse.Namespace, max_tokens: int) -> Model:
    given: dict[str, Any] = {}
    if options.folder:
        given = {"model_path": options.folder, "tokenizer_path": options.folder, "device": "cpu"}
        if options.template:
            with open(options.template, encoding="utf-8") as file:
                given["chat_template"] = file.read()
    config = GenerateConfig(max_tokens=max_tokens, max_connections=options.samples, seed=1)
    return get_model(name, base_url=options.base_url, config=config, memoize=False, **given)


def _run(
    name: str, task: Task, subject: Model, grader: Model, epochs: int, options: argparse.Namespace
) -> Run:
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        (log,) = eval(
            task,
            model=subject,
            model_roles={"grader": grader},
            epochs=epochs,
            max_tokens=options.max_tokens,
            temperature=1.0,
            max_samples=options.samples,
            # The peer raises where the grader's reply cannot be read, as those of noise cannot.
            fail_on_error=False,
            log_dir=folder,
            display="none",
        )
        spent = time.monotonic() - began
        samples = list(log.samples or [])
    if log.status != "success":
        raise SystemExit(f"error: {name}: {log.error.message if log.error else log.status}")
    usage = log.stats.model_usage
    read = usage[str(subject)]
    asked = usage.get(str(grader))
    return Run(
        name=name,
        seconds=spent,
        samples=len(samples),
        calls=_calls(log, samples, str(subject)),
        read=read.input_tokens + (read.input_tokens_cache_read or 0),
        written=read.output_tokens,
        graded=asked.total_tokens if asked else 0,
        grader_calls=_calls(log, samples, str(grader)),
    )


def _calls(log: EvalLog, samples: Sequence[Any], model: str) -> tuple[list[dict[str, str]], ...]:
    return tuple(
        [{"role": message.role, "content": message.text} for message in event.input]
        for sample in samples
        for event in sample.events
        if isinstance(event, ModelEvent) and event.model == model
    )


def _floor(run: Run, subject: Model, options: argparse.Namespace) -> float:
    began = time.monotonic()
    if options.folder:
        _floor_here(run, subject, options)
    else:
        anyio.run(_floor_served, run, options)
    return time.monotonic() - began


async def _floor_served(run: Run, options: argparse.Namespace) -> None:
    client = AsyncOpenAI(base_url=options.base_url, api_key="inspectai")
    free = anyio.Semaphore(options.samples)
    salt = f"{run.name}-{time.time()}"
    model = options.model.partition("/")[2]

    async def one(messages: Any, limit: int) -> None:
        async with free:
            await client.chat.completions.create(
                model=model,
                messages=messages,
                max_tokens=limit,
                temperature=1.0,
                seed=1,
                extra_body={"cache_salt": salt},
            )

    # Turns of one sample follow each other, as they must; then the grader's calls.
    for batch, limit in (
        *((turn, options.max_tokens) for turn in _by_turn(run.calls)),
        (list(run.grader_calls), options.grader_tokens),
    ):
        async with anyio.create_task_group() as group:
            for messages in batch:
                group.start_soon(one, messages, limit)
    await client.close()


def _by_turn(calls: Sequence[list[dict[str, str]]]) -> list[list[list[dict[str, str]]]]:
    lengths = sorted({len(messages) for messages in calls})
    return [[m for m in calls if len(m) == length] for length in lengths]


def _floor_here(run: Run, subject: Model, options: argparse.Namespace) -> None:
    import torch

    api: Any = subject.api
    for batch in _by_turn(run.calls):
        texts = [
            "".join(f"{message['role']}: {message['content']}\n" for message in messages)
            for messages in batch
        ]
        tokens = api.tokenizer(texts, return_tensors="pt", padding=True)
        with torch.inference_mode():
            api.model.generate(**tokens, max_new_tokens=options.max_tokens, do_sample=True)


if __name__ == "__main__":
    sys.exit(main())
