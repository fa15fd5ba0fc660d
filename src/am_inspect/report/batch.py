"""Which samples a report is about: one set of equal settings, never a mix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..errors import BadInputError
from ..results import Row, Setting

_DIFFER = (
    ("protocol", "protocol"),
    ("delivery", "delivery"),
    ("tools_used", "tools"),
    ("grader", "grader"),
    ("dataset_sha", "dataset version"),
    ("protocol_sha", "version of the protocol's text"),
    ("rubric_sha", "rubric version"),
)


class BatchError(BadInputError):
    """A batch that does not exist."""


@dataclass(frozen=True)
class Batch:
    """The settings that must be equal for models and cells to stand side by side.

    Attributes:
        protocol: `am_inspect`, or the published protocol.
        delivery: `paced` or `single_turn`.
        tools_used: `text` or `native`.
        grader: The grader; "" if nothing was graded.
        dataset_sha: Hash of the dataset.
        protocol_sha: Hash of the how-to-act blocks.
        rubric_sha: Hashes of the questions.
    """

    protocol: str
    delivery: str
    tools_used: str
    grader: str
    dataset_sha: str
    protocol_sha: str
    rubric_sha: str

    def differs(self, other: Batch) -> str:
        """Say in which settings another batch differs from this one: its own first."""
        said = []
        for key, name in _DIFFER:
            mine, theirs = getattr(self, key), getattr(other, key)
            if mine != theirs:
                said.append(f"{name} {theirs or 'none'} instead of {mine or 'none'}")
        return "; ".join(said)


@dataclass(frozen=True)
class Part:
    """The samples of one batch.

    Attributes:
        number: From 1, the largest batch first; `--batch` takes it.
        batch: Its settings.
        rows: Its rows.
    """

    number: int
    batch: Batch
    rows: tuple[Row, ...]

    @property
    def models(self) -> tuple[str, ...]:
        """Its models, sorted."""
        return tuple(sorted({row.setting.model for row in self.rows}))

    @property
    def logs(self) -> tuple[str, ...]:
        """Its logs, sorted."""
        return tuple(sorted({row.log for row in self.rows}))


@dataclass(frozen=True)
class Chosen:
    """One batch, and the others that a report does not show.

    Attributes:
        part: What is shown.
        others: What is not.
    """

    part: Part
    others: tuple[Part, ...]


def choose_batch(rows: Sequence[Row], number: int | None = None) -> Chosen:
    """Choose the samples of a report.

    Rows of logs in which nothing was graded, because every sample ended in an error for instance,
    are counted as missing with the largest batch that has the same settings otherwise.

    Args:
        rows: All rows.
        number: Which batch; the first, the one with most samples, if not given.

    Returns:
        The chosen batch and the others.

    Raises:
        BatchError: If there is no such number.
    """
    groups: dict[Batch, list[Row]] = {}
    for row in rows:
        groups.setdefault(_batch(row.setting), []).append(row)
    largest = sorted(groups, key=lambda batch: (-len(groups[batch]), str(batch)))
    for batch in [batch for batch in largest if not batch.grader]:
        same = [b for b in largest if b.grader and replace(batch, grader=b.grader,
                rubric_sha=b.rubric_sha) == b]  # fmt: skip
        if same and all(row.missing is not None for row in groups[batch]):
            groups[same[0]] += [_under(same[0], row) for row in groups.pop(batch)]
    largest = sorted(groups, key=lambda batch: (-len(groups[batch]), str(batch)))
    parts = [Part(n, batch, tuple(groups[batch])) for n, batch in enumerate(largest, start=1)]
    wanted = 1 if number is None else number
    if not 1 <= wanted <= len(parts):
        raise BatchError(f"--batch {wanted}: the logs hold batches 1 to {len(parts)}")
    return Chosen(parts[wanted - 1], tuple(p for p in parts if p.number != wanted))


def _batch(setting: Setting) -> Batch:
    return Batch(
        setting.protocol,
        setting.delivery,
        setting.tools_used,
        setting.grader,
        setting.dataset_sha,
        setting.protocol_sha,
        setting.rubric_sha,
    )


def _under(batch: Batch, row: Row) -> Row:
    setting = replace(row.setting, grader=batch.grader, rubric_sha=batch.rubric_sha)
    return replace(row, setting=setting)
