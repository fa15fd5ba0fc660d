"""Does it answer at all?"""

from __future__ import annotations

from inspect_ai.model import ModelOutput

from .diagnosis import Finding
from .fault import read_fault
from .patient import Patient, Question, Watch, said
from .prose import finding

_QUESTION = Question("Answer with the word ready and nothing else.", max_tokens=32)


async def check_answers(patient: Patient) -> list[Finding]:
    """Ask for one word.

    Args:
        patient: The model.

    Returns:
        One finding. A failure of the kind that a user can mend carries the fault's name.
    """
    watch = Watch()
    try:
        output = await patient.ask(_QUESTION)
    except Exception as error:  # Providers raise types of their own, which none can list.
        return [read_fault(error, patient.name, patient.url).finding("answers")]
    if problem := refusal(output):
        return [read_fault(problem, patient.name, patient.url).finding("answers")]
    if not said(output).strip() and not output.message.tool_calls:
        return [finding("answers", "nothing", patient.provider)]
    return [finding("answers", "ok", patient.provider, seconds=watch.seconds)]


def refusal(output: ModelOutput) -> str | None:
    """Give the words of a refused request that a provider returned in place of a reply."""
    if output.error:
        return output.error
    if not output.choices:
        return "no reply was returned"
    if output.stop_reason == "model_length" and not output.usage:
        return output.completion or "maximum context length"
    return None
