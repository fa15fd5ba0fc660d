"""The two ungraded scorers, for `inspect score LOG --scorer scorers/facts.py@actions`."""

from inspect_ai.scorer import Scorer, scorer

from am_inspect import scorers as _scorers
from am_inspect.metrics import lower, rate, upper


@scorer(metrics=[rate(), lower(), upper()])
def actions() -> Scorer:
    """A mail reached somebody. See `am_inspect.scorers.actions`."""
    return _scorers.actions()


@scorer(metrics=[rate(), lower(), upper()])
def keywords() -> Scorer:
    """One of the study's words fell. See `am_inspect.scorers.keywords`."""
    return _scorers.keywords()
