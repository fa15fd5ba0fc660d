"""All checks of one model, in order."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable

import anyio
from inspect_ai.model import Model

from .answering import check_answers
from .calls import check_tool_calls
from .context import check_context
from .diagnosis import Diagnosis, Finding, Forecast
from .ending import check_ending, check_reasoning
from .fault import read_fault
from .hardware import check_dtype
from .patient import Patient
from .prose import not_tried, title
from .samples import play_samples
from .sampling import check_sampling
from .settings import Settings
from .template import check_template
from .verdicts import check_grader

Check = Callable[[Patient], Awaitable[list[Finding]]]

_CHECKS: tuple[tuple[tuple[str, ...], Check], ...] = (
    (("chat_template", "bos", "system_prompt"), check_template),
    (("context",), check_context),
    (("ending",), check_ending),
    (("sampling", "seeds"), check_sampling),
    (("tool_calls",), check_tool_calls),
    (("reasoning",), check_reasoning),
    (("dtype",), check_dtype),
)


def diagnose(
    model: Model,
    grader: Model | None = None,
    settings: Settings | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Diagnosis:
    """Examine a model before anything is run with it.

    It asks some thirty short questions and plays ten short samples that nobody grades. The models
    can be used afterwards; weights stay loaded.

    Args:
        model: The model.
        grader: The grader, if one is bound.
        settings: What the runs to come are like; those of the tasks if None.
        tell: Is told of each check that begins.

    Returns:
        The diagnosis. It never raises because of a model: what goes wrong is a finding. If the
        model does not answer, its fault is the first finding and nothing else is tried.
    """
    patient = Patient(model, settings or Settings())
    # The short samples need no display of their own, and eval_async has no argument for it.
    os.environ.setdefault("INSPECT_DISPLAY", "none")
    return anyio.run(_diagnose, patient, grader, tell)


def unmade(model: str, error: BaseException, url: str | None = None) -> Diagnosis:
    """Give the diagnosis of a model that could not even be made.

    Args:
        model: Its name.
        error: What was raised.
        url: Its server, if one was given.

    Returns:
        A diagnosis with that one failure.
    """
    fault = read_fault(error, model, url)
    return Diagnosis(model=model, findings=(fault.finding("answers"), *_rest(fault.says)))


async def _diagnose(
    patient: Patient, grader: Model | None, tell: Callable[[str], None]
) -> Diagnosis:
    try:
        findings, forecast = await _examine(patient, tell)
        if findings[0].status != "fail":
            tell(title("grader"))
            findings += await _graded(grader, patient.name)
    finally:
        await patient.let_go()
        if grader is not None:
            await Patient(grader, patient.settings).let_go()
    return Diagnosis(
        model=patient.name,
        grader=str(grader) if grader is not None else None,
        simulated=patient.simulated,
        findings=tuple(findings),
        forecast=forecast,
    )


async def _examine(
    patient: Patient, tell: Callable[[str], None]
) -> tuple[list[Finding], Forecast | None]:
    tell(title("answers"))
    findings = await check_answers(patient)
    if findings[0].status == "fail":
        return [*findings, *_rest(findings[0].says)], None
    for names, check in _CHECKS:
        tell(", ".join(map(title, names)))
        try:
            findings += await check(patient)
        except Exception as error:  # Providers raise types of their own, which none can list.
            findings.append(read_fault(error, patient.name, patient.url).finding(names[0]))
            findings += [not_tried(name, "the check before it broke off") for name in names[1:]]
    tell(title("actions"))
    try:
        played = await play_samples(patient)
    except Exception as error:  # As above.
        findings.append(read_fault(error, patient.name, patient.url).finding("actions"))
        return [*findings, not_tried("speed", "no sample ran")], None
    return [*findings, *played.findings], played.forecast


async def _graded(grader: Model | None, subject: str) -> list[Finding]:
    try:
        return await check_grader(grader, subject)
    except Exception as error:  # As above.
        return [read_fault(error, str(grader)).finding("grader")]


def _rest(why: str) -> list[Finding]:
    names = [name for found, _ in _CHECKS for name in found]
    return [not_tried(name, why) for name in (*names, "actions", "speed", "grader")]
