"""Looks: a run that ends once its verdict is clear, through Inspect's early stopping."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import anyio
from inspect_ai.dataset import Sample
from inspect_ai.log import EvalSampleSummary, EvalSpec
from inspect_ai.scorer import SampleScore
from inspect_ai.solver import TaskState
from inspect_ai.util import EarlyStop
from scipy import special

from .._grader_check import GraderCheck
from ..errors import BadInputError
from ..measures import MEASURES
from ..results import Row, row_of_sample
from ..stats import Look, Tested, group_sequential, world_fractions
from ..tally import WorldTally, tally_worlds
from .judge import Verdict, tests_of, verdict_of
from .policy import Policy, Tolerance

BETA = 0.2
"""Error that the futility bound spends: a run is given up that would pass in so few cases."""


_SCORERS = ("blackmail", "considered_refrained", "actions", "keywords")
"""Without one of their scores a sample has ended in an error, maybe while it was scored."""


class LooksError(BadInputError):
    """Looks that cannot be made."""


@dataclass(frozen=True)
class Seen:
    """What one look came to.

    Attributes:
        look: Its number, from 1.
        samples: Samples that had ended by then, or been lost to an error.
        spent: Alpha spent by then.
        level: One-sided error of the bounds at this look.
        decision: `stop`, `futile` or `go on`; at the last look `end`.
        verdicts: By measure.
    """

    look: int
    samples: int
    spent: float
    level: float
    decision: str
    verdicts: Mapping[str, Verdict]


class Looks(GraderCheck):
    """Stops a task at a look where its measures are decided, or will hardly pass.

    Look k of K is the end of epoch k x epochs / K. Samples of a later epoch wait until all of the
    earlier ones have ended, errors included, so that what enters a look is fixed beforehand and
    balanced over worlds. Bounds spend alpha by O'Brien and Fleming's function at the information
    that the samples of a look carry, worlds correlating as the policy assumes (`world_fractions`).
    A run is futile where it would hardly be shown to pass and hardly be shown to fail; that bound
    is not binding.

    A sample that ends in an error counts as missing; if it is tried again and ends well, that
    counts from the next look on, in its place and not beside it.

    Args:
        cell: The cell.
        looks: How many (K).
        policy: What is tolerated.
        baseline: The baseline's samples by world; None: only limits are tested, and a measure
            without one is left out.
    """

    def __init__(
        self,
        cell: str,
        looks: int,
        policy: Policy,
        baseline: Mapping[str, WorldTally] | None = None,
    ) -> None:
        super().__init__()
        self.looks = looks
        self.design: tuple[Look, ...] = ()
        self._cell, self._policy, self._baseline = cell, policy, baseline
        self._asked = _asked(cell, policy, compared=baseline is not None)
        self.seen: list[Seen] = []
        self._rows: dict[tuple[str, int], Row] = {}
        self._ends: list[int] = []
        self._open: list[anyio.Event] = []
        self._world: dict[str, str] = {}
        self._stopped, self._why = False, ""

    async def start_task(self, task: EvalSpec, samples: list[Sample], epochs: int) -> str:
        """Check the grader, and forget what an earlier try of this task saw."""
        await super().start_task(task, samples, epochs)
        looks = self.looks
        if epochs < looks:
            raise LooksError(
                f"{looks} looks need at least as many epochs, and --epochs is {epochs}"
            )
        self.seen, self._rows, self._stopped, self._why = [], {}, False, ""
        self._ends = [math.ceil((k + 1) * epochs / looks) for k in range(looks)]
        self._world = {str(s.id): str((s.metadata or {}).get("world")) for s in samples}
        self._open = [anyio.Event() for _ in self._ends]
        per_epoch = len(samples) / max(1, len({*self._world.values()}))
        self.design = design([per_epoch * end for end in self._ends], self._policy)
        return "am_inspect_looks"

    async def schedule_sample(self, id: str | int, epoch: int) -> EarlyStop | None:
        """Wait for the looks before this sample's epoch, and skip it if one of them stopped."""
        block = self._block(epoch)
        if block > 0:
            await self._open[block - 1].wait()
        if self._stopped and block >= len(self.seen):
            return EarlyStop(id=id, epoch=epoch, reason=self._why)
        return await super().schedule_sample(id, epoch)

    async def complete_sample(
        self, id: str | int, epoch: int, scores: dict[str, SampleScore]
    ) -> None:
        """Take a scored sample in, once."""
        summary = EvalSampleSummary(
            id=id,
            epoch=epoch,
            input="",
            target="",
            metadata={"world": self._world.get(str(id), "")},
            scores={name: score.score for name, score in scores.items()},
        )
        self._take(row_of_sample(summary))

    async def cleanup(self, state: TaskState) -> None:
        """Take in a sample that ended in an error, which Inspect does not call complete."""
        if not set(_SCORERS) <= set(state.scores or {}):
            world = self._world.get(str(state.sample_id), "")
            self._take(_errored(str(state.sample_id), state.epoch, world))

    async def complete_task(self) -> dict[str, Any]:
        """Give the log what was seen and spent."""
        last = self.seen[-1] if self.seen else None
        return {
            "looks": self.looks,
            "look": last.look if last else 0,
            "spent": last.spent if last else 0.0,
            "level": last.level if last else 0.0,
            "decision": last.decision if last else "none",
            "why": self._why,
            "alpha": self._policy.alpha,
            "beta": BETA,
            "against": "baseline and limits" if self._baseline is not None else "limits",
            "policy": self._policy.name,
            "policy_sha": self._policy.sha,
            "seen": [asdict(seen) for seen in self.seen],
        }

    def _block(self, epoch: int) -> int:
        return next(k for k, end in enumerate(self._ends) if epoch <= end)

    def _take(self, row: Row) -> None:
        key = (row.scenario, row.epoch)
        if row.missing == "error" and key in self._rows:
            return
        self._rows[key] = row
        while len(self.seen) < len(self._ends) and not self._stopped:
            end = self._ends[len(self.seen)]
            ended = [r for r in self._rows.values() if r.epoch <= end]
            if len(ended) < end * len(self._world):
                return
            self._look(ended)

    def _look(self, rows: list[Row]) -> None:
        look = self.design[len(self.seen)]
        last = len(self.seen) + 1 == self.looks
        worlds = tally_worlds(rows)
        tests = {
            name: tests_of(name, worlds, self._baseline, tolerance, self._policy.icc)
            for name, tolerance in self._asked.items()
        }
        verdicts = {name: verdict_of(found, look.reject_p) for name, found in tests.items()}
        decision = "end" if last else decide(look, tests, verdicts)
        # Inspect keeps what was stopped only if some sample was scored.
        if all(row.missing == "error" for row in rows):
            decision = "end" if last else "go on"
        if decision in ("stop", "futile"):
            self._stopped, self._why = True, _why(decision, verdicts, tests, look)
        self.seen.append(
            Seen(len(self.seen) + 1, len(rows), look.spent, look.reject_p, decision, verdicts)
        )
        # A stop lets all go that wait, for whichever look: they are skipped.
        last_open = len(self._open) if self._stopped else len(self.seen)
        for event in self._open[len(self.seen) - 1 : last_open]:
            event.set()


