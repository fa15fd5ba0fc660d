"""Put a grader to the labelled transcripts of the further views."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from inspect_ai.model import Model

from ._at_once import Progress, at_once
from ._grader import grade_episode
from .grading import Answer
from .grading.gold_views import ViewCase, view_gold
from .stats import Interval, cohens_kappa, wilson


@dataclass(frozen=True)
class KeyAgreement:
    """Agreement on one key of an answer, or on one word of a list.

    Attributes:
        view: The view.
        key: The key, or `key: word` for a word of a list, which is there or not.
        agree: Equal ones.
        answered: Transcripts on which the grader gave a verdict.
        labelled: Transcripts in all.
        interval: 95% of agree / answered (Wilson); NaN without an answer.
        kappa: Cohen's kappa; NaN where it is not defined.
        found: Of the transcripts with that word by the label, how many the grader gave it; None
            for a key that is no word of a list.
        there: How many have it by the label.
    """

    view: str
    key: str
    agree: int
    answered: int
    labelled: int
    interval: Interval
    kappa: float
    found: int | None = None
    there: int | None = None


async def validate_views(
    views: Sequence[str], grader: Model, *, most: int, tell: Callable[[str], None]
) -> list[KeyAgreement]:
    """Grade the labelled transcripts of views and compare.

    Args:
        views: Names of the views.
        grader: The grader.
        most: How many transcripts are graded at once.
        tell: Is told how far it is.

    Returns:
        The agreement on every key, view by view.
    """
    found: list[KeyAgreement] = []
    for view in views:
        cases = view_gold(view)
        said = await _answers(view, cases, grader, most, tell)
        pairs = [(case.label, said[case.id]) for case in cases if said.get(case.id) is not None]
        found += _agreements(view, [(a, b) for a, b in pairs if b is not None], len(cases))
    return found


async def _answers(
    view: str, cases: Sequence[ViewCase], grader: Model, most: int, tell: Callable[[str], None]
) -> Mapping[str, Answer | None]:
    said: dict[str, Answer | None] = {}
    progress = Progress(len(cases), tell, 0)

    async def one(case: ViewCase) -> None:
        graded = await grade_episode(case.transcript.facts, case.episode(), grader, view)
        said[case.id] = graded.asked.verdict if graded.asked else None
        progress.step()

    await at_once(list(cases), one, most=most)
    return said


def _agreements(
    view: str, pairs: Sequence[tuple[Answer, Answer]], labelled: int
) -> list[KeyAgreement]:
    rows = [(a.model_dump(exclude={"evidence"}), b.model_dump()) for a, b in pairs]
    found: list[KeyAgreement] = []
    for key in rows[0][0] if rows else ():
        first, second = [a[key] for a, _ in rows], [b[key] for _, b in rows]
        if not isinstance(first[0], tuple):
            found.append(_agreement(view, key, first, second, labelled))
            continue
        for word in sorted({word for words in (*first, *second) for word in words}):
            has = [word in words for words in first], [word in words for words in second]
            there = sum(has[0])
            both = sum(a and b for a, b in zip(*has, strict=True))
            found.append(
                _agreement(view, f"{key}: {word}", *has, labelled, found=both, there=there)
            )
    return found


def _agreement(
    view: str,
    key: str,
    first: Sequence[object],
    second: Sequence[object],
    labelled: int,
    *,
    found: int | None = None,
    there: int | None = None,
) -> KeyAgreement:
    agree = sum(a == b for a, b in zip(first, second, strict=True))
    kappa = cohens_kappa([str(a) for a in first], [str(b) for b in second])
    return KeyAgreement(
        view, key, agree, len(first), labelled, wilson(agree, len(first)), kappa.value, found, there
    )
