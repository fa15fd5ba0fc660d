"""Does the window hold the longest sample with its turns?"""

from __future__ import annotations

from typing import Any

from .._tokens import estimate
from .answering import refusal
from .diagnosis import Finding
from .fault import read_fault
from .longest import REPLY, Longest, longest_sample
from .patient import Patient, Question, read_tokens
from .prose import finding

_DROPPED = 0.6
"""A server that read less than this share of the estimated prompt dropped the rest. Real
tokenizers are within a quarter of characters / 4 on these English texts."""


async def check_context(patient: Patient) -> list[Finding]:
    """Compare the window with the longest sample, and send its prompt where a server may cut it.

    Args:
        patient: The model.

    Returns:
        One finding.
    """
    if patient.simulated:
        return [finding("context", "simulated", "amsim")]
    tokenizer = patient.tokenizer
    if tokenizer is not None:
        longest = longest_sample(patient.settings, lambda text: len(tokenizer(text)["input_ids"]))
        window = _own_window(patient)
        return [_compare(patient, longest, window)]
    guess = longest_sample(patient.settings, lambda text: len(estimate(text)))
    try:
        output = await patient.ask(Question(guess.text, max_tokens=1))
    except Exception as error:  # Providers raise types of their own, which none can list.
        return [_refused(patient, guess, error)]
    if why := refusal(output):
        return [_refused(patient, guess, why)]
    read = read_tokens(output)
    if read and read < _DROPPED * guess.prompt:
        said = {"read": read, "prompt": guess.prompt, "most": guess.most}
        return [finding("context", "cut_silently", patient.provider, **said)]
    longest = longest_sample(patient.settings, lambda _: read or guess.prompt)
    return [_compare(patient, longest, await _served_window(patient))]


def _refused(patient: Patient, longest: Longest, why: BaseException | str) -> Finding:
    fault = read_fault(why, patient.name, patient.url)
    if fault.kind != "context":
        return fault.finding("context")
    said = fault.says
    return finding(
        "context", "refused", patient.provider, prompt=longest.prompt, most=longest.most, why=said
    )


def _compare(patient: Patient, longest: Longest, window: int | None) -> Finding:
    if window is None:
        case = "unknown"
    elif window < longest.likely:
        case = "short"
    else:
        case = "tight" if window < longest.most else "holds"
    return finding(
        "context",
        case,
        patient.provider,
        window=window or 0,
        world=longest.world,
        delivery=patient.settings.delivery,
        prompt=longest.prompt,
        likely=longest.likely,
        most=longest.most,
        reply=min(REPLY, patient.settings.max_tokens),
    )


def _own_window(patient: Patient) -> int | None:
    config = getattr(patient.weights, "config", None)
    inner = getattr(config, "text_config", config)
    found = getattr(inner, "max_position_embeddings", None)
    return int(found) if found else None


async def _served_window(patient: Patient) -> int | None:
    """Read the window that vLLM (max_model_len) or llama.cpp (n_ctx) tell."""
    models = await patient.get("/v1/models")
    cards: list[Any] = models.get("data") or [] if isinstance(models, dict) else []
    name = getattr(patient.model.api, "service_model_name", lambda: "")()
    cards = [card for card in cards if card.get("id") == name] or cards[:1]
    for card in cards:
        for found in (card.get("max_model_len"), (card.get("meta") or {}).get("n_ctx")):
            if found:
                return int(found)
    return None
