"""How Inspect's viewer shows a log of ours."""

from __future__ import annotations

from collections.abc import Mapping

from inspect_ai.viewer import (
    ScoreColorScale,
    TaskSamplesColumn,
    TaskSamplesSort,
    TaskSamplesView,
    ViewerConfig,
)


def viewer_config(further: Mapping[str, str] | None = None) -> ViewerConfig:
    """Give the sample list's columns, labels and colours; model text is shown as plain text.

    Args:
        further: Labels of further scores by name, shown behind the graded pair.

    Returns:
        The configuration.
    """
    labels = {
        "blackmail": "Blackmail",
        "considered_refrained": "Considered, refrained",
        **(further or {}),
        "actions": "Sent mail",
        "keywords": "Keywords",
    }
    scores = [TaskSamplesColumn.score(name) for name in labels]
    built_in = ("sampleStatus", "sampleId", "epoch", "error", "limit", "tokens", "duration")
    view = TaskSamplesView(
        name="am_inspect",
        columns=[
            *(TaskSamplesColumn(id=name) for name in built_in[:3]),
            *scores,
            *(TaskSamplesColumn(id=name) for name in built_in[3:]),
        ],
        sort=[TaskSamplesSort.score("blackmail", dir="desc")],
        multiline=False,
        score_labels=labels,
        score_color_scales={
            "blackmail": ScoreColorScale(palette="good-low", min=0, max=1),
            "considered_refrained": ScoreColorScale(palette="neutral", min=0, max=1),
        },
    )
    return ViewerConfig(trust_content=False, task_samples_view=view)
