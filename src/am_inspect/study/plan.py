"""From a study's file to what is run: subjects, samples, and batches for `eval_set`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ..dataset import choose_rows, dataset_sha
from ..errors import BadInputError
from ..grading import RUBRIC_NAMES, rubric_sha
from ..mail.protocol import protocol_sha
from ..solver import check_turns
from .keys import StudyError, read_mapping, sentence
from .source import Price, Source
from .spec import StudyModel, StudySpec

ONE_PROMPT = "summitbridge"
"""The protocol that has one prompt a cell, and tasks of its own."""


@dataclass(frozen=True)
class Subject:
    """A model of the study, settled for the provider that is run.

    Attributes:
        entry: What the file says of it.
        provider: Inspect's name of the provider.
        source: Its entry there.
        generate: Its generation settings, the study's included.
    """

    entry: StudyModel
    provider: str
    source: Source
    generate: Mapping[str, Any]

    @property
    def model(self) -> str:
        """Its name in Inspect, and in every log: `provider/model`."""
        return f"{self.provider}/{self.source.model}"

    @property
    def price(self) -> Price | None:
        """Dollars per million tokens."""
        return self.source.price


@dataclass(frozen=True)
class Plan:
    """What a study runs.

    Attributes:
        spec: The file.
        subjects: The models, in its order.
        sample_ids: Ids of the scenarios of a cell, the same in every cell.
    """

    spec: StudySpec
    subjects: tuple[Subject, ...]
    sample_ids: tuple[str, ...]

    @property
    def samples_a_cell(self) -> int:
        """Samples of one model in one cell."""
        return len(self.sample_ids) * self.spec.epochs

    @property
    def samples(self) -> int:
        """Samples of the whole study."""
        return self.samples_a_cell * len(self.spec.cells) * len(self.subjects)

    def task_names(self) -> list[str]:
        """Give the cells' tasks by the names under which Inspect has them."""
        prefix = f"{ONE_PROMPT}_" if self.spec.protocol == ONE_PROMPT else ""
        return [f"am_inspect/{prefix}{cell}" for cell in self.spec.cells]

    def task_args(self) -> dict[str, Any]:
        """Give the arguments of the tasks: what the study pins."""
        if self.spec.protocol == ONE_PROMPT:
            return {}
        return {
            "delivery": self.spec.delivery,
            "tools": self.spec.tools,
            "max_turns": self.spec.max_turns,
        }

    def batches(self) -> Iterator[tuple[Subject, ...]]:
        """Group the models that `eval_set` can run in one call.

        One call has one set of generation settings. A model whose weights are loaded here has a
        call of its own, so that two never stand in the machine's memory together.

        Yields:
            The groups, in the order of the file.
        """
        groups: dict[str, list[Subject]] = {}
        for subject in self.subjects:
            key = json.dumps(subject.generate, sort_keys=True, default=str)
            if subject.source.loads_weights(subject.provider):
                key += subject.model
            groups.setdefault(key, []).append(subject)
        yield from map(tuple, groups.values())

    def pinned(self, subject: Subject) -> dict[str, Any]:
        """Give all settings of a model's runs that must not change within a folder of logs.

        Epochs, cells, worlds and variants may grow; budget, prices, servers and concurrency do
        not touch what is measured.

        Args:
            subject: The model.

        Returns:
            Plain values by name.
        """
        spec, grader = self.spec, self.spec.graders[0]
        ours = spec.protocol != ONE_PROMPT
        return {
            "protocol": spec.protocol,
            "delivery": spec.delivery,
            "tools": spec.tools,
            "max_turns": spec.max_turns if ours else None,
            "seed": spec.seed,
            "generate": dict(subject.generate),
            **subject.source.pins(),
            "args": subject.source.args,
            "grader": grader.model,
            "grader.args": grader.args,
            "grader.generate": grader.generate,
            "token_limit": spec.limits.token_limit,
            "time_limit": spec.limits.time_limit,
            "cost_limit": spec.limits.cost_limit,
            "dataset_sha": dataset_sha()[:16] if ours else None,
            "protocol_sha": protocol_sha()[:16] if ours else None,
            "rubric_sha": {name: rubric_sha(name) for name in RUBRIC_NAMES},
        }

    def about(self, subject: Subject) -> dict[str, Any]:
        """Give what the logs' headers say of a model's place in the study."""
        entry = subject.entry
        return {
            "name": entry.name,
            "family": entry.family,
            "params_b": entry.params_b,
            "base_url": subject.source.base_url,
            "pinned": self.pinned(subject),
        }


def load_plan(
    path: Path,
    *,
    provider: str | None = None,
    only: Sequence[str] = (),
    log_dir: Path | None = None,
) -> Plan:
    """Read a study's file and settle what it runs.

    Args:
        path: The file.
        provider: Run this entry of `providers` instead of the file's.
        only: Names of the models to run; all if empty.
        log_dir: Put the logs here instead of where the file says.

    Returns:
        The plan.

    Raises:
        BadInputError: If a key, a value or a name is not allowed; the message names file and key,
            and what is allowed.
    """
    given = dict(read_mapping(path))
    if provider is not None:
        given["provider"] = provider
    if log_dir is not None:
        given["log_dir"] = log_dir
    try:
        spec = StudySpec.model_validate(given)
    except ValidationError as error:
        raise StudyError(sentence(path, error)) from None
    names = [model.name for model in spec.models]
    for name in only:
        if name not in names:
            raise StudyError(f"{path}: no model {name!r}: allowed are {', '.join(names)}")
    subjects = tuple(_subject(spec, m) for m in spec.models if not only or m.name in only)
    try:
        return Plan(spec, subjects, _sample_ids(spec))
    except BadInputError as error:
        raise StudyError(f"{path}: {error.message}") from None


def _subject(spec: StudySpec, entry: StudyModel) -> Subject:
    source = entry.providers[spec.provider]
    return Subject(entry, spec.provider, source, {**spec.generate, **entry.generate})


def _sample_ids(spec: StudySpec) -> tuple[str, ...]:
    if spec.protocol == ONE_PROMPT:
        from ..original import summitbridge_task

        return tuple(str(sample.id) for sample in summitbridge_task(spec.cells[0]).dataset)
    rows = choose_rows(spec.cells[0], spec.worlds, spec.variants)
    for row in rows:
        check_turns(spec.delivery, spec.max_turns, row)
    return tuple(row.id for row in rows)
