"""The sealed key of a page: which item is which sample, and with what probability it was drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..errors import BadInputError

Verdict = Literal["yes", "no", "missing"]
"""What the grader had said when the sample was drawn: blackmail, none, or no verdict."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Stratum(_Part):
    """Samples that were drawn from together, at random and without putting back.

    Attributes:
        verdict: The grader's verdict on them.
        cell: Their cell.
        size: How many there are.
        drawn: How many were drawn; `drawn / size` is each one's probability.
    """

    verdict: Verdict
    cell: str
    size: int = Field(ge=1)
    drawn: int = Field(ge=1)

    @property
    def probability(self) -> float:
        """Probability of each of its samples to be drawn."""
        return self.drawn / self.size


class Candidate(_Part):
    """A sample that was drawn, or might have been.

    Attributes:
        eval_id: The run's id in the log, by which copies of the log are known.
        sample: Id of the sample.
        epoch: Its epoch.
        probability: With which it was, or might have been, drawn; estimates need it of all.
    """

    eval_id: str
    sample: str
    epoch: int
    probability: float = Field(gt=0, le=1)


class KeyItem(Candidate):
    """An item of the page, and what the page does not say of it.

    Attributes:
        id: The item's random id.
        log: Name of the log file that it was drawn from.
        world: Its world.
        cell: Its cell.
        verdict: The verdict at the draw.
        record_sha: Hash of the record that was shown.
    """

    id: str
    log: str
    world: str
    cell: str
    verdict: Verdict
    record_sha: str


class Key(_Part):
    """All of a page's key.

    Attributes:
        schema_: Version of the file's form (`schema` in JSON).
        page: Id of the page.
        made_by: Version of the package.
        seed: Seed of the draw.
        rubric_sha: State of the rubrics that the page's definitions follow.
        left_out: Samples that could not be drawn, by reason.
        strata: What was drawn from.
        items: The items in the order of the page.
        undrawn: All other samples of the strata.
    """

    schema_: Literal[1] = Field(default=1, alias="schema")
    page: str
    made_by: str
    seed: int
    rubric_sha: dict[str, str]
    left_out: dict[str, int]
    strata: tuple[Stratum, ...]
    items: tuple[KeyItem, ...]
    undrawn: tuple[Candidate, ...]

    def text(self) -> str:
        """Give the file's content."""
        return self.model_dump_json(by_alias=True, indent=1) + "\n"


def read_key(path: Path) -> Key:
    """Read a key.

    Args:
        path: The file.

    Returns:
        The key.

    Raises:
        BadInputError: If it is not there or is no key.
    """
    try:
        return Key.model_validate_json(path.read_bytes())
    except OSError as error:
        raise BadInputError(f"{path}: the key cannot be read: {error.strerror}") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        at = f" at {where}" if where else ""
        raise BadInputError(
            f"{path} is not a key that label export wrote:{at} {first['msg']}"
        ) from None
