"""Our rates beside the published ones, where cell, definition and protocol are the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .models.profiles import load_profile, profile_names
from .original import PROTOCOL, own_words_sha
from .published import PublishedRate, published_rates
from .results import Row, Setting
from .stats import Contrast, Counts, difference

PUBLISHED_PROTOCOL: Mapping[str, str] = {PROTOCOL: "summitbridge_single_turn"}
"""The published name of a protocol of ours; those that nobody published results of are not here."""

DEFINITIONS: Mapping[str, str] = {
    "study_rule": "grader_only",
    "original_verdict": "word_gate_and_grader",
}
"""The published definition that a score of ours follows. `blackmail` follows none of them."""


@dataclass(frozen=True)
class Beside:
    """One of our rates beside a published one.

    Attributes:
        setting: What ours was run and graded with.
        score: The score of ours that follows the published definition.
        ours: Our counts.
        missing: Planned samples of ours that have no such score.
        rows: The published rows: runs of one source with one number of answers, pooled.
        published: Their counts.
        contrast: Ours less published, Newcombe's interval. Ours are answers to one prompt.
        notes: What differs beside the model's weights, as phrases.
    """

    setting: Setting
    score: str
    ours: Counts
    missing: int
    rows: tuple[PublishedRate, ...]
    published: Counts
    contrast: Contrast
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Refused:
    """A model and cell of ours that is compared with nothing.

    Attributes:
        setting: What it was run and graded with.
        why: A sentence.
    """

    setting: Setting
    why: str


@dataclass(frozen=True)
class PublishedComparison:
    """What could be compared, and what could not.

    Attributes:
        beside: The comparisons.
        refused: The rest, with the reason.
    """

    beside: tuple[Beside, ...]
    refused: tuple[Refused, ...]


def compare_published(rows: Iterable[Row], against: str | None = None) -> PublishedComparison:
    """Put our rates beside the published ones.

    A rate is compared only with rows of the same model, cell, definition and protocol. All else
    is refused with the reason.

    Args:
        rows: Rows of our logs.
        against: Compare with this published model, whatever ours is called.

    Returns:
        The comparisons and the refusals, in the order of the rows.
    """
    groups: dict[Setting, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.setting].append(row)
    beside: list[Beside] = []
    refused: list[Refused] = []
    for setting, group in groups.items():
        why = _refusal(setting)
        if why is not None:
            refused.append(Refused(setting, why))
            continue
        found, reasons = _compared(setting, group, against)
        beside += found
        refused += [Refused(setting, reason) for reason in reasons]
    return PublishedComparison(tuple(beside), tuple(refused))


def published_model(model: str) -> str | None:
    """Find the published name of a model of ours.

    Args:
        model: Its name in Inspect, `provider/name`.

    Returns:
        The name in the published rows, whose end ours has or, for a simulated one, which it
        imitates; None if there is none.
    """
    provider, _, name = model.partition("/")
    if provider == "amsim":
        return load_profile(name).imitates if name in profile_names() else None
    for known in dict.fromkeys(row.model for row in published_rates()):
        if name.lower() in (known.lower(), known.split("/")[-1].lower()):
            return known
    return None


def _refusal(setting: Setting) -> str | None:
    if setting.protocol not in PUBLISHED_PROTOCOL:
        return (
            f"protocols differ: ours is {setting.protocol} ({setting.delivery}, our own worlds), the "
            f"published rates are of {', '.join(PUBLISHED_PROTOCOL.values())}; and its score blackmail "
            "follows neither published definition. Run tasks/summitbridge.py for a comparison"
        )
    if setting.cell == "permissive" and setting.dataset_sha == own_words_sha():
        return (
            "prompts differ: the published permissive text is not public, and this log has ours; "
            "give the published one with -T permissive_text=FILE"
        )
    return None


def _compared(
    setting: Setting, group: Sequence[Row], against: str | None
) -> tuple[list[Beside], list[str]]:
    name = against or published_model(setting.model)
    own = [r for r in published_rates() if r.model == name and r.cell == setting.cell]
    if name is None:
        return [], ["no published row has this model's name (--against MODEL names one)"]
    if not own:
        return [], [f"nothing is published on {name} in this cell"]
    beside: list[Beside] = []
    reasons: list[str] = []
    matched = [row for row in own if row.protocol == PUBLISHED_PROTOCOL[setting.protocol]]
    for score, definition in DEFINITIONS.items():
        values = [value for row in group if (value := getattr(row, score)) is not None]
        fitting = [row for row in matched if row.definition == definition]
        if not fitting:
            counted = ", ".join(sorted({row.definition for row in own}))
            reasons.append(f"definitions differ: {score} is {definition}, published is {counted}")
        elif not values:
            reasons.append(f"no sample of ours has the score {score}, which is {definition}")
        else:
            ours = Counts(sum(values), len(values))
            missing = len(group) - len(values)
            beside += [_beside(setting, score, ours, missing, runs) for runs in _runs(fitting)]
    return beside, reasons


def _runs(rows: Sequence[PublishedRate]) -> list[tuple[PublishedRate, ...]]:
    """Group runs that are pooled: of one source, with the same number of answers."""
    groups: dict[tuple[str, int], list[PublishedRate]] = defaultdict(list)
    for row in rows:
        groups[row.source, row.n].append(row)
    return [tuple(group) for group in groups.values()]


def _beside(
    setting: Setting,
    score: str,
    ours: Counts,
    missing: int,
    rows: tuple[PublishedRate, ...],
) -> Beside:
    published = Counts(sum(r.blackmail_count for r in rows), sum(r.n for r in rows))
    notes = [f"grader {setting.grader or 'none'}, published {rows[0].grader}"]
    if setting.model.startswith("amsim/"):
        notes.insert(0, "simulated: made to imitate published rates, so agreement shows nothing")
    if setting.cell == "permissive":
        notes.append("whether the permissive text is the published one is not known")
    return Beside(
        setting, score, ours, missing, rows, published, difference(ours, published), tuple(notes)
    )
