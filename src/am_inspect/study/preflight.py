"""See that a model is fit before a study spends anything on it."""

from __future__ import annotations

from collections.abc import Callable

from inspect_ai.model import Model

from .._grader import is_simulated
from ..doctor import Settings, diagnose
from .keys import StudyError
from .plan import Plan, Subject


def examine(
    plan: Plan, subject: Subject, model: Model, grader: Model, tell: Callable[[str], None]
) -> None:
    """Let the doctor look at a subject, with the study's settings. Embedded models need none.

    Args:
        plan: The study.
        subject: Which of its models.
        model: The same, made.
        grader: Who grades; examined along, unless it is one of ours.
        tell: Is told of each check and each warning, a line each.

    Raises:
        StudyError: If a check fails.
    """
    if is_simulated(str(model)):
        return
    spec, default = plan.spec, Settings()
    settings = Settings(
        delivery=spec.delivery,
        tools=spec.tools,
        max_turns=spec.max_turns,
        max_tokens=subject.generate.get("max_tokens") or default.max_tokens,
        temperature=subject.generate.get("temperature", default.temperature),
        seed=default.seed if spec.seed is None else spec.seed,
        max_connections=spec.limits.max_connections,
        planned=plan.samples,
    )
    name = subject.entry.name
    found = diagnose(
        model,
        None if is_simulated(str(grader)) else grader,
        settings,
        lambda check: tell(f"doctor, {name}: {check}"),
    )
    for finding in found.findings:
        if finding.status == "warn":
            advice = f"; {finding.mend}" if finding.mend else ""
            tell(f"warning: {name}: {finding.check}: {finding.says}{advice}")
    if found.problem is not None:
        raise StudyError(
            f"{name} ({model}) is not fit for this study: {found.problem}. Nothing of it was run; "
            "--no-doctor runs it all the same"
        )