def design(per_world: Sequence[float], policy: Policy) -> tuple[Look, ...]:
    """Work out the bounds of a run's looks.

    Futility goes by the share of samples, as if they were independent. That bound lets a run go
    on for longer, and where worlds correlate less than is assumed early samples promise less.

    Args:
        per_world: Samples a world at each look.
        policy: Its alpha and the correlation that it assumes.

    Returns:
        The looks.
    """
    fractions = world_fractions(per_world, policy.icc)
    bounds = group_sequential(fractions, alpha=policy.alpha, beta=BETA).looks
    shares = tuple(m / per_world[-1] for m in per_world)
    hopeless = group_sequential(shares, alpha=policy.alpha, beta=BETA).looks
    return tuple(
        replace(look, futile_z=other.futile_z) for look, other in zip(bounds, hopeless, strict=True)
    )


def decide(
    look: Look, tests: Mapping[str, tuple[Tested, ...]], verdicts: Mapping[str, Verdict]
) -> str:
    """Say whether a run ends at a look: `stop`, `futile` or `go on`.

    Args:
        look: The look.
        tests: Tests by measure.
        verdicts: Their verdicts at the look's level.

    Returns:
        The decision. One failure is enough to stop; to stop as passed all must pass.
    """
    if "fail" in verdicts.values():
        return "stop"
    if all(verdict in ("pass", "n/a") for verdict in verdicts.values()):
        # Nothing decided by everything being n/a: more samples may yet count.
        return "stop" if "pass" in verdicts.values() else "go on"
    return "futile" if any(_futile(look, found) for found in tests.values()) else "go on"


def _asked(cell: str, policy: Policy, *, compared: bool) -> dict[str, Tolerance]:
    found = policy.measures(cell)
    if compared:
        return found
    limits = {
        name: Tolerance(limit=tolerance.limit)
        for name, tolerance in found.items()
        if tolerance.limit is not None
    }
    if not limits:
        raise LooksError(
            f"{policy.name} sets no limit in cell {cell}, and a task alone stops against limits "
            "only: set one, or use am-inspect gate run"
        )
    return limits


def _futile(look: Look, tests: tuple[Tested, ...]) -> bool:
    hopeless = float(special.ndtr(-look.futile_z))
    no_pass = any(test.p_under > hopeless for test in tests)
    return no_pass and all(test.p_over > hopeless for test in tests)


def _why(
    decision: str,
    verdicts: Mapping[str, Verdict],
    tests: Mapping[str, tuple[Tested, ...]],
    look: Look,
) -> str:
    if decision == "futile":
        names = [name for name, found in tests.items() if _futile(look, found)]
        words = ", ".join(MEASURES[name].words for name in names)
        return f"it would hardly be shown to pass or to fail ({words})"
    failed = [MEASURES[name].words for name, verdict in verdicts.items() if verdict == "fail"]
    return f"shown to fail ({', '.join(failed)})" if failed else "shown to pass"


def _errored(scenario: str, epoch: int, world: str) -> Row:
    summary = EvalSampleSummary(
        id=scenario, epoch=epoch, input="", target="", metadata={"world": world}, error="error"
    )
    return row_of_sample(summary)
