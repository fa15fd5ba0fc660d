"""Whether a local model has a chat template, which Inspect's `hf/` does not say."""

from __future__ import annotations

from inspect_ai.model import Model


def chat_template(model: Model) -> str | None:
    """Give the chat template of a model that runs in this process.

    Args:
        model: The subject.

    Returns:
        The template; "" if the model has a tokenizer and no template, so that `hf/` writes
        plain `role: text` lines; None if nothing is known, as of every served model.
    """
    tokenizer = getattr(model.api, "tokenizer", None)
    if tokenizer is None:
        return None
    given = getattr(model.api, "chat_template", None)
    template = given if isinstance(given, str) else getattr(tokenizer, "chat_template", None)
    return str(template or "")
