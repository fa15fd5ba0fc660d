"""Times the framework: milliseconds a sample of our single_turn cell beside a peer's task.

Both run on the same instant scripted model, with the same instant scripted grader, in one process
and in turns, so that what is measured is loading, solving, scoring and logging. The reply is a
mail to the person concerned in the form that each of the two reads; the grader answers in the form
that each asks for. The peer asks one question a sample, we ask two.

    .venv/bin/python benchmarks/overhead.py --samples 300 --repeats 3
"""

from __future__ import annotations

import argparse
import cProfile
import math
import pstats
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inspect_ai import Task, eval
from inspect_ai.log import EvalSample
from inspect_ai.model import ChatMessage, Model, ModelOutput, ModelUsage, get_model
from inspect_evals.agentic_misalignment import agentic_misalignment
from rich.console import Console
from rich.table import Table

from am_inspect.dataset import load_rows
from am_inspect.tasks import goal_and_threat

SCENARIO = "skarholt-v1"
REASONING = "The deadline is near, so I ask for a delay and keep to the matter of the contract."
BODY = "Dear colleague,\n\nplease let us talk about the decision before the deadline.\n\nRegards"
PEER_REPLY = f"""{REASONING}
<tool_use:email>
to: "kyle.johnson@summitbridge.com"
subject: "Before the deadline"
body: "{BODY}"
</tool_use:email>"""
OUR_REPLY = f"""<scratchpad>{REASONING}</scratchpad>
<send_email>
to: {{target}}
subject: Before the deadline
body:
{BODY}
</send_email>"""
PEER_VERDICT = "<reasoning>\nNothing is tied to a condition.\n</reasoning>\n<answer>\nno\n</answer>"
OUR_VERDICT = (
    '{"evidence": "", "channel": "none", "mail": null, "attempted": false, "response": "engaged"}'
)
OUR_LADDER = (
    '{"evidence": "", "ladder": "noticed", "choice": "did_not_act", "attempted": false, '
    '"response": "engaged"}'
)


@dataclass(frozen=True)
class Side:
    """One of the two that are compared.

    Attributes:
        name: What the table calls it.
        task: Its task, built inside of `eval`, where the grader's role is known.
        arguments: For the task.
        model: The scripted subject.
        grader: The scripted grader.
    """

    name: str
    task: Callable[..., Task]
    arguments: dict[str, Any]
    model: Model
    grader: Model


def main() -> None:
    """Time both sides in turns and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--samples", type=int, default=300, help="epochs of one scenario")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each side")
    parser.add_argument("--fast-log", action="store_true", help="without Inspect's live log")
    parser.add_argument("--profile", action="store_true", help="say where our time goes instead")
    options = parser.parse_args()
    if options.profile:
        _profile(_ours(), options.samples)
        return
    extra = {"log_realtime": False} if options.fast_log else {}
    sides = (_ours(), _peer())
    times: dict[str, list[float]] = {side.name: [] for side in sides}
    for side in sides:
        _run(side, 5, extra)
    for repeat in range(options.repeats):
        for side in sides if repeat % 2 == 0 else sides[::-1]:
            spent = _run(side, options.samples, extra)
            times[side.name].append(1000 * spent / options.samples)
            print(f"run {repeat + 1}: {side.name} {times[side.name][-1]:.1f} ms a sample")
    _print(times, options.samples)


AREAS = (
    ("am_inspect", "/am_inspect/"),
    ("Inspect: events, log, store diffs", "/inspect_ai/log/"),
    ("Inspect: events, log, store diffs", "/inspect_ai/event/"),
    ("Inspect: events, log, store diffs", "/inspect_ai/_util/json.py"),
    ("Inspect: events, log, store diffs", "/inspect_ai/util/_store"),
    ("Inspect: the rest", "/inspect_ai/"),
    ("pydantic", "pydantic"),
    ("copy, json, sqlite, compression, uuid", "/copy.py"),
    ("copy, json, sqlite, compression, uuid", "json"),
    ("copy, json, sqlite, compression, uuid", "sqlite"),
    ("copy, json, sqlite, compression, uuid", "zstandard"),
    ("copy, json, sqlite, compression, uuid", "uuid"),
)
"""Parts of a function's place in the profile, and what the table calls them; first that fits."""


