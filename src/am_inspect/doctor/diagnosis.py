"""What the doctor found: one finding a check, and what a study would take."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

Status = Literal["pass", "warn", "fail", "skip"]
"""`skip`: the check could not be made; its sentence says why. It is no pass."""


class Finding(BaseModel):
    """One check.

    Attributes:
        check: Name of the check.
        case: Which of its outcomes, a key of `prose.yaml` or the name of a fault.
        status: How it went.
        says: One sentence.
        mend: What to do, with the flag that does it; None where nothing is to be done.
    """

    model_config = ConfigDict(frozen=True)

    check: str
    case: str
    status: Status
    says: str
    mend: str | None = None


class Forecast(BaseModel):
    """What the ten samples cost, and from that a study of the same delivery on this machine.

    Attributes:
        tokens_per_second: Completion tokens a second, over all samples under way together.
        seconds_per_sample: Wall time by samples.
        tokens_per_sample: Prompt and completion tokens of one.
        at_once: Calls under way together; None if the provider chose.
        samples: Samples of the study that is forecast.
        hours: Its time.
        tokens: Its tokens, the grader's not counted.
    """

    model_config = ConfigDict(frozen=True)

    tokens_per_second: float
    seconds_per_sample: float
    tokens_per_sample: float
    at_once: int | None
    samples: int
    hours: float
    tokens: int


class Diagnosis(BaseModel):
    """All that was found of one model.

    Attributes:
        schema_version: 1; grows when the form changes.
        model: The model.
        grader: The grader, if one was bound.
        simulated: Whether the model is an embedded one, of which nothing here says how a real
            model would do.
        findings: The checks in the order in which they were made.
        forecast: None where no sample ran.
    """

    model_config = ConfigDict(frozen=True)

    schema_version: int = 1
    model: str
    grader: str | None = None
    simulated: bool = False
    findings: tuple[Finding, ...]
    forecast: Forecast | None = None

    @property
    def failed(self) -> tuple[Finding, ...]:
        """The checks that failed."""
        return tuple(finding for finding in self.findings if finding.status == "fail")

    @property
    def problem(self) -> str | None:
        """The first failure with its remedy, in one sentence; None if nothing failed."""
        if not self.failed:
            return None
        first = self.failed[0]
        return f"{first.check}: {first.says}" + (f"; {first.mend}" if first.mend else "")

    def of(self, check: str) -> Finding:
        """Give the finding of a check.

        Raises:
            KeyError: If that check was not made.
        """
        for finding in self.findings:
            if finding.check == check:
                return finding
        raise KeyError(check)
