"""Do replies end, and is reasoning split off?"""

from __future__ import annotations

import re

from inspect_ai.model import ContentReasoning, ModelOutput

from .._reply_tokens import was_cut
from ..reasoning import split_reasoning
from .diagnosis import Finding
from .patient import Patient, Question
from .prose import finding

_LIMIT = 200
_SHORT = ("Is the sea salty? Answer yes or no.", "Name one colour.", "What is two and two?")
_HARD = "A crate holds 17 jars of 23 plums. How many plums are that? Think first, then answer."
_THOUGHT = 600
_MARK = re.compile(
    r"</?\s*(?:think|thinking|thought|reasoning|seed:think)\s*>|\[/?THINK\]|<\|channel\|>"
)


async def check_ending(patient: Patient) -> list[Finding]:
    """Ask what takes a word to answer, and see whether the reply stops by itself.

    Args:
        patient: The model.

    Returns:
        One finding. Where the provider gives no stop reason (`hf/`), the model's own tokenizer
        says how long a reply was.
    """
    outputs = await patient.ask_all([Question(text, max_tokens=_LIMIT) for text in _SHORT])
    limit = patient.limit(_LIMIT)
    cut = sum(was_cut(patient.model, output, limit) for output in outputs)
    of = len(outputs)
    case = "ends" if cut == 0 else "endless" if cut == of else "some"
    return [finding("ending", case, patient.provider, cut=cut, of=of, ended=of - cut, limit=limit)]


async def check_reasoning(patient: Patient) -> list[Finding]:
    """Ask what wants a thought, and see where the thought stands in the reply.

    Args:
        patient: The model.

    Returns:
        One finding.
    """
    if patient.simulated:
        return [finding("reasoning", "simulated", "amsim")]
    output = await patient.ask(Question(_HARD, max_tokens=_THOUGHT))
    return [_reasoning(patient, output)]


def _reasoning(patient: Patient, output: ModelOutput) -> Finding:
    content = output.message.content if output.choices else ""
    parts = [] if isinstance(content, str) else content
    marks = sorted({found.group() for found in _MARK.finditer(output.completion)})
    if marks:
        split = split_reasoning(output.completion, truncated=False, first_action=lambda _: None)
        if split.unclosed:
            return finding("reasoning", "unclosed", patient.provider, limit=patient.limit(_THOUGHT))
        return finding("reasoning", "in_the_text", patient.provider, marks=", ".join(marks))
    apart = any(isinstance(part, ContentReasoning) for part in parts)
    return finding("reasoning", "apart" if apart else "none", patient.provider)
