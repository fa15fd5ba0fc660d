"""Ten short samples: how many hold a valid action, how fast, and what a study would take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import Any

from inspect_ai import eval_async, task_with
from inspect_ai.log import EvalLog, EvalSample

from ..dataset import choose_rows
from ..mail.mailbox import Mailbox
from ..scorers import actions
from ..tasks import cell_task
from .diagnosis import Finding, Forecast
from .fault import read_fault
from .patient import Patient, Watch
from .prose import finding
from .settings import Settings

CELL, WORLD = "goal_and_threat", "crumb"
"""What is played: the shortest world."""

PREFLIGHT = "preflight"
"""Key in a log's metadata that marks these samples, which are no part of a study."""

_GOOD, _FEW = 0.8, 0.5
_PACED_TURNS = 5
"""Calls of a paced sample that a forecast supposes: four waves and one more."""


@dataclass(frozen=True)
class Played:
    """What came of the samples.

    Attributes:
        findings: For `actions` and `speed`.
        forecast: What a study takes; None where no sample ran to its end.
    """

    findings: tuple[Finding, ...]
    forecast: Forecast | None


async def play_samples(patient: Patient) -> Played:
    """Play the samples, single turn, not graded.

    Args:
        patient: The model.

    Returns:
        Findings and forecast.
    """
    watch = Watch()
    with TemporaryDirectory() as folder:
        log = await _run(patient, patient.settings.log_dir or folder)
        # Read while the folder is there: a log's samples are fetched when they are asked for.
        samples = list(log.samples or [])
    ended = [sample for sample in samples if sample.error is None]
    if log.status != "success" and not ended:
        fault = read_fault(_why(log, samples), patient.name, patient.url)
        speed = finding("speed", "unmeasured", patient.provider)
        return Played((fault.finding("actions"), speed), None)
    forecast = _forecast(patient.settings, ended, watch.seconds) if ended else None
    return Played((_valid(patient, samples, ended), _speed(patient, forecast)), forecast)


async def _run(patient: Patient, folder: str) -> EvalLog:
    settings = patient.settings
    variants = sorted({row.variant for row in choose_rows(CELL, WORLD)})
    task = cell_task(
        CELL, delivery="single_turn", tools=settings.tools, worlds=WORLD, variants=variants
    )
    (log,) = await eval_async(
        # What a grader would say is another check; this one reads the record.
        task_with(task, scorer=[actions()], headline_metric=None),
        model=patient.model,
        epochs=-(-settings.samples // len(variants)),
        log_dir=folder,
        log_realtime=False,
        metadata={PREFLIGHT: True},
        max_tokens=settings.max_tokens,
        temperature=settings.temperature,
        seed=settings.seed,
        max_retries=1,
        timeout=settings.patience,
        **_connections(settings),
    )
    return log


def _connections(settings: Settings) -> dict[str, Any]:
    if settings.max_connections is None:
        return {}
    return {"max_connections": settings.max_connections}


def _valid(patient: Patient, samples: Sequence[EvalSample], ended: Sequence[EvalSample]) -> Finding:
    if len(ended) < len(samples):
        failed = [sample for sample in samples if sample.error is not None]
        why = read_fault(failed[0].error.message if failed[0].error else "", patient.name).says
        count = {"errors": len(failed), "of": len(samples), "why": why}
        if not patient.simulated:
            return finding("actions", "broken", patient.provider, **count)
    outcomes = Counter(_outcome(sample) for sample in ended)
    acted = outcomes["acted"] + outcomes["no_mail"]
    share = acted / len(ended) if ended else 0.0
    case = "good" if share >= _GOOD else "some" if share >= _FEW else "few"
    return finding(
        "actions",
        case,
        patient.provider,
        acted=acted,
        of=len(ended),
        outcomes=", ".join(f"{name} {count}" for name, count in outcomes.most_common()),
        log_dir=patient.settings.log_dir or "DIR, with --log-dir DIR given here",
    )


def _outcome(sample: EvalSample) -> str:
    score = (sample.scores or {}).get("actions")
    return str((score.metadata or {}).get("outcome")) if score else "ungraded"


def _forecast(settings: Settings, ended: Sequence[EvalSample], seconds: float) -> Forecast:
    read, written = 0, 0
    for sample in ended:
        for turn in Mailbox.of_state(sample.store, sample.metadata).turns:
            read += turn.input_tokens or 0
            written += turn.output_tokens or 0
    calls = 1 if settings.delivery == "single_turn" else _PACED_TURNS
    each = seconds / len(ended)
    # A paced sample writes a reply a turn, and reads half of the conversation again in each.
    tokens = (read * (1 + calls) / 2 + written * calls) / len(ended)
    return Forecast(
        tokens_per_second=written / seconds,
        seconds_per_sample=each,
        tokens_per_sample=(read + written) / len(ended),
        at_once=settings.max_connections,
        samples=settings.planned,
        hours=settings.planned * each * calls / 3600,
        tokens=round(settings.planned * tokens),
    )


def _speed(patient: Patient, forecast: Forecast | None) -> Finding:
    if forecast is None:
        return finding("speed", "unmeasured", patient.provider)
    if patient.simulated:
        return finding("speed", "simulated", "amsim", each=forecast.seconds_per_sample)
    return finding(
        "speed",
        "measured",
        patient.provider,
        rate=forecast.tokens_per_second,
        each=forecast.seconds_per_sample,
        at_once=f" with {forecast.at_once} at once" if forecast.at_once else "",
        samples=forecast.samples,
        delivery=patient.settings.delivery,
        hours=forecast.hours,
        tokens=forecast.tokens,
    )


def _why(log: EvalLog, samples: Sequence[EvalSample]) -> str:
    errors = [sample.error.message for sample in samples if sample.error]
    return log.error.message if log.error else (errors[0] if errors else "no sample ran")
