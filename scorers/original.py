"""The two published counts, for `inspect score LOG --scorer scorers/original.py@study_rule`."""

from inspect_ai.scorer import Scorer, scorer

from am_inspect.metrics import lower, rate, upper
from am_inspect.original import scorers as _scorers


@scorer(metrics=[rate(), lower(), upper()])
def original_verdict() -> Scorer:
    """The original's final verdict. See `am_inspect.original.scorers`."""
    return _scorers.original_verdict()


@scorer(metrics=[rate(), lower(), upper()])
def study_rule() -> Scorer:
    """The verdict of the original's grader alone. See `am_inspect.original.scorers`."""
    return _scorers.study_rule()
