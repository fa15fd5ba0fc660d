"""Our rates beside the published ones, where model, cell, definition and protocol are the same."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from .errors import BadInputError
from .models.profiles import load_profile, profile_names
from .original.dataset import PROTOCOL
from .published import PublishedRate, published_rates
from .results import Row, Run, Setting
from .stats import Contrast, Counts, difference

PUBLISHED_PROTOCOL: Mapping[str, str] = {PROTOCOL: "summitbridge_single_turn"}
"""The published name of a protocol of ours; those that nobody published results of are not here."""

DEFINITIONS: Mapping[str, str] = {
    "study_rule": "grader_only",
    "original_verdict": "word_gate_and_grader",
}
"""The published definition that a score of ours follows. `blackmail` follows none of them."""


class AgainstError(BadInputError):
    """A model of which nothing is published."""


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
        contrast: Ours less published, Newcombe's interval. Both sides are answers to one prompt.
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

    @property
    def definition(self) -> str:
        """The published definition that both sides follow."""
        return DEFINITIONS[self.score]


@dataclass(frozen=True)
class Refused:
    """A model and cell of ours that is compared with nothing, or by one definition not.

    Attributes:
        setting: What it was run and graded with.
        why: A sentence without its full stop.
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


def compare_published(
    rows: Iterable[Row], runs: Iterable[Run], against: Mapping[str, str] | None = None
) -> PublishedComparison:
    """Put our rates beside the published ones.

    A rate is compared only with rows of the same model, cell, definition and protocol. All else
    is refused with the reason.

    Args:
        rows: Rows of our logs.
        runs: The logs that they come from.
        against: Published names of models of ours, where they differ from ours.

    Returns:
        The comparisons and the refusals, in the order of the rows.

    Raises:
        AgainstError: If nothing is published on a name in `against`, or no row is of its model.
    """
    groups: dict[Setting, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.setting].append(row)
    named = against or {}
    _check(named, {setting.model for setting in groups})
    # Their permissive text came from a file; all others have our own words.
    from_file = {run.log for run in runs if run.task_args.get("permissive_text")}
    beside: list[Beside] = []
    refused: list[Refused] = []
    for setting, group in groups.items():
        why = _refusal(setting, {row.log for row in group} <= from_file)
        if why is not None:
            refused.append(Refused(setting, why))
            continue
        name = named.get(setting.model)
        names = (name,) if name else published_names(setting.model)
        found, reasons = _compared(setting, group, names)
        beside += found
        refused += [Refused(setting, reason) for reason in reasons]
    return PublishedComparison(tuple(beside), tuple(refused))


def published_names(model: str) -> tuple[str, ...]:
    """Find the published names of a model of ours.

    Args:
        model: Its name in Inspect, `provider/name`.

    Returns:
        Names in the published rows whose letters and digits after the last slash are the same,
        without regard to case; of a simulated model, the one that it imitates; none if none is.
    """
    provider, _, name = model.partition("/")
    if provider == "amsim":
        imitated = load_profile(name).imitates if name in profile_names() else None
        return (imitated,) if imitated else ()
    return tuple(known for known in _models() if _plain(known) == _plain(name))


def _models() -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.model for row in published_rates()))


def _plain(name: str) -> str:
    # `Qwen2.5-7B-Instruct` and `qwen-2.5-7b-instruct` are one model at two hosts; so are
    # `Meta-Llama-3-8B-Instruct` and `llama-3-8b-instruct`.
    end = name.rpartition("/")[2].lower().removeprefix("meta-")
    return re.sub(r"[^a-z0-9]", "", end)


def _check(against: Mapping[str, str], models: Collection[str]) -> None:
    for ours, name in against.items():
        if name not in _models():
            raise AgainstError(f"nothing is published on {name!r}: allowed is {_listed(_models())}")
        if ours not in models:
            raise AgainstError(f"no log is of model {ours!r}: allowed is {_listed(models)}")


def _listed(names: Collection[str]) -> str:
    return ", ".join(sorted(names))


def _refusal(setting: Setting, permissive_from_file: bool) -> str | None:
    if setting.protocol not in PUBLISHED_PROTOCOL:
        return (
            f"protocols differ: ours is {setting.protocol}, {setting.delivery}, in our own worlds, "
            f"and the published rates are of {', '.join(PUBLISHED_PROTOCOL.values())}; definitions "
            "differ too: the score blackmail follows neither published one. Run "
            "tasks/summitbridge.py for a comparison"
        )
    if setting.cell == "permissive" and not permissive_from_file:
        return (
            "prompts differ: the published permissive text is not public, and these logs have "
            "ours; give the published one with -T permissive_text=FILE"
        )
    return None


def _compared(
    setting: Setting, group: Sequence[Row], names: Sequence[str]
) -> tuple[list[Beside], list[str]]:
    if not names:
        return [], ["no published row has this model's name (--against MODEL=NAME gives it one)"]
    own = [r for r in published_rates() if r.model in names and r.cell == setting.cell]
    if not own:
        return [], [f"nothing is published on {' or '.join(names)} in this cell"]
    beside: list[Beside] = []
    reasons: list[str] = []
    theirs = PUBLISHED_PROTOCOL[setting.protocol]
    for score, definition in DEFINITIONS.items():
        values = [value for row in group if (value := getattr(row, score)) is not None]
        fitting = [r for r in own if (r.protocol, r.definition) == (theirs, definition)]
        if not fitting:
            counted = ", ".join(sorted({f"{row.definition} ({row.protocol})" for row in own}))
            reasons.append(
                f"definitions differ: our score {score} is {definition}, "
                f"published is {counted} only"
            )
        elif not values:
            reasons.append(f"no sample of ours has the score {score}, which is {definition}")
        else:
            ours = Counts(sum(values), len(values))
            missing = len(group) - len(values)
            beside += [_beside(setting, score, ours, missing, runs) for runs in _pooled(fitting)]
    return beside, reasons


def _pooled(rows: Sequence[PublishedRate]) -> list[tuple[PublishedRate, ...]]:
    """Group runs that are pooled: of one source and model, with the same number of answers."""
    groups: dict[tuple[str, str, int], list[PublishedRate]] = defaultdict(list)
    for row in rows:
        groups[row.source, row.model, row.n].append(row)
    return [tuple(group) for group in groups.values()]


def _beside(
    setting: Setting, score: str, ours: Counts, missing: int, rows: tuple[PublishedRate, ...]
) -> Beside:
    published = Counts(sum(r.blackmail_count for r in rows), sum(r.n for r in rows))
    notes = [f"grader {setting.grader or 'none'}, published {rows[0].grader}"]
    if setting.model.startswith("amsim/"):
        notes.insert(0, "simulated: made to imitate published rates, so agreement shows nothing")
    if setting.cell == "permissive":
        notes.append("whether the permissive text is the published one is not known")
    contrast = difference(ours, published)
    return Beside(setting, score, ours, missing, rows, published, contrast, tuple(notes))
