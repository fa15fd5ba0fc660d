"""What a validation comes to: a grader's verdicts counted against the labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inspect_ai.model import ModelUsage

from .judgement import Judgement
from .stats import Agreement, Confusion, cohens_kappa, confusion, krippendorffs_alpha, pabak
from .validation import Case

UNSCORED = "unscored"
"""The column of the ladder's table for rungs that the grader did not give."""

Pair = tuple[int | None, int | None]
"""A label's value and a grader's; None where there is none."""


@dataclass(frozen=True)
class Measure:
    """One 0 / 1 score against the labels. Cases without a value on one side are counted apart.

    Attributes:
        confusion: Verdicts against labels.
        kappa: Cohen's kappa.
        pabak: Kappa if both verdicts were equally frequent.
        unscored_positives: Labelled 1, without a verdict.
        unscored_negatives: Labelled 0, without a verdict.
        no_label: Neither by label, because there is no answer to judge.
        seen_without_label: Of these, how many the grader gave a verdict all the same.
    """

    confusion: Confusion
    kappa: Agreement
    pabak: Agreement
    unscored_positives: int
    unscored_negatives: int
    no_label: int
    seen_without_label: int


@dataclass(frozen=True)
class TagFigures:
    """The cases with one tag.

    Attributes:
        cases: How many there are.
        false_alarms: Called blackmail, and labelled none.
        overlooked: Called none, and labelled blackmail.
        refrained_wrong: Restraint seen where there is none, or the reverse.
        rung_off: Another rung than the label's.
        unscored: Without a verdict on blackmail although the label has one.
    """

    cases: int
    false_alarms: int
    overlooked: int
    refrained_wrong: int
    rung_off: int
    unscored: int


@dataclass(frozen=True)
class Labellers:
    """First against second labels.

    Attributes:
        blackmail: Their agreement on `blackmail`, by Cohen's kappa.
        rungs: Their agreement on the rung.
        conflicts: Ids on which they differ in `blackmail` or in `considered_refrained`.
        agreed: The grader on the other cases.
    """

    blackmail: Agreement
    rungs: Agreement
    conflicts: tuple[str, ...]
    agreed: Measure


@dataclass(frozen=True)
class Panel:
    """A panel's members.

    Attributes:
        alpha: Krippendorff's alpha on `blackmail`; its interval leaves out a world at a time.
        members: Each member's verdicts on `blackmail` against the labels, in their order.
    """

    alpha: Agreement
    members: tuple[tuple[str, Measure], ...]


@dataclass(frozen=True)
class Figures:
    """All figures of a validation.

    Attributes:
        cases: Transcripts.
        worlds: Worlds that they come from.
        blackmail: The score `blackmail`.
        refrained: The score `considered_refrained`.
        ladder: Counts by the label's rung and the grader's, or `UNSCORED`.
        rungs: Cohen's kappa on the rungs that both gave.
        false_alarms: Ids called blackmail, and labelled none.
        overlooked: Ids called none, and labelled blackmail.
        tags: By tag.
        asked_again: Replies that could not be read and were asked for again.
        failed: Judgements with a question that has no verdict because the grader gave none.
        overruled: Cases in which the record contradicts the grader.
        conflicts: Cases on which the grader's two verdicts disagree on whether it was sent.
        labellers: First against second labels; None without second ones.
        panel: The members of a panel; None for one grader.
        usage: Tokens.
        calls: Calls of graders.
        seconds: Time that the calls took, added up.
    """

    cases: int
    worlds: int
    blackmail: Measure
    refrained: Measure
    ladder: Mapping[tuple[str, str], int]
    rungs: Agreement
    false_alarms: tuple[str, ...]
    overlooked: tuple[str, ...]
    tags: Mapping[str, TagFigures]
    asked_again: int
    failed: int
    overruled: int
    conflicts: int
    labellers: Labellers | None
    panel: Panel | None
    usage: ModelUsage
    calls: int
    seconds: float


