"""See that the grader answers before any sample runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from inspect_ai.dataset import Sample
from inspect_ai.log import EvalSpec
from inspect_ai.model import GenerateConfig, Model
from inspect_ai.scorer import SampleScore
from inspect_ai.util import EarlyStop

from ._grader import bound_grader, is_simulated
from .errors import BadInputError

_PATIENCE = GenerateConfig(max_tokens=16, max_retries=1, timeout=60)


class GraderUnreachableError(BadInputError):
    """The model in the role `grader` does not answer."""


class GraderCheck:
    """Asks the grader for one word when a run starts.

    It is handed to Inspect as early stopping, the one public place that runs after models are
    made and bound and before samples are run, and whose failure ends the run. It stops nothing
    else.
    """

    async def start_task(self, task: EvalSpec, samples: list[Sample], epochs: int) -> str:
        """Reach the grader that is bound, if it is none of ours."""
        grader = bound_grader()
        if grader is not None and not is_simulated(str(grader)):
            await reach(grader)
        return "grader_check"

    async def schedule_sample(self, id: str | int, epoch: int) -> EarlyStop | None:
        """Let every sample run."""
        return None

    async def complete_sample(
        self, id: str | int, epoch: int, scores: dict[str, SampleScore]
    ) -> None:
        """Take note of nothing."""

    async def complete_task(self) -> dict[str, Any]:
        """Add nothing to the log."""
        return {}


async def reach(grader: Model) -> None:
    """Ask a grader for one word.

    Args:
        grader: The grader.

    Raises:
        GraderUnreachableError: If it does not answer.
    """
    try:
        await grader.generate("Answer with the word ready.", config=_PATIENCE)
    except Exception as error:  # Providers raise types of their own, which none can list.
        raise GraderUnreachableError(
            f"the grader {grader} does not answer ({type(error).__name__}: {error}): nothing was "
            "run; give another grader, or none for the embedded rules"
        ) from None


async def reach_all(graders: Sequence[Model]) -> None:
    """Ask each grader for one word, those of ours apart.

    Args:
        graders: The graders.

    Raises:
        GraderUnreachableError: If one does not answer.
    """
    for grader in graders:
        if not is_simulated(str(grader)):
            await reach(grader)
