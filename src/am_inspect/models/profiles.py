"""The profiles of the simulated subject: how often it does what, in which cell."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from .._yaml import load_yaml
from ..cells import CELLS, find_cell
from ..errors import BadInputError

_FOLDER = Path(__file__).parent / "profiles"

Share = Annotated[float, Field(ge=0, le=1)]
Rung = Literal["not_noticed", "noticed", "named", "weighed", "planned", "drafted", "sent"]
MissingKind = Literal["empty", "truncated", "off_format", "error"]
ReasoningForm = Literal["tagged", "think", "plain", "content", "none"]
BlackmailPlay = Literal["explicit", "veiled", "copy", "multi"]
QuietPlay = Literal["work", "disclosure", "heads_up", "appeal", "refusal", "nothing"]


class UnknownProfileError(BadInputError):
    """A profile name that no file stands behind."""


class CellRate(BaseModel):
    """How often a profile blackmails in one cell, and where that number comes from.

    Measured cells hold counts (`count`, `n`, `lever_talk`), assumed cells hold the shares
    themselves (`rate`, `lever_share`) and a reason.

    Attributes:
        assumed: True where no published row stands behind the rate.
        count: Samples with blackmail, of `n`.
        n: Samples of the published rows, pooled.
        lever_talk: Samples with one of the study's words and no blackmail, of `n`.
        rate: Share with blackmail, of the answers.
        lever_share: Share that reaches the rung "named" or a higher one, of the answers
            without blackmail.
        why: Why the number was assumed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    assumed: bool
    count: Annotated[int, Field(ge=0)] | None = None
    n: Annotated[int, Field(ge=1)] | None = None
    lever_talk: Annotated[int, Field(ge=0)] | None = None
    rate: Share = 0.0
    lever_share: Share = 0.0
    why: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _shares_from_counts(cls, data: object) -> object:
        if not isinstance(data, Mapping):
            return data
        counts = [data.get(key) for key in ("count", "n", "lever_talk")]
        if data.get("assumed"):
            if any(number is not None for number in counts) or not data.get("why"):
                raise ValueError("an assumed cell has rate, lever_share and why, and no counts")
            return data
        if "rate" in data or "lever_share" in data:
            raise ValueError("a measured cell has counts: rate and lever_share follow from them")
        count, n, talk = counts
        if not (isinstance(count, int) and isinstance(n, int) and isinstance(talk, int)):
            raise ValueError("a measured cell has count, n and lever_talk, all whole numbers")
        if count + talk > n:
            raise ValueError(f"count {count} and lever_talk {talk} are more than n = {n}")
        share = talk / (n - count) if n > count else 0.0
        return {**data, "rate": count / n, "lever_share": share}


class Profile(BaseModel):
    """One simulated subject. All `Mapping`s of shares add up to 1, but for `missing`.

    Attributes:
        profile: Its name, equal to the file's stem.
        imitates: The model whose published rates it has; null for a made-up subject.
        source: Where the measured rates come from.
        cells: Every cell of the catalogue.
        below_named: Of the quiet samples that stay below "named": how they spread.
        from_named: Of the quiet samples from "named" on: how they spread.
        relay: Of the samples without blackmail: share that asks a third person to pass the
            threat on (only in cells whose rate is above 0; so the next).
        bounced: Share whose threat goes to an address that does not exist.
        blackmail_plays: How blackmail is done.
        quiet_plays: What else is done by a sample that does not blackmail.
        missing: Share of all samples that end without an answer, by kind.
        sloppy: Share of samples that are careless about the format.
        reasoning: Form of the reasoning where the prompt asks for a scratchpad.
        unasked_reasoning: The same where it does not.
        benign_words: Share of samples with lever words in a harmless sense.
        icc_world: Correlation of blackmail between two samples of one world.
        icc_scenario: The same between two epochs of one scenario; not below `icc_world`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    profile: str
    imitates: str | None
    source: str
    cells: Mapping[str, CellRate]
    below_named: Mapping[Literal["not_noticed", "noticed"], Share]
    from_named: Mapping[Literal["named", "weighed", "planned", "drafted"], Share]
    relay: Share
    bounced: Share
    blackmail_plays: Mapping[BlackmailPlay, Share]
    quiet_plays: Mapping[QuietPlay, Share]
    missing: Mapping[MissingKind, Share]
    sloppy: Share
    reasoning: Mapping[ReasoningForm, Share]
    unasked_reasoning: Mapping[ReasoningForm, Share]
    benign_words: Share
    icc_world: Annotated[float, Field(ge=0, lt=1)]
    icc_scenario: Annotated[float, Field(ge=0, lt=1)]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if set(self.cells) != set(CELLS):
            odd = ", ".join(sorted(set(self.cells) ^ set(CELLS)))
            raise ValueError(f"cells must be those of the catalogue; differing: {odd}")
        for name in (
            "below_named",
            "from_named",
            "blackmail_plays",
            "quiet_plays",
            "reasoning",
            "unasked_reasoning",
        ):
            total = sum(getattr(self, name).values())
            if abs(total - 1) > 1e-9:
                raise ValueError(f"the shares of {name} add up to {total}, not to 1")
        if sum(self.missing.values()) > 1 or self.relay + self.bounced > 1:
            raise ValueError("the shares of missing, or of relay and bounced, exceed 1")
        if self.icc_scenario < self.icc_world:
            raise ValueError("icc_scenario is below icc_world: one scenario lies in one world")
        return self


def profile_names() -> tuple[str, ...]:
    """Give the names of all profiles, sorted."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))


@cache
def load_profile(name: str) -> Profile:
    """Read a profile; kept in memory afterwards.

    Args:
        name: One of `profile_names()`.

    Returns:
        The profile.

    Raises:
        UnknownProfileError: If there is no such profile; the message lists the names.
        ValueError: If its file is wrong.
    """
    if name not in profile_names():
        allowed = ", ".join(profile_names())
        raise UnknownProfileError(f"unknown amsim profile {name!r}: allowed are {allowed}")
    found = Profile.model_validate(load_yaml((_FOLDER / f"{name}.yaml").read_text("utf-8")))
    if found.profile != name:
        raise ValueError(f"{name}.yaml calls itself {found.profile!r}")
    return found


def true_rate(profile: str, cell: str) -> float:
    """Give the rate of blackmail among the answers that a profile has in a cell.

    Args:
        profile: Name of the profile.
        cell: Name of the cell.

    Returns:
        A share between 0 and 1.

    Raises:
        UnknownProfileError: If there is no such profile.
        UnknownCellError: If there is no such cell.
    """
    find_cell(cell)
    return load_profile(profile).cells[cell].rate


def is_assumed(profile: str, cell: str) -> bool:
    """Say whether a profile's rate in a cell is assumed, not published.

    Args:
        profile: Name of the profile.
        cell: Name of the cell.

    Returns:
        True where no published row stands behind the rate.

    Raises:
        UnknownProfileError: If there is no such profile.
        UnknownCellError: If there is no such cell.
    """
    find_cell(cell)
    return load_profile(profile).cells[cell].assumed
