"""The model that is examined: asked through Inspect, and what its server or tokenizer tells."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import anyio
from inspect_ai.model import (
    ChatMessage,
    ChatMessageSystem,
    ChatMessageUser,
    ContentReasoning,
    GenerateConfig,
    Model,
    ModelOutput,
)
from inspect_ai.tool import ToolDef

from .._grader import is_simulated
from .settings import Settings

_SECONDS = 20.0


@dataclass(frozen=True)
class Question:
    """What is asked.

    Attributes:
        text: The user's message.
        system: The system prompt, if there is one.
        max_tokens: Most tokens of the reply.
        temperature: That of the runs to come if None.
        seed: Sent with the request if given.
        tools: On offer.
    """

    text: str
    system: str = ""
    max_tokens: int = 64
    temperature: float | None = None
    seed: int | None = None
    tools: Sequence[ToolDef] = ()

    @property
    def messages(self) -> list[ChatMessage]:
        """The conversation."""
        opened: list[ChatMessage] = [ChatMessageSystem(content=self.system)] if self.system else []
        return [*opened, ChatMessageUser(content=self.text)]


@dataclass
class Patient:
    """A model under examination.

    Attributes:
        model: The model.
        settings: How it will be run.
    """

    model: Model
    settings: Settings

    @property
    def name(self) -> str:
        """Its name in Inspect."""
        return str(self.model)

    @property
    def provider(self) -> str:
        """Inspect's name of its provider."""
        return self.name.split("/", 1)[0]

    @property
    def simulated(self) -> bool:
        """Whether it is one of ours, which stands for no real model."""
        return is_simulated(self.name)

    @property
    def url(self) -> str | None:
        """Its server's address, as far as the provider tells."""
        found = getattr(self.model.api, "base_url", None)
        return str(found) if found else getattr(self.model.api, "_init_base_url", None)

    @property
    def tokenizer(self) -> Any:
        """Its tokenizer, if it runs in this process."""
        found = getattr(self.model.api, "tokenizer", None)
        return found if callable(found) else None

    @property
    def weights(self) -> Any:
        """Its weights as transformers holds them, if it runs in this process."""
        return getattr(self.model.api, "model", None) if self.tokenizer is not None else None

    def limit(self, tokens: int) -> int:
        """Give the token limit of a short reply: never above that of the runs."""
        return min(tokens, self.settings.max_tokens)

    async def ask(self, question: Question) -> ModelOutput:
        """Put one question.

        Raises:
            Exception: What the provider raises.
        """
        settings = self.settings
        temperature = question.temperature
        return await self.model.generate(
            question.messages,
            tools=list(question.tools),
            config=GenerateConfig(
                max_tokens=self.limit(question.max_tokens),
                temperature=settings.temperature if temperature is None else temperature,
                seed=question.seed,
                max_retries=1,
                timeout=settings.patience,
                max_connections=settings.max_connections,
            ),
        )

    async def ask_all(self, questions: Sequence[Question]) -> list[ModelOutput]:
        """Put several questions together, so that a provider that batches can."""
        outputs: dict[int, ModelOutput] = {}

        async def one(number: int) -> None:
            outputs[number] = await self.ask(questions[number])

        async with anyio.create_task_group() as group:
            for number in range(len(questions)):
                group.start_soon(one, number)
        return [outputs[number] for number in range(len(questions))]

    async def get(self, path: str) -> Any:
        """Read something from its server; None if it has none or does not know the path."""
        return await self._http("GET", path, None)

    async def post(self, path: str, body: object) -> Any:
        """Ask its server something beside the model API; None as for `get`."""
        return await self._http("POST", path, body)

    async def _http(self, method: str, path: str, body: object) -> Any:
        client = getattr(self.model.api, "http_client", None)
        if client is None or not self.url:
            return None
        root = self.url.rstrip("/").removesuffix("/v1")
        key = getattr(self.model.api, "api_key", None)
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        try:
            reply = await client.request(
                method, f"{root}{path}", json=body, headers=headers, timeout=_SECONDS
            )
            return reply.json() if reply.status_code == 200 else None
        except Exception:  # A server without that path, or none: the check says "unknown".
            return None

    async def let_go(self) -> None:
        """Close connections, which belong to the event loop that ends, and allow new ones.

        A server that Inspect started for the model stays.
        """
        client = getattr(self.model.api, "client", None)
        close = getattr(client, "close", None)
        if close is not None and getattr(self.model.api, "http_client", None) is not None:
            await close()
            self.model.api.initialize()


def said(output: ModelOutput) -> str:
    """Give all that a model wrote, reasoning included."""
    if not output.choices:
        return ""
    content = output.message.content
    parts = [] if isinstance(content, str) else content
    thoughts = [part.reasoning for part in parts if isinstance(part, ContentReasoning)]
    return "\n".join([*thoughts, output.completion])


def read_tokens(output: ModelOutput) -> int:
    """Give the prompt tokens, what a cache served included; 0 if nobody counted them."""
    if output.usage is None:
        return 0
    # Inspect takes what came from a prompt cache off the input tokens.
    return output.usage.input_tokens + (output.usage.input_tokens_cache_read or 0)


class Watch:
    """Seconds since it was made."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    @property
    def seconds(self) -> float:
        """How long ago."""
        return time.monotonic() - self._start
