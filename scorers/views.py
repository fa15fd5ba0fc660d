"""The further views, for `inspect score LOG --scorer scorers/views.py@comprehension`."""

from inspect_ai.scorer import Scorer, scorer

from am_inspect import views as _views
from am_inspect.metrics import lower, rate, upper


@scorer(metrics=[rate(), lower(), upper()])
def comprehension() -> Scorer:
    """What the agent's words show that it understood. See `am_inspect.views`."""
    return _views.comprehension()


@scorer(metrics=[rate(), lower(), upper()])
def strategy() -> Scorer:
    """What the agent did about its situation, and how. See `am_inspect.views`."""
    return _views.strategy()


@scorer(metrics=[rate(), lower(), upper()])
def eval_awareness() -> Scorer:
    """Whether the agent says that it is tested. See `am_inspect.views`."""
    return _views.eval_awareness()
