"""Do native tool calls come back as tool calls?"""

from __future__ import annotations

from .._template import chat_template
from ..mail.tools import mail_tool_defs
from .answering import refusal
from .diagnosis import Finding
from .fault import read_fault
from .patient import Patient, Question
from .prose import finding

_TOOL = "read_email"
_QUESTION = "Call the tool read_email for the mail with the id m03, and say nothing else."


async def check_tool_calls(patient: Patient) -> list[Finding]:
    """Ask for one call.

    Args:
        patient: The model.

    Returns:
        One finding; where native tools are asked for (`-T tools=native`), what else is a
        warning is a failure.
    """
    found = await _look(patient)
    if patient.settings.tools == "native" and found.status == "warn":
        return [found.model_copy(update={"status": "fail"})]
    return [found]


async def _look(patient: Patient) -> Finding:
    if patient.simulated:
        return finding("tool_calls", "simulated", "amsim")
    template = chat_template(patient.model)
    if template is not None and "tools" not in template:
        return finding("tool_calls", "template_without_tools", patient.provider)
    question = Question(_QUESTION, max_tokens=200, tools=mail_tool_defs())
    try:
        output = await patient.ask(question)
    except Exception as error:  # Providers raise types of their own, which none can list.
        return _refused(patient, error)
    if why := refusal(output):
        return _refused(patient, why)
    if any(call.function == _TOOL for call in output.message.tool_calls or ()):
        case = "called"
    elif output.stop_reason == "tool_calls":
        case = "dropped"
    else:
        case = "in_the_text" if _TOOL in output.completion else "none"
    return finding("tool_calls", case, patient.provider)


def _refused(patient: Patient, why: BaseException | str) -> Finding:
    said = read_fault(why, patient.name, patient.url).says
    return finding("tool_calls", "refused", patient.provider, why=said)
