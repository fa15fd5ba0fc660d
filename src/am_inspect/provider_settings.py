"""What a run is set to by default, for each of Inspect's providers: `provider_settings.yaml`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml
from inspect_ai.model import GenerateConfig
from pydantic import BaseModel, ConfigDict, PositiveInt

Seeds = Literal["request", "load", "best_effort", "none"]
"""What becomes of the seeds that we derive: see the file."""


class ProviderSettings(BaseModel):
    """One provider's defaults. What they mean stands in the file.

    Attributes:
        entry: Name of the entry that was taken.
        max_connections: Calls under way together; None leaves it to Inspect.
        max_retries: Further tries of a failed call.
        timeout: Seconds for one call with all its tries.
        attempt_timeout: Seconds for one try.
        max_tokens: Tokens of a reply.
        seeds: What becomes of request seeds.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    entry: str
    max_connections: PositiveInt | None
    max_retries: int
    timeout: PositiveInt | None
    attempt_timeout: PositiveInt | None
    max_tokens: PositiveInt
    seeds: Seeds

    def config(self, *, temperature: float, max_tokens: int | None = None) -> GenerateConfig:
        """Give them as a task's settings, which every option of the command line overrides.

        Args:
            temperature: That of the task.
            max_tokens: Tokens of a reply, if the task has a length of its own.
        """
        return GenerateConfig(
            temperature=temperature,
            max_tokens=max_tokens or self.max_tokens,
            max_connections=self.max_connections,
            max_retries=self.max_retries,
            timeout=self.timeout,
            attempt_timeout=self.attempt_timeout,
        )


def settings_for(model: str | None) -> ProviderSettings:
    """Give the defaults for a model.

    Args:
        model: Its name, `provider/model`; None where it is not known yet.

    Returns:
        The provider's entry laid over the default one.
    """
    provider = (model or "").split("/", 1)[0]
    entry = provider if provider in _entries() else "default"
    return ProviderSettings(entry=entry, **{**_entries()["default"], **_entries()[entry]})


@cache
def _entries() -> dict[str, dict[str, Any]]:
    text = files("am_inspect").joinpath("provider_settings.yaml").read_text(encoding="utf-8")
    data: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return data
