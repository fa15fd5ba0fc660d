"""How often the gate errs: its rule on simulated checkpoints, fixed and with looks.

Draws counts, not transcripts: each world of a checkpoint has a rate of its own (beta-binomial with
a given correlation), and its samples are drawn from that. The rule is the shipped one
(`gate.tests_on`, `verdict_of`, `decide`). Baseline and candidate meet the same worlds; "alone" lets
worlds move each of them independently, "alike" lets a world that raises one raise the other.

    .venv/bin/python benchmarks/gate.py                # 2,000 runs a line, about ten minutes
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from scipy import stats

from am_inspect.gate import Policy, Tolerance, decide, design, read_policy, tests_on, verdict_of
from am_inspect.stats import WorldCounts

POLICY = read_policy()
WORLDS = 16
BASE, LIMIT = 0.03, 0.15
CASES = {
    (0.005, Tolerance(margin=0.05, limit=LIMIT)): "clearly better",
    (0.03, Tolerance(margin=0.05, limit=LIMIT)): "unchanged",
    (0.055, Tolerance(margin=0.05, limit=LIMIT)): "half the margin",
    (0.08, Tolerance(margin=0.05, limit=LIMIT)): "at the margin",
    (0.13, Tolerance(margin=0.05, limit=LIMIT)): "above it",
    (0.3, Tolerance(margin=0.05, limit=LIMIT)): "clearly worse",
    (0.03, Tolerance(margin=0.1, limit=LIMIT)): "unchanged, wide margin",
    (0.15, Tolerance(limit=0.15)): "at a limit, alone",
    (0.05, Tolerance(limit=0.05)): "at a low limit, alone",
}
ICCS = (0.0, 0.1, 0.3)


@dataclass
class Line:
    """A simulated checkpoint.

    Attributes:
        icc: Correlation of two samples of a world.
        alike: Whether worlds move both sides alike.
        rate: The candidate's true rate.
        margin: How much worse than the baseline is tolerated; None: the baseline is not asked.
        limit: Which share is tolerated at all.
        runs: How many were simulated.
        fixed: Share of verdicts of one test at the end.
        looks: Share of verdicts with looks.
        samples: Mean samples with looks over those of the fixed design.
    """

    icc: float
    alike: bool
    rate: float
    margin: float | None
    limit: float | None
    runs: int
    fixed: dict[str, float]
    looks: dict[str, float]
    samples: float


def main() -> None:
    """Simulate, print the table, and write it if asked to."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--samples", type=int, default=768, help="a side; a multiple of 64")
    parser.add_argument("--looks", type=int, default=4)
    parser.add_argument("--policy-icc", type=float, default=POLICY.icc, help="icc of the policy")
    parser.add_argument("--only", default="", help="only cases whose name holds this")
    parser.add_argument("--json", type=Path, help="write the table there, too")
    options = parser.parse_args()
    began = time.monotonic()
    policy = POLICY.model_copy(update={"icc": options.policy_icc})
    size = (options.runs, options.samples // WORLDS, options.looks)
    lines = [
        simulate(policy, icc, alike, rate, tolerance, *size)
        for icc in ICCS
        for alike in (False, True)
        for (rate, tolerance), name in CASES.items()
        if options.only in name and not (alike and (icc == 0 or tolerance.margin is None))
    ]
    print_table(policy, lines, options.samples, options.looks)
    print(f"{len(lines) * options.runs} runs of the rule, {time.monotonic() - began:.0f} s")
    if options.json:
        options.json.write_text(json.dumps([asdict(line) for line in lines], indent=1) + "\n")


def simulate(
    policy: Policy,
    icc: float,
    alike: bool,
    rate: float,
    tolerance: Tolerance,
    runs: int,
    per_world: int,
    most: int,
) -> Line:
    """Run the rule on drawn checkpoints.

    Args:
        policy: Its alpha, and the correlation that it assumes.
        icc: True correlation of two samples of a world.
        alike: Whether worlds move both sides alike.
        rate: The candidate's true rate.
        tolerance: What is tolerated; without a margin the baseline is not asked.
        runs: How many.
        per_world: Samples a world and side.
        most: Looks.

    Returns:
        The shares of verdicts, and the samples used.
    """
    margin, limit = tolerance.margin, tolerance.limit
    rng = np.random.default_rng([int(1000 * (x or 0)) for x in (icc, alike, rate, margin, limit)])
    sizes = [per_world * number // most for number in range(1, most + 1)]
    looks = design(sizes, policy)
    fixed: Counter[str] = Counter()
    ended: Counter[str] = Counter()
    used = 0.0
    for _ in range(runs):
        luck = rng.random(WORLDS)
        other = luck if alike else rng.random(WORLDS)
        base = rng.binomial(per_world, _shares(BASE, icc, luck))
        parts = rng.binomial(per_world // most, _shares(rate, icc, other), (most, WORLDS))
        baseline = _counts(base, per_world) if margin is not None else None
        for number, look in enumerate(looks, 1):
            seen = _counts(parts[:number].sum(0), number * per_world // most)
            tests = {"blackmail": tests_on(seen, baseline, tolerance, policy.icc)}
            verdicts = {"blackmail": verdict_of(tests["blackmail"], look.reject_p)}
            if number == most or decide(look, tests, verdicts) != "go on":
                break
        ended[verdicts["blackmail"]] += 1
        used += number / most
        whole = _counts(parts.sum(0), per_world)
        fixed[verdict_of(tests_on(whole, baseline, tolerance, policy.icc), policy.alpha)] += 1
    return Line(
        *(icc, alike, rate, margin, limit, runs),
        *(_shared(fixed, runs), _shared(ended, runs), used / runs),
    )


def print_table(policy: Policy, lines: list[Line], samples: int, most: int) -> None:
    """Print the simulated checkpoints."""
    table = Table(
        title=f"baseline {BASE:.0%}, one-sided {policy.alpha}, {samples} samples a "
        f"side in {WORLDS} worlds, policy icc {policy.icc:g}; looks: {most}"
    )
    about = ("icc", "worlds move", "candidate", "margin", "limit", "what")
    shares = ("fixed: pass", "fail", "open", "looks: pass", "fail", "open", "samples used")
    for name in about + shares:
        table.add_column(name, justify="left" if name in ("worlds move", "what") else "right")
    for line in lines:
        table.add_row(
            f"{line.icc:g}",
            ("alike" if line.alike else "alone") if line.icc else "-",
            f"{line.rate:.1%}",
            f"{line.margin:g}" if line.margin is not None else "-",
            f"{line.limit:g}",
            CASES[line.rate, Tolerance(margin=line.margin, limit=line.limit)],
            *(f"{v:.3f}" for v in line.fixed.values()),
            *(f"{v:.3f}" for v in line.looks.values()),
            f"{line.samples:.2f}",
        )
    Console(width=150).print(table)


def _shares(rate: float, icc: float, luck: NDArray[np.float64]) -> NDArray[np.float64]:
    if icc == 0:
        return np.full(luck.shape, rate)
    scale = (1 - icc) / icc
    return np.asarray(stats.beta.ppf(luck, rate * scale, (1 - rate) * scale))


def _counts(bad: NDArray[np.int64], of: int) -> WorldCounts:
    names = tuple(f"w{number}" for number in range(WORLDS))
    return WorldCounts(names, tuple(int(k) for k in bad), (of,) * WORLDS)


def _shared(counts: Counter[str], runs: int) -> dict[str, float]:
    return {name: counts[name] / runs for name in ("pass", "fail", "not enough data")}


if __name__ == "__main__":
    main()
