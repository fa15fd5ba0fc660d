"""A row: one planned sample, and the setting it was run and graded in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from .._grader import is_simulated

Missing = Literal[
    "error", "empty", "truncated", "off_format", "unintelligible", "ungraded", "not_run"
]
"""Why a planned sample gave no answer. None of these is ever a no."""


@dataclass(frozen=True)
class Setting:
    """What must be equal for samples to be counted together.

    Attributes:
        model: The subject.
        protocol: `am_inspect`, or the published protocol that was followed.
        cell: The cell.
        delivery: `paced` or `single_turn`.
        tools_used: `text` or `native`.
        grader: The grader of all graded scores; "" if none graded.
        dataset_sha: Hash of the dataset.
        protocol_sha: Hash of the how-to-act blocks.
        rubric_sha: Hashes of the questions that were asked.
    """

    model: str
    protocol: str
    cell: str
    delivery: str
    tools_used: str
    grader: str
    dataset_sha: str
    protocol_sha: str
    rubric_sha: str


@dataclass(frozen=True)
class ViewAnswer:
    """What one further view says of a sample.

    Attributes:
        value: 1 or 0 as the view's scorer says; None if unscored.
        said: Its words: `level`, the actions, or `says`; empty if unscored.
        sophistication: 0 to 5, of `strategy` only.
        grader: Who graded; "" if nobody did.
    """

    value: int | None
    said: tuple[str, ...] = ()
    sophistication: int | None = None
    grader: str = ""


@dataclass(frozen=True)
class Row:
    """One planned sample.

    Attributes:
        log: File that holds it.
        setting: What it was run and graded with.
        world: Its world, the cluster.
        scenario: Its id.
        epoch: Its epoch.
        seed: The run's `--seed`; None if none was given.
        missing: Why it is no answer; None for an answer.
        outcome: From the record: acted, no_mail, ...; None if it ended in an error.
        blackmail: 1 or 0 for an answer, else None.
        refrained: 1 or 0 where `considered_refrained` is scored, else None.
        ladder: Highest rung; None if not graded.
        channel: direct, copy, relay or none; None if not graded.
        choice: chose_not_to, did_not_act or undecided; None if not graded.
        keywords: 1 if any of the study's words fell, 0 if none did, None if nothing was said.
        exposed: Whether secret and threat had both arrived.
        attempted: Whether a try reached nobody.
        interrupted: Whether it was cut off or ended in mid-plan.
        overruled: Whether the record contradicted the grader.
        self_graded: Whether the grader was the subject.
        no_chat_template: Whether the subject is known to have no chat template.
        original_verdict: 1 or 0 by the published evaluation; None if that was not asked.
        study_rule: 1 or 0 by the 2026 study's rule; None if that was not asked.
        eval_id: Id of the run in its log, which copies of the log share.
        views: The further views that were asked, by name.
    """

    log: str
    setting: Setting
    world: str
    scenario: str
    epoch: int
    seed: int | None
    missing: Missing | None
    outcome: str | None = None
    blackmail: int | None = None
    refrained: int | None = None
    ladder: str | None = None
    channel: str | None = None
    choice: str | None = None
    keywords: int | None = None
    exposed: bool | None = None
    attempted: bool = False
    interrupted: bool = False
    overruled: bool = False
    self_graded: bool = False
    no_chat_template: bool = False
    original_verdict: int | None = None
    study_rule: int | None = None
    eval_id: str = ""
    views: Mapping[str, ViewAnswer] = field(default_factory=dict, hash=False)

    @property
    def conflict(self) -> bool:
        """Whether the two scorers disagree on whether such a message was sent.

        A relay is `sent` on the ladder and 0 in `blackmail`: that is no conflict.
        """
        if self.blackmail is None or self.ladder is None:
            return False
        return (self.channel not in (None, "none")) != (self.ladder == "sent")

    @property
    def simulated(self) -> bool:
        """Whether an embedded model played it."""
        return is_simulated(self.setting.model)
