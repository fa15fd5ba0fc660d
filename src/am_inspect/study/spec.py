"""A study's file, typed: models, cells, what is pinned, who grades, budget and prices."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from inspect_ai.model import GenerateConfig
from pydantic import AfterValidator, Field, model_validator

from ..cells import CELLS
from ..mail.protocol import Delivery
from ..original import ORIGINAL_CELLS
from .keys import StrictKeys
from .source import Generate, Price, Source

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
Count = Annotated[int, Field(ge=1)]
Money = Annotated[float, Field(gt=0)]


def _here(folder: Path) -> Path:
    # A path has one slash left of the two: `s3:/bucket`.
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+:/", str(folder)):
        raise ValueError(
            f"{folder} is an address: a folder on this machine is wanted (docs/scaling.md has the "
            "way to object storage)"
        )
    return folder


class StudyModel(StrictKeys):
    """One subject, and where it may be found.

    Attributes:
        name: What the study calls it.
        family: Its family, for the report; null if not told.
        params_b: Its parameters in billions; null if not told.
        generate: Generation settings beside or instead of the study's.
        providers: How it is made, by Inspect's name of the provider.
    """

    name: Name
    family: str | None = None
    params_b: Annotated[float, Field(gt=0)] | None = None
    generate: Generate = Field(default_factory=dict)
    providers: dict[str, Source] = Field(min_length=1)


class Grader(StrictKeys):
    """A model that grades.

    Attributes:
        model: `PROVIDER/MODEL`, as Inspect takes it.
        base_url: Its server, where it is not the provider's own.
        args: Arguments of the provider.
        generate: Generation settings; temperature 0 unless told otherwise.
        price: US dollars per million tokens.
    """

    model: Annotated[str, Field(pattern=r"^[^/\s]+/\S+$")]
    base_url: str | None = None
    args: dict[str, Any] = Field(default_factory=dict)
    generate: Generate = Field(default_factory=dict)
    price: Price | None = None

    def config(self) -> GenerateConfig:
        """Give the generation settings."""
        return GenerateConfig(**{"temperature": 0.0, **self.generate})


class Budget(StrictKeys):
    """Where the study stops.

    Attributes:
        usd: Dollars for subjects and graders together, by the spec's prices.
        tokens: Tokens of subjects and graders together.
    """

    usd: Money | None = None
    tokens: Count | None = None


class Limits(StrictKeys):
    """Inspect's own limits, handed on.

    Attributes:
        token_limit: Tokens of one sample; so `time_limit`, in seconds, and `cost_limit`, in
            dollars. A sample that passes one is scored as it stands.
        time_limit: See there.
        cost_limit: See there.
        max_tasks: Cells at once; so `max_samples`, within a cell, and `max_connections`, to a
            provider.
        max_samples: See there.
        max_connections: See there.
        retry_on_error: How often a sample that ends in an error is tried again.
    """

    token_limit: Count | None = None
    time_limit: Count | None = None
    cost_limit: Money | None = None
    max_tasks: Count | None = None
    max_samples: Count | None = None
    max_connections: Count | None = None
    retry_on_error: Annotated[int, Field(ge=0)] = 1


class Assume(StrictKeys):
    """What the dry run supposes about a sample; it changes nothing in the run.

    Attributes:
        turns: Turns of a paced sample.
        reply_tokens: Tokens of a reply, reasoning included.
        verdict_tokens: Tokens of a grader's answer to one question.
    """

    turns: Count = 5
    reply_tokens: Count = 350
    verdict_tokens: Count = 120


class StudySpec(StrictKeys):
    """A whole study. Delivery and tools are pinned: one study never mixes them.

    Attributes:
        study: Its name.
        provider: Which entry of each model's `providers` is run.
        protocol: `am_inspect`, our worlds; or `summitbridge`, the published prompt.
        cells: The cells, each once.
        worlds: Worlds to run, all if not given; so `variants`.
        variants: See there.
        delivery: `paced` or `single_turn`.
        tools: `text` or `native`; `auto` could differ from model to model.
        max_turns: Most turns of a paced sample.
        epochs: How often each scenario is run.
        seed: Inspect's `--seed`; null for none.
        generate: Generation settings of all models; temperature 1 and 2,048 tokens unless told.
        models: The subjects.
        grader: Who grades during the run; the embedded rules if neither this nor a panel is given.
        panel: Several graders: the first during the run, each other one on the same logs after it.
        budget: Where to stop.
        limits: Inspect's limits.
        assume: Suppositions of the dry run.
        log_dir: Folder of the logs; `logs/<study>` if not given.
        log_realtime: Whether each event is saved at once. Without it a kill costs the samples
            that were finished and not yet written, at most ten a cell; simulated models run a
            third faster.
    """

    study: Name
    provider: str
    protocol: Literal["am_inspect", "summitbridge"] = "am_inspect"
    cells: Annotated[tuple[str, ...], Field(min_length=1)]
    worlds: Annotated[tuple[str, ...], Field(min_length=1)] | None = None
    variants: Annotated[tuple[int, ...], Field(min_length=1)] | None = None
    delivery: Delivery
    tools: Literal["text", "native"]
    max_turns: Count = 8
    epochs: Count = 1
    seed: int | None = None
    generate: Generate = Field(default_factory=dict)
    models: Annotated[tuple[StudyModel, ...], Field(min_length=1)]
    grader: Grader | None = None
    panel: Annotated[tuple[Grader, ...], Field(min_length=2)] | None = None
    budget: Budget = Budget()
    limits: Limits = Limits()
    assume: Assume = Assume()
    log_dir: Annotated[Path, AfterValidator(_here)] | None = None
    log_realtime: bool = True

    @property
    def folder(self) -> Path:
        """Where the logs go."""
        return self.log_dir or Path("logs") / self.study

    @property
    def graders(self) -> tuple[Grader, ...]:
        """Who grades, the one of the run first; the embedded rules if the spec names nobody."""
        from .._grader import RULES_GRADER

        return self.panel or (self.grader or Grader(model=RULES_GRADER),)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        for problem in (
            *_repeated("cells", self.cells),
            *_repeated("worlds", self.worlds or ()),
            *_repeated("variants", self.variants or ()),
            *_repeated("models", [model.name for model in self.models]),
            *_repeated("panel", [grader.model for grader in self.panel or ()]),
            *self._problems(),
        ):
            raise ValueError(problem)
        return self

    def _problems(self) -> list[str]:
        published = self.protocol == "summitbridge"
        allowed = tuple(ORIGINAL_CELLS) if published else tuple(CELLS)
        found = [
            f"unknown cell {cell!r}: allowed are {', '.join(allowed)}"
            for cell in self.cells
            if cell not in allowed
        ]
        found += [
            f"model {model.name!r} is not told for provider {self.provider!r}: its providers are "
            f"{', '.join(model.providers)}"
            for model in self.models
            if self.provider not in model.providers
        ]
        found += [
            f"models.{model.name}.providers.{provider}: {problem}"
            for model in self.models
            for provider, source in model.providers.items()
            if (problem := source.problem(provider))
        ]
        if self.grader and self.panel:
            found.append("grader and panel are both given: allowed is one of them")
        if published and (self.delivery, self.tools) != ("single_turn", "text"):
            found.append("protocol summitbridge is delivery: single_turn and tools: text only")
        if published and (self.worlds or self.variants):
            found.append("protocol summitbridge has one prompt, so no worlds and no variants")
        if not found:
            names = [model.providers[self.provider].model for model in self.models]
            found += _repeated("models", names)
            found += self._unpriced()
        return found

    def _unpriced(self) -> list[str]:
        if self.budget.usd is None and self.limits.cost_limit is None:
            return []
        prices = {m.name: m.providers[self.provider].price for m in self.models}
        prices |= {grader.model: grader.price for grader in self.graders if not _free(grader.model)}
        without = [name for name, price in prices.items() if price is None]
        return [f"a limit in dollars needs a price for {', '.join(without)}"] if without else []


def _free(model: str) -> bool:
    return model.startswith("amsim/")


def _repeated(what: str, values: Any) -> list[str]:
    twice = sorted({str(value) for value in values if list(values).count(value) > 1})
    return [f"{what}: {', '.join(twice)} stands there more than once"] if twice else []
