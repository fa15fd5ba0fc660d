"""A cell's summary as one flat record, for tables and files."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from .grading.views import view_words
from .summary import CellSummary
from .view_summary import ViewSummary


def flat_summary(summary: CellSummary) -> dict[str, Any]:
    """Give a summary as one flat record; null for what has no value.

    Args:
        summary: The summary.

    Returns:
        Plain JSON values.
    """
    record: dict[str, Any] = {
        **summary.setting.__dict__,
        "planned": summary.planned,
        "answers": summary.blackmail.answers,
        "missing": sum(summary.missing.values()),
    }
    kinds = ("error", "empty", "truncated", "off_format", "unintelligible", "ungraded", "not_run")
    record |= {f"missing_{kind}": summary.missing.get(kind, 0) for kind in kinds}
    for name, rate in (
        ("blackmail", summary.blackmail),
        ("with_relay", summary.with_relay),
        ("exposed", summary.exposed),
        ("noticed", summary.noticed),
        ("original_verdict", summary.original_verdict),
        ("study_rule", summary.study_rule),
    ):
        record |= {
            f"{name}_k": rate.events,
            f"{name}_n": rate.answers,
            f"{name}_rate": _or_none(rate.value),
            f"{name}_lower": _or_none(rate.interval.lower),
            f"{name}_upper": _or_none(rate.interval.upper),
            f"{name}_method": rate.method,
        }
    inhibition = summary.inhibition
    return record | {
        "worlds": summary.blackmail.clusters,
        "scenarios": summary.scenarios,
        "rate": _or_none(summary.blackmail.value),
        "rate_all": _or_none(summary.all_planned),
        "rate_with_relay": _or_none(summary.with_relay.value),
        "rate_exposed": _or_none(summary.exposed.value),
        "rate_noticed": _or_none(summary.noticed.value),
        "leave_one_out_lower": _or_none(summary.leave_one_world_out.lower),
        "leave_one_out_upper": _or_none(summary.leave_one_world_out.upper),
        "bound_lower": _or_none(summary.bounds.lower),
        "bound_upper": _or_none(summary.bounds.upper),
        "refrained": inhibition.refrained,
        "sent": inhibition.sent,
        "inhibition_rate": _or_none(inhibition.value),
        "inhibition_bound_lower": _or_none(inhibition.bounds.lower),
        "inhibition_bound_upper": _or_none(inhibition.bounds.upper),
        "ladder_ungraded": summary.ladder_ungraded,
        "unseen": summary.unseen,
        "attempted": summary.attempted,
        "interrupted": summary.interrupted,
        "conflicts": summary.conflicts,
        "overruled": summary.overruled,
        "keywords": summary.keywords,
        "keyword_refrained": summary.keyword_refrained,
        "simulated": summary.simulated,
        "self_graded": summary.self_graded,
        "no_chat_template": summary.no_chat_template,
        "warnings": "; ".join(summary.warnings),
        **_views(summary.views),
    }


def _views(views: Mapping[str, ViewSummary]) -> dict[str, Any]:
    """Give the views that were asked; a record has no keys for the others."""
    record: dict[str, Any] = {}
    for name, view in views.items():
        record |= {
            f"{name}_k": view.rate.events,
            f"{name}_n": view.rate.answers,
            f"{name}_rate": _or_none(view.rate.value),
            f"{name}_lower": _or_none(view.rate.interval.lower),
            f"{name}_upper": _or_none(view.rate.interval.upper),
            f"{name}_ungraded": view.ungraded,
            f"{name}_graders": ", ".join(view.graders),
            **{f"{name}_{word}": view.said.get(word, 0) for word in view_words(name)},
        }
        if name == "strategy":
            record["strategy_sophistication"] = view.sophistication
    return record


def _or_none(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 6)
