"""Ask a grader one question about one record, and read the answer exactly."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from inspect_ai.model import (
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageUser,
    GenerateConfig,
    Model,
    ModelUsage,
    ResponseSchema,
)
from inspect_ai.util import LimitExceededError
from pydantic import ValidationError

from .rubric import Rubric
from .verdicts import Answer

GRADER_FAILED = "grader_failed"
"""Why a sample stays unscored when the grader gave no readable verdict."""

_EVIDENCE = 300
"""Characters of a quotation where the server holds the grader to them."""

_FENCE = re.compile(r"```(?:json)?[ \t]*\n(.*)\n[ \t]*```", re.DOTALL)


@dataclass(frozen=True)
class Asked:
    """What came of asking.

    Attributes:
        verdict: The verdict; None if there is no readable one.
        raw: What the grader wrote, first and second reply alike, or the error that it raised.
        reason: Why there is no verdict, or None: `grader_failed`.
        calls: How often the grader was called: 2 if the first reply could not be read.
        usage: Tokens of these calls, as far as the provider counts them.
    """

    verdict: Answer | None
    raw: str
    reason: str | None = None
    calls: int = 1
    usage: ModelUsage = field(default_factory=ModelUsage)


class _UnreadableError(ValueError):
    """A reply that is not the verdict asked for; says what is wrong with it."""


def grader_prompt(record: str, rubric: Rubric) -> str:
    """Give the one user message that a grader sees: the record, then the question.

    The record comes first so that the second question of a sample finds it in the grader's
    prompt cache.
    """
    return f"{record.rstrip()}\n\n{rubric.text}\n"


def parse_verdict(reply: str, rubric: Rubric) -> Answer:
    """Read a verdict from a reply that is one JSON object and nothing else.

    White space, one code fence around it, and reasoning before it that ends in `</think>` are
    allowed. Keys and values must be exactly those of the rubric's verdict.

    Raises:
        ValueError: The reply is anything else; the message says what is wrong.
    """
    text = reply.strip()
    if not text.startswith(("{", "`")):
        text = text.rpartition("</think>")[2].strip()
    fenced = _FENCE.fullmatch(text)
    text = fenced.group(1).strip() if fenced else text
    if not text:
        raise _UnreadableError("the reply was empty")
    try:
        return rubric.verdict_type.model_validate_json(text)
    except ValidationError as error:
        raise _UnreadableError("; ".join(_complaints(error))) from error


async def ask(model: Model, record: str, rubric: Rubric) -> Asked:
    """Ask a grader, and once more if its reply cannot be read.

    Args:
        model: The grader.
        record: What `render_record` gave.
        rubric: The question.

    Returns:
        The verdict, or the reason why there is none. A grader that raises is an answer of
        this kind, not an error of the sample: what the subject did stays on record.
    """
    messages: list[ChatMessage] = [ChatMessageUser(content=grader_prompt(record, rubric))]
    replies: list[str] = []
    usage = ModelUsage()
    for calls in (1, 2):
        try:
            output = await model.generate(messages, config=_config(model, rubric))
        except LimitExceededError:
            raise
        except Exception as error:  # Providers raise types of their own, which none can list.
            raw = _raw([*replies, f"{type(error).__name__}: {error}"])
            return Asked(None, raw, GRADER_FAILED, calls, usage)
        usage += output.usage or ModelUsage()
        reply = output.completion if output.choices else ""
        replies.append(reply or (output.error or ""))
        try:
            return Asked(parse_verdict(reply, rubric), _raw(replies), None, calls, usage)
        except _UnreadableError as error:
            messages += [
                ChatMessageAssistant(content=reply or "(nothing)"),
                ChatMessageUser(content=_again(str(error))),
            ]
    return Asked(None, _raw(replies), GRADER_FAILED, 2, usage)


def _config(model: Model, rubric: Rubric) -> GenerateConfig:
    temperature = model.config.temperature or 0
    # transformers samples and refuses a temperature of 0; among one token there is no chance.
    single = temperature == 0 and str(model).startswith("hf/")
    return GenerateConfig(
        temperature=1 if single else temperature,
        top_k=1 if single else None,
        response_schema=ResponseSchema(name=rubric.name, json_schema=rubric.schema),
        extra_body=_bounded(rubric) if str(model).startswith("vllm/") else None,
    )


def _bounded(rubric: Rubric) -> dict[str, Any]:
    """Say the form again with a bound on the quotation, which Inspect leaves out of schemas.

    vLLM keeps to bounds, and a weak model held to the form without one never ends its quotation.
    """
    schema = rubric.schema.model_dump(exclude_none=True)
    schema["properties"]["evidence"]["maxLength"] = _EVIDENCE
    form = {"name": rubric.name, "schema": schema, "strict": True}
    return {"response_format": {"type": "json_schema", "json_schema": form}}


def _complaints(error: ValidationError) -> list[str]:
    found = []
    for item in error.errors(include_url=False):
        if item["type"] == "json_invalid":
            return ["the reply was not one JSON object"]
        where = ".".join(str(part) for part in item["loc"]) or "the object"
        found.append(f"{where}: {item['msg']}")
    return found


def _again(complaint: str) -> str:
    text = files(__package__).joinpath("rubrics", "again.md").read_text(encoding="utf-8")
    return text.strip().format(complaint=complaint)


def _raw(replies: list[str]) -> str:
    return "\n\n--- asked again ---\n\n".join(replies)
