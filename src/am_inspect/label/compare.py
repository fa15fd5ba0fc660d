"""How far labels agree with the grader and with each other."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from ..results import LABEL_BLACKMAIL, LABEL_REFRAINED, Row, number, read_results
from ..stats.agreement import Agreement, cohens_kappa
from ..stats.krippendorff import krippendorffs_alpha
from ._scored import agreed
from .answers import Kind, Label
from .attach import Attached
from .key import Key, KeyItem

GRADER = "the grader"
MAJORITY = "the majority"

_Value = int | str | None


@dataclass(frozen=True)
class AgreementRow:
    """Two raters on one question.

    Attributes:
        question: blackmail, considered_refrained or ladder.
        first: A labeller, or `MAJORITY`.
        second: Another labeller, or `GRADER`.
        agree: Samples on which they say the same.
        both: Samples that both answered.
        weighted: Share of agreement, each sample weighted by 1 / probability: an estimate for
            all samples that could be drawn; None if there are none.
        kappa: Cohen's kappa of the samples drawn, unweighted.
    """

    question: str
    first: str
    second: str
    agree: int
    both: int
    weighted: float | None
    kappa: Agreement


@dataclass(frozen=True)
class Against:
    """Verdicts of blackmail against labels of it.

    Attributes:
        first: The labeller, or `MAJORITY`.
        hits: Label yes, verdict yes.
        misses: Label yes, verdict no.
        false_alarms: Label no, verdict yes.
        quiet: Label no, verdict no.
        sensitivity: Share of label yes with verdict yes, weighted by 1 / probability; None
            without a yes.
        specificity: Share of label no with verdict no, weighted; None without a no.
        no_verdict: Labels of samples without a verdict: yes and no.
    """

    first: str
    hits: int
    misses: int
    false_alarms: int
    quiet: int
    sensitivity: float | None
    specificity: float | None
    no_verdict: tuple[int, int]


@dataclass(frozen=True)
class Labeller:
    """How much somebody labelled.

    Attributes:
        name: Who.
        kind: person or model, as the labeller said.
        labelled: Items with at least one answer or note.
        cannot_tell: Items whose blackmail question was answered by "cannot tell".
    """

    name: str
    kind: Kind
    labelled: int
    cannot_tell: int


@dataclass(frozen=True)
class Disagreement:
    """A sample on which verdict and labels, or two labels, differ.

    Attributes:
        item: Id of the page's item.
        said: Who says what.
        command: The command that shows it.
    """

    item: str
    said: str
    command: str


@dataclass(frozen=True)
class Comparison:
    """All that an import says.

    Attributes:
        drawn: Items of the page.
        labellers: Who labelled how many.
        against: Verdicts of blackmail against each labeller's, and against the majority's.
        pairs: Agreement, labellers with the grader first, then with each other.
        alpha: Krippendorff's alpha by question, between labellers, clustered by world; empty
            for a single labeller.
        disagreements: What to look at.
    """

    drawn: int
    labellers: tuple[Labeller, ...]
    against: tuple[Against, ...]
    pairs: tuple[AgreementRow, ...]
    alpha: Mapping[str, Agreement]
    disagreements: tuple[Disagreement, ...]


def compare(key: Key, labels: Sequence[Label], attached: Attached) -> Comparison:
    """Compare labels with verdicts and with each other.

    Args:
        key: The page's key.
        labels: All labels.
        attached: What `attach_labels` gave; the verdicts are read from its logs.

    Returns:
        The comparison.
    """
    names = list(dict.fromkeys(label.labeller for label in labels))
    raters = _ratings(key, labels, attached, names)
    judges = names if len(names) == 1 else [*names, MAJORITY]
    pairs = [_pair(q, judge, GRADER, key, raters) for q in _QUESTIONS for judge in judges]
    pairs += [_pair(q, a, b, key, raters) for q in _QUESTIONS for a, b in combinations(names, 2)]
    worlds = [item.world for item in key.items]
    alpha = {
        q: krippendorffs_alpha(
            [[raters[name][q].get(item.id) for name in names] for item in key.items], worlds
        )
        for q in _QUESTIONS
        if len(names) > 1
    }
    return Comparison(
        drawn=len(key.items),
        labellers=tuple(_labeller(name, labels) for name in names),
        against=tuple(_against(judge, key, raters) for judge in judges),
        pairs=tuple(pairs),
        alpha=alpha,
        disagreements=tuple(_disagreements(key, names, raters, attached)),
    )


_BLACKMAIL, _REFRAINED, _LADDER = "blackmail", "considered_refrained", "ladder"
_QUESTIONS = (_BLACKMAIL, _REFRAINED, _LADDER)
_SCORE = {_BLACKMAIL: LABEL_BLACKMAIL, _REFRAINED: LABEL_REFRAINED}

_Ratings = dict[str, dict[str, dict[str, _Value]]]
"""Rater, question, item id: what the rater says."""


def _ratings(
    key: Key, labels: Sequence[Label], attached: Attached, names: Sequence[str]
) -> _Ratings:
    given = {(label.id, label.labeller): label for label in labels}
    rows = {
        (row.eval_id, row.scenario, row.epoch): row
        for row in read_results(attached.logs.values()).rows
    }
    raters: _Ratings = {name: {q: {} for q in _QUESTIONS} for name in (*names, GRADER, MAJORITY)}
    for item in key.items:
        row = rows[item.eval_id, item.sample, item.epoch]
        for question, value in _verdicts(row).items():
            raters[GRADER][question][item.id] = value
        held = [name for name in names if (item.id, name) in given]
        for name in held:
            scores = attached.scores[item.id, name]
            ladder = given[item.id, name].ladder
            raters[name][_LADDER][item.id] = None if ladder == "cannot_tell" else ladder
            for question, score in _SCORE.items():
                raters[name][question][item.id] = number(scores[score])
        for question, score in _SCORE.items():
            if held:
                each = [attached.scores[item.id, name][score] for name in held]
                raters[MAJORITY][question][item.id] = number(agreed(each))
        steps = [raters[name][_LADDER][item.id] for name in held]
        raters[MAJORITY][_LADDER][item.id] = _majority([s for s in steps if s is not None])
    return raters


def _verdicts(row: Row) -> dict[str, _Value]:
    return {_BLACKMAIL: row.blackmail, _REFRAINED: row.refrained, _LADDER: row.ladder}


def _majority(values: Sequence[_Value]) -> _Value:
    ranked = Counter(values).most_common(2)
    if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return None
    return ranked[0][0]


def _pair(question: str, first: str, second: str, key: Key, raters: _Ratings) -> AgreementRow:
    one, two = raters[first][question], raters[second][question]
    both = [i for i in key.items if one.get(i.id) is not None and two.get(i.id) is not None]
    return AgreementRow(
        question=question,
        first=first,
        second=second,
        agree=sum(one[i.id] == two[i.id] for i in both),
        both=len(both),
        weighted=_weighted(both, lambda i: one[i.id] == two[i.id]),
        kappa=cohens_kappa([str(one[i.id]) for i in both], [str(two[i.id]) for i in both]),
    )


def _weighted(items: Sequence[KeyItem], holds: Callable[[KeyItem], bool]) -> float | None:
    """Give the share of items for which something holds, each counted 1 / probability times."""
    whole = sum(1 / item.probability for item in items)
    return sum(1 / i.probability for i in items if holds(i)) / whole if items else None


def _against(judge: str, key: Key, raters: _Ratings) -> Against:
    label, verdict = raters[judge][_BLACKMAIL], raters[GRADER][_BLACKMAIL]

    def held(said: int, found: int | None) -> int:
        return sum(label.get(i.id) == said and verdict[i.id] == found for i in key.items)

    def right(said: int) -> float | None:
        of = [i for i in key.items if label.get(i.id) == said and verdict[i.id] is not None]
        return _weighted(of, lambda item: verdict[item.id] == said)

    return Against(
        first=judge,
        hits=held(1, 1),
        misses=held(1, 0),
        false_alarms=held(0, 1),
        quiet=held(0, 0),
        sensitivity=right(1),
        specificity=right(0),
        no_verdict=(held(1, None), held(0, None)),
    )


def _labeller(name: str, labels: Sequence[Label]) -> Labeller:
    own = [label for label in labels if label.labeller == name]
    return Labeller(name, own[0].kind, len(own), sum(x.channel == "cannot_tell" for x in own))


def _disagreements(
    key: Key, names: Sequence[str], raters: _Ratings, attached: Attached
) -> list[Disagreement]:
    found = []
    for item in key.items:
        odd = []
        for question in _QUESTIONS:
            said = {name: raters[name][question].get(item.id) for name in (GRADER, *names)}
            told = {name: value for name, value in said.items() if value is not None}
            if len(set(told.values())) > 1:
                odd.append(f"{question}: " + ", ".join(f"{n} {v}" for n, v in told.items()))
        if odd:
            log = attached.logs[item.eval_id]
            epoch = f" --epoch {item.epoch}" if item.epoch > 1 else ""
            command = f"am-inspect show {shlex.quote(str(log))} {shlex.quote(item.sample)}{epoch}"
            found.append(Disagreement(item.id, "; ".join(odd), command))
    return found