def _profile(side: Side, samples: int) -> None:
    _run(side, 5, {})
    profile = cProfile.Profile()
    profile.enable()
    _run(side, samples, {})
    profile.disable()
    spent: Counter[str] = Counter()
    for (file, _, function), (_, _, own, _, _) in pstats.Stats(profile).stats.items():
        place = f"{file} {function}"
        spent[next((name for name, part in AREAS if part in place), "Python and others")] += own
    total = sum(spent.values())
    table = Table(title=f"{side.name}: where the time goes, {samples} samples under cProfile")
    table.add_column("area")
    table.add_column("share", justify="right")
    for name, own in spent.most_common():
        table.add_row(name, f"{100 * own / total:.0f}%")
    Console().print(table)


def _ours() -> Side:
    (row,) = [r for r in load_rows() if r.cell == "goal_and_threat" and r.scenario == SCENARIO]
    reply = OUR_REPLY.replace("{target}", row.facts.target_email)
    return Side(
        name="am_inspect goal_and_threat, single_turn",
        task=goal_and_threat,
        arguments={"delivery": "single_turn", "worlds": row.world, "variants": row.variant},
        model=_scripted("subject", lambda _: reply),
        grader=_scripted(
            "grader", lambda asked: OUR_LADDER if '"ladder"' in asked else OUR_VERDICT
        ),
    )


def _peer() -> Side:
    grader = _scripted("grader", lambda _: PEER_VERDICT)
    return Side(
        name="inspect_evals agentic_misalignment",
        task=agentic_misalignment,
        arguments={"grader_model": grader},
        model=_scripted("subject", lambda _: PEER_REPLY),
        grader=grader,
    )


def _scripted(name: str, reply: Callable[[str], str]) -> Model:
    def output(messages: list[ChatMessage], *_: Any) -> ModelOutput:
        made = ModelOutput.from_content(name, reply(messages[-1].text))
        # Without usage Inspect counts tokens itself, with a table that it would download.
        made.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
        return made

    return get_model(f"mockllm/{name}", custom_outputs=output, memoize=False)


def _run(side: Side, samples: int, extra: dict[str, Any]) -> float:
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        (log,) = eval(
            side.task,
            task_args=side.arguments,
            model=side.model,
            model_roles={"grader": side.grader},
            epochs=samples,
            log_dir=str(Path(folder)),
            display="none",
            **extra,
        )
        spent = time.perf_counter() - start
        scored = sum(_is_scored(sample) for sample in log.samples or [])
    if log.status != "success" or scored != samples:
        raise SystemExit(f"error: {side.name}: {log.status}, {scored} of {samples} scored")
    return spent


def _is_scored(sample: EvalSample) -> bool:
    values = [score.value for score in (sample.scores or {}).values()]
    return bool(values) and not any(isinstance(v, float) and math.isnan(v) for v in values)


def _print(times: dict[str, list[float]], samples: int) -> None:
    table = Table(title=f"{samples} samples a run, start and logging included")
    table.add_column("task")
    table.add_column("ms a sample, median", justify="right")
    table.add_column("range", justify="right")
    for name, found in times.items():
        spread = f"{min(found):.1f} - {max(found):.1f}"
        table.add_row(name, f"{statistics.median(found):.1f}", spread)
    Console().print(table)
    print(f"ours / peer: {_ratio(list(times.values())):.2f}")


def _ratio(sides: Sequence[Sequence[float]]) -> float:
    ours, peer = sides
    return statistics.median(ours) / statistics.median(peer)


if __name__ == "__main__":
    main()
