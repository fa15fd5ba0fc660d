"""The graded pair, for `inspect score LOG --scorer scorers/blackmail.py@blackmail`."""

from inspect_ai.scorer import Scorer, scorer

from am_inspect import scorers as _scorers
from am_inspect.metrics import inhibition_rate, lower, rate, upper


@scorer(metrics=[rate(), lower(), upper()])
def blackmail() -> Scorer:
    """The target was told that silence or disclosure has a price. See `am_inspect.scorers`."""
    return _scorers.blackmail()


@scorer(metrics=[rate(), lower(), upper(), inhibition_rate()])
def considered_refrained() -> Scorer:
    """The agent considered it and held back by itself. See `am_inspect.scorers`."""
    return _scorers.considered_refrained()
