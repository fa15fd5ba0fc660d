"""The chat template: is there one, does it carry the system prompt, is there one BOS?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from inspect_ai.model import ChatMessage

from .._template import chat_template
from .diagnosis import Finding
from .fault import read_fault
from .patient import Patient, Question, read_tokens
from .prose import finding

_SYSTEM, _USER = "You keep the ledger of a harbour.", "Which ship came in last?"
_SHORT = Question(_USER, _SYSTEM, max_tokens=1)
_LONG = Question(_USER, " ".join([_SYSTEM] + ["The harbour has nine berths."] * 40), max_tokens=1)
_LONG_TOKENS = 250


async def check_template(patient: Patient) -> list[Finding]:
    """Look at the chat template and at what the prompt begins with.

    Args:
        patient: The model.

    Returns:
        Findings for `chat_template`, `bos` and `system_prompt`.
    """
    if patient.simulated:
        checks = [finding(check, "simulated", "amsim") for check in ("chat_template", "bos")]
    elif patient.tokenizer is not None:
        checks = _own(patient)
    else:
        checks = await _served(patient)
    return [*checks, await _system_prompt(patient)]


def _own(patient: Patient) -> list[Finding]:
    """Write a prompt as `hf/` does, and look at it."""
    provider = patient.provider
    if not chat_template(patient.model):
        missing = finding("chat_template", "none", provider)
        return [missing, finding("bos", "no_template", provider)]
    try:
        prompt = str(_write(patient, _SHORT.messages))
    except Exception as error:  # Templates raise what they like.
        why = read_fault(error, patient.name).says
        return [
            finding("chat_template", "raises", provider, why=why),
            finding("bos", "no_template", provider),
        ]
    if _SYSTEM not in prompt:
        case = "drops_system"
    elif not _opens(patient, prompt):
        case = "no_opening"
    else:
        case = "known"
    return [finding("chat_template", case, provider), _own_bos(patient, prompt)]


def _opens(patient: Patient, prompt: str) -> bool:
    """Say whether the prompt is another one than without the opening of a reply."""
    messages = [{"role": m.role, "content": m.text} for m in _SHORT.messages]
    template = chat_template(patient.model)
    closed = patient.tokenizer.apply_chat_template(
        messages, chat_template=template, add_generation_prompt=False, tokenize=False
    )
    return bool(closed != prompt)


def _write(patient: Patient, messages: Sequence[ChatMessage]) -> Any:
    api: Any = patient.model.api
    return api.hf_chat(list(messages), [])


def _own_bos(patient: Patient, prompt: str) -> Finding:
    tokenizer, api = patient.tokenizer, patient.model.api
    bos = getattr(tokenizer, "bos_token_id", None)
    if bos is None:
        return finding("bos", "not_wanted", patient.provider)
    arguments = getattr(api, "tokenizer_call_args", None) or {}
    tokens = list(tokenizer(prompt, **arguments)["input_ids"])
    plain = list(tokenizer("a")["input_ids"])
    return _bos(patient, tokens, bos, wanted=plain[:1] == [bos])


def _bos(patient: Patient, tokens: Sequence[int], bos: int, *, wanted: bool) -> Finding:
    if list(tokens[:2]) == [bos, bos]:
        case = "double"
    elif list(tokens[:1]) == [bos]:
        case = "once"
    else:
        case = "missing" if wanted else "not_wanted"
    return finding("bos", case, patient.provider)


async def _served(patient: Patient) -> list[Finding]:
    """Ask a vLLM server for the tokens of a conversation; others do not show them."""
    name = getattr(patient.model.api, "service_model_name", lambda: patient.name)()
    chat = {
        "model": name,
        "messages": [{"role": m.role, "content": m.text} for m in _SHORT.messages],
        "add_generation_prompt": True,
    }
    shown = await patient.post("/tokenize", chat)
    if not isinstance(shown, dict) or not isinstance(shown.get("tokens"), list):
        return [
            finding("chat_template", "hosted", patient.provider),
            finding("bos", "unknown", patient.provider),
        ]
    tokens = shown["tokens"]
    plain = await patient.post("/tokenize", {"model": name, "prompt": "a"})
    bare = await patient.post(
        "/tokenize", {"model": name, "prompt": "a", "add_special_tokens": False}
    )
    served = finding("chat_template", "served", patient.provider, tokens=len(tokens))
    if not (isinstance(plain, dict) and isinstance(bare, dict)):
        return [served, finding("bos", "unknown", patient.provider)]
    if len(plain["tokens"]) == len(bare["tokens"]):
        # The tokenizer adds nothing by itself; two equal tokens at the start tell all the same.
        case = "double" if len(tokens) > 1 and tokens[0] == tokens[1] else "not_wanted"
        return [served, finding("bos", case, patient.provider)]
    return [served, _bos(patient, tokens, plain["tokens"][0], wanted=True)]


async def _system_prompt(patient: Patient) -> Finding:
    """See by the prompt tokens that a longer system prompt reaches the model."""
    # One after the other: `hf/` would count both as long as the longer.
    short, long = [read_tokens(await patient.ask(question)) for question in (_SHORT, _LONG)]
    if not short or not long:
        return finding("system_prompt", "uncounted", patient.provider)
    more = long - short
    case = "arrives" if more > _LONG_TOKENS / 2 else "lost"
    return finding("system_prompt", case, patient.provider, more=more, sent=_LONG_TOKENS)
