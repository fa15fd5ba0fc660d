"""Times `am-inspect report` on 42 logs of 100 samples, beside a plain full read of the same logs.

The logs are made of real ones: a simulated model plays each of the study's six cells once, and its
samples are written again under other models' names and epochs, so that size and shape are those of
a run. Each side is a process of its own, start included; memory is its largest resident set. The
report is made of a third, of two thirds and of all logs, to see how time grows.

    .venv/bin/python benchmarks/report.py
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from inspect_ai import eval
from inspect_ai.log import EvalLog, EvalSample, read_eval_log, write_eval_log
from rich.console import Console
from rich.table import Table

from am_inspect import tasks
from am_inspect.cells import STUDY_CELLS

MODELS = (
    *("gemma-3-12b", "ministral-8b", "qwen-2.5-72b", "qwen-2.5-7b"),
    *("llama-3.1-70b", "llama-3-8b", "phi-4"),
)
SCENARIOS = 25
READ = """
import sys
from inspect_ai.log import read_eval_log
for path in sys.argv[1:]:
    read_eval_log(path)
"""
LAUNCH = """
import os, sys, time
start = time.perf_counter()
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(child, 0)
used = usage.ru_utime + usage.ru_stime
print(time.perf_counter() - start, used, usage.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
"""
REPORT = "from am_inspect.cli import main; main()"


@dataclass(frozen=True)
class Cost:
    """What a process took.

    Attributes:
        seconds: From its start to its end, with whatever else the machine does.
        used: Seconds of a processor, which a busy machine changes less.
        megabytes: Its largest resident set.
    """

    seconds: float
    used: float
    megabytes: float


def main() -> None:
    """Make the logs, time both sides and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--samples", type=int, default=100, help="samples a log, in steps of 25")
    parser.add_argument("--logs", type=Path, help="make the logs here, or use those that are there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.logs or Path(scratch) / "logs"
        if not folder.exists():
            make_logs(folder, options.samples // SCENARIOS)
        paths = sorted(folder.glob("*.eval"))
        size = sum(path.stat().st_size for path in paths) / 1e6
        print(
            f"{len(paths)} logs of {options.samples} samples, {size:.0f} MB, "
            f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
        )
        page = Path(scratch) / "report.html"
        step = len(paths) // 3
        parts = [paths[:step], paths[: 2 * step], paths]
        costs = [_report(part, page, options.samples) for part in parts]
        read = _cost([sys.executable, "-c", READ, *map(str, paths)])
        names = [f"report of {len(part)} logs" for part in parts]
        _print([*zip(names, costs, strict=True), ("plain full read", read)])
        print(f"page {page.stat().st_size / 1e6:.2f} MB")
        slopes = [
            1000 * (more.used - less.used) / (step * options.samples)
            for less, more in pairwise(costs)
        ]
        print(f"ms of a processor a further sample: {slopes[0]:.2f}, {slopes[1]:.2f}")


def make_logs(folder: Path, epochs: int) -> None:
    """Write a log for each model and cell.

    Args:
        folder: Where they go.
        epochs: How often each of the scenarios stands in a log.
    """
    with tempfile.TemporaryDirectory() as scratch:
        played = eval(
            [getattr(tasks, cell)() for cell in STUDY_CELLS],
            model=f"amsim/{MODELS[0]}",
            model_roles={"grader": "amsim/rubric"},
            limit=SCENARIOS,
            log_dir=scratch,
            display="none",
            log_realtime=False,
        )
        for log in played:
            whole = read_eval_log(log.location)
            for model in MODELS:
                cell = whole.eval.task.rpartition("/")[2]
                write_eval_log(_copy(whole, model, epochs), str(folder / f"{cell}_{model}.eval"))


def _copy(log: EvalLog, model: str, epochs: int) -> EvalLog:
    samples = [
        _again(sample, epoch) for epoch in range(1, epochs + 1) for sample in log.samples or []
    ]
    config = log.eval.config.model_copy(update={"epochs": epochs})
    names = {"model": f"amsim/{model}", "eval_id": uuid.uuid4().hex, "config": config}
    spec = log.eval.model_copy(update=names)
    return log.model_copy(update={"eval": spec, "samples": samples, "location": ""})


def _again(sample: EvalSample, epoch: int) -> EvalSample:
    return sample.model_copy(update={"epoch": epoch, "uuid": uuid.uuid4().hex})


def _report(paths: Sequence[Path], page: Path, samples: int) -> Cost:
    arguments = ["report", *map(str, paths), "-o", str(page)]
    cost = _cost([sys.executable, "-c", REPORT, *arguments])
    held = page.read_text(encoding="utf-8").count("am-inspect show")
    if held < len(paths) * samples * 0.9:
        raise SystemExit(f"error: the page lists {held} samples only")
    return cost


def _cost(command: Sequence[str]) -> Cost:
    """Run a command under a small process, whose own size is all that the command inherits."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", LAUNCH, *command], stdout=subprocess.PIPE, text=True
    )
    if done.returncode != 0:
        raise SystemExit(f"error: {command[:3]} failed")
    seconds, used, kilobytes = map(float, done.stdout.split()[-3:])
    return Cost(seconds, used, kilobytes / 1000)


def _print(rows: Sequence[tuple[str, Cost]]) -> None:
    table = Table(title="one run each, start included")
    for column in ("what", "seconds", "of a processor", "MB at most"):
        table.add_column(column, justify="left" if column == "what" else "right")
    for name, cost in rows:
        table.add_row(name, f"{cost.seconds:.1f}", f"{cost.used:.1f}", f"{cost.megabytes:.0f}")
    Console().print(table)


if __name__ == "__main__":
    main()