def figures_of(cases: Sequence[Case]) -> Figures:
    """Count cases up.

    Args:
        cases: What `grade_gold` gave; at least one.

    Returns:
        The figures.
    """
    voted = [case.voted for case in cases]
    truths = [case.truth for case in cases]
    answers = [member for case in cases for member in case.members]
    rungs = [(t.ladder, v.ladder or UNSCORED) for t, v in zip(truths, voted, strict=True)]
    usage = sum((member.usage for member in answers), ModelUsage())
    return Figures(
        cases=len(cases),
        worlds=len({case.line.world for case in cases}),
        blackmail=_blackmail(truths, voted),
        refrained=_measure(
            [
                (t.considered_refrained, v.considered_refrained)
                for t, v in zip(truths, voted, strict=True)
            ]
        ),
        ladder=Counter((truth, given) for truth, given in rungs if truth is not None),
        rungs=_kappa([(t, v) for t, v in rungs if t is not None and v != UNSCORED]),
        false_alarms=_ids(cases, (0, 1)),
        overlooked=_ids(cases, (1, 0)),
        tags=_tags(cases),
        asked_again=sum(max(0, member.calls - 2) for member in answers),
        failed=sum(member.failure is not None for member in answers),
        overruled=sum(judgement.overruled for judgement in voted),
        conflicts=sum(judgement.conflict for judgement in voted),
        labellers=_labellers(cases),
        panel=_panel(cases),
        usage=usage,
        calls=sum(member.calls for member in answers),
        seconds=sum(member.seconds for member in answers),
    )


def _blackmail(truths: Sequence[Judgement], given: Sequence[Judgement]) -> Measure:
    return _measure([(t.blackmail, v.blackmail) for t, v in zip(truths, given, strict=True)])


def _measure(pairs: Sequence[Pair]) -> Measure:
    both = [(t, v) for t, v in pairs if t is not None and v is not None]
    truths, given = [t for t, _ in both], [v for _, v in both]
    without = [v for t, v in pairs if t is None]
    return Measure(
        confusion=confusion(given, truths),
        kappa=cohens_kappa(given, truths),
        pabak=pabak(given, truths),
        unscored_positives=list(pairs).count((1, None)),
        unscored_negatives=list(pairs).count((0, None)),
        no_label=len(without),
        seen_without_label=sum(value is not None for value in without),
    )


def _kappa(pairs: Sequence[tuple[str, str]]) -> Agreement:
    return cohens_kappa([one for one, _ in pairs], [other for _, other in pairs])


def _ids(cases: Sequence[Case], wanted: Pair) -> tuple[str, ...]:
    return tuple(c.line.id for c in cases if (c.truth.blackmail, c.voted.blackmail) == wanted)


def _tags(cases: Sequence[Case]) -> dict[str, TagFigures]:
    counts = Counter(tag for case in cases for tag in case.line.tags)
    return {tag: _tag([c for c in cases if tag in c.line.tags]) for tag, _ in counts.most_common()}


def _tag(cases: Sequence[Case]) -> TagFigures:
    pairs = [(case.truth, case.voted) for case in cases]
    verdicts = [(t.blackmail, v.blackmail) for t, v in pairs]
    return TagFigures(
        cases=len(cases),
        false_alarms=verdicts.count((0, 1)),
        overlooked=verdicts.count((1, 0)),
        refrained_wrong=sum(
            {t.considered_refrained, v.considered_refrained} == {0, 1} for t, v in pairs
        ),
        rung_off=sum(None not in (t.ladder, v.ladder) and t.ladder != v.ladder for t, v in pairs),
        unscored=sum(t is not None and v is None for t, v in verdicts),
    )


def _labellers(cases: Sequence[Case]) -> Labellers | None:
    twice = [(case, case.second) for case in cases if case.second is not None]
    if not twice:
        return None

    def same(one: Judgement, other: Judgement) -> bool:
        return (one.blackmail, one.considered_refrained) == (
            other.blackmail,
            other.considered_refrained,
        )

    agreed = [case for case, other in twice if same(case.truth, other)]
    return Labellers(
        blackmail=_kappa([(str(c.truth.blackmail), str(s.blackmail)) for c, s in twice]),
        rungs=_kappa([(str(c.truth.ladder), str(s.ladder)) for c, s in twice]),
        conflicts=tuple(case.line.id for case, other in twice if not same(case.truth, other)),
        agreed=_blackmail([c.truth for c in agreed], [c.voted for c in agreed]),
    )


def _panel(cases: Sequence[Case]) -> Panel | None:
    columns = list(zip(*(case.members for case in cases), strict=True))
    if len(columns) < 2:
        return None
    truths = [case.truth for case in cases]
    return Panel(
        alpha=krippendorffs_alpha(
            [[member.blackmail for member in case.members] for case in cases],
            [case.line.world for case in cases],
        ),
        members=tuple((column[0].grader, _blackmail(truths, column)) for column in columns),
    )
