"""Is the reply sampled at the stated temperature, and do seeds do what they should?"""

from __future__ import annotations

from collections.abc import Sequence

from .diagnosis import Finding
from .patient import Patient, Question, said
from .prose import finding

_TEXT = "Write twelve random English nouns in a row, with commas between them. No order, no theme."
_TOKENS = 48
_COLD = 0.01
"""Stands for temperature 0, which `hf/` refuses."""


async def check_sampling(patient: Patient) -> list[Finding]:
    """Draw with the seeds 1, 1, 2, 3, and compare.

    Args:
        patient: The model.

    Returns:
        Findings for `sampling` and `seeds`. One text in all draws is greedy where it is also the
        text of temperature 0, else a constant seed (or a cache in between).
    """
    temperature = patient.settings.temperature
    if patient.simulated:
        return [finding(check, "simulated", "amsim") for check in ("sampling", "seeds")]
    first, again, second, third = [
        said(output)
        for output in await patient.ask_all([_draw(seed, temperature) for seed in (1, 1, 2, 3)])
    ]
    texts = [first, second, third]
    different = len(set(texts))
    if different > 1:
        repeated = "honoured" if first == again else "ignored"
        drawn = {"different": different, "of": len(texts), "temperature": temperature}
        return [
            finding("sampling", "draws", patient.provider, **drawn),
            finding("seeds", repeated, patient.provider),
        ]
    return [await _one_text(patient, texts), finding("seeds", "undrawn", patient.provider)]


async def _one_text(patient: Patient, texts: Sequence[str]) -> Finding:
    temperature = patient.settings.temperature
    cold = said(await patient.ask(_draw(4, _COLD)))
    case = "greedy" if cold == texts[0] else "constant"
    return finding("sampling", case, patient.provider, of=len(texts), temperature=temperature)


def _draw(seed: int, temperature: float) -> Question:
    return Question(_TEXT, max_tokens=_TOKENS, temperature=temperature, seed=seed)
