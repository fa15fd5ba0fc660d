"""Where a model comes from: provider, name, revision, number format, price."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from inspect_ai.model import GenerateConfig
from pydantic import AfterValidator, Field, ValidationError

from .keys import StrictKeys

# Settings that a study gives in a place of their own, so that they cannot contradict it.
_ELSEWHERE = {"seed": "seed", "max_connections": "limits.max_connections"}

# What a provider can be told of a model's weights. Others have them as they have them.
PINS: Mapping[str, tuple[str, ...]] = {
    "vllm": ("revision", "dtype", "quantization"),
    "hf": ("revision", "dtype"),
    "openrouter": ("quantization",),
}

LOADS_WEIGHTS = ("hf", "vllm", "sglang", "llama-cpp-python", "transformer_lens", "nnterp")
"""Providers that load weights on this machine when they are given no server."""


def _known_settings(given: dict[str, Any]) -> dict[str, Any]:
    for key in given:
        if key in _ELSEWHERE:
            raise ValueError(f"{key} is given as {_ELSEWHERE[key]}, not here")
        if key not in GenerateConfig.model_fields:
            allowed = ", ".join(sorted(set(GenerateConfig.model_fields) - set(_ELSEWHERE)))
            raise ValueError(f"unknown generation setting {key!r}: allowed are {allowed}")
    try:
        GenerateConfig(**given)
    except ValidationError as error:
        first = error.errors()[0]
        raise ValueError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    return given


Generate = Annotated[dict[str, Any], AfterValidator(_known_settings)]


class Price(StrictKeys):
    """US dollars per million tokens.

    Attributes:
        input: For what is read.
        output: For what is written.
        cached: For what is read from a prompt cache; as `input` if not told.
    """

    input: Annotated[float, Field(ge=0)]
    output: Annotated[float, Field(ge=0)]
    cached: Annotated[float, Field(ge=0)] | None = None

    def cost(self, read: int, written: int, cached: int = 0) -> float:
        """Give the price of some tokens in dollars, the cached ones counted beside `read`."""
        of_cache = self.input if self.cached is None else self.cached
        return (read * self.input + written * self.output + cached * of_cache) / 1e6


class Source(StrictKeys):
    """A model at one provider.

    Attributes:
        model: Its name there, without the provider's.
        revision: Commit or tag of the weights, where the provider can be told.
        dtype: Number format of the weights, likewise.
        quantization: Likewise. At OpenRouter: only hosts that serve this format are asked.
        base_url: A server that is running already. What it serves was settled when it was
            started, so no pin is passed to it; the log keeps them as declared.
        args: More arguments of the provider, as `-M` of Inspect.
        price: US dollars per million tokens.
    """

    model: Annotated[str, Field(min_length=1)]
    revision: str | None = None
    dtype: str | None = None
    quantization: str | None = None
    base_url: str | None = None
    args: dict[str, Any] = Field(default_factory=dict)
    price: Price | None = None

    def pins(self) -> dict[str, str]:
        """Give what is said of the weights: revision, dtype, quantization."""
        given = {name: getattr(self, name) for name in ("revision", "dtype", "quantization")}
        return {name: value for name, value in given.items() if value is not None}

    def problem(self, provider: str) -> str | None:
        """Say which pin the provider cannot be told; None if all can."""
        allowed = PINS.get(provider, ())
        for pin in self.pins():
            if pin not in allowed:
                can = ", ".join(allowed) or "none of them"
                return f"{provider} cannot be told {pin}: allowed there is {can} (else use args)"
        return None

    def model_args(self, provider: str) -> dict[str, Any]:
        """Give the arguments that Inspect's provider is made with."""
        if self.base_url is not None:
            return dict(self.args)
        if provider == "openrouter" and self.quantization:
            route = {"quantizations": [self.quantization], **self.args.get("provider", {})}
            return {**self.args, "provider": route}
        return {**self.pins(), **self.args}

    def loads_weights(self, provider: str) -> bool:
        """Whether making the model loads its weights on this machine."""
        return provider in LOADS_WEIGHTS and self.base_url is None and "port" not in self.args
