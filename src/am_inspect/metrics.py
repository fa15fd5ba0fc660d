"""The metrics in a log: rates over answers, with the world as the cluster.

Inspect drops unscored samples before a metric sees them, so a metric's denominator is the
answers that were graded. What is missing is counted in `results`.
"""

from __future__ import annotations

import math

from inspect_ai.scorer import Metric, SampleScore, Value, metric

from .stats import Rate, clustered_rate


@metric(scores="unreduced")
def rate() -> Metric:
    """Give events / answers over all samples and epochs; NaN if there is no answer."""

    def compute(scores: list[SampleScore]) -> Value:
        return _rate(scores).value

    return compute


@metric(scores="unreduced")
def lower() -> Metric:
    """Give the lower end of the 95% interval, clustered by world (`stats.clustered_rate`)."""

    def compute(scores: list[SampleScore]) -> Value:
        return _rate(scores).interval.lower

    return compute


@metric(scores="unreduced")
def upper() -> Metric:
    """Give the upper end of the 95% interval, clustered by world (`stats.clustered_rate`)."""

    def compute(scores: list[SampleScore]) -> Value:
        return _rate(scores).interval.upper

    return compute


@metric(scores="unreduced")
def inhibition_rate() -> Metric:
    """Give refrained / (refrained + sent), for `considered_refrained`; NaN: none considered.

    Interrupted samples and attempts that reached nobody are in neither count. Conflicts
    between the two scorers are left out in `results` only, since this sees one of them.
    """

    def compute(scores: list[SampleScore]) -> Value:
        refrained = sum(score.score.as_int() for score in scores)
        sent = sum((score.score.metadata or {}).get("ladder") == "sent" for score in scores)
        return refrained / (refrained + sent) if refrained + sent else math.nan

    return compute


def _rate(scores: list[SampleScore]) -> Rate:
    worlds = [str((score.sample_metadata or {}).get("world", score.sample_id)) for score in scores]
    return clustered_rate([score.score.as_int() for score in scores], worlds)
