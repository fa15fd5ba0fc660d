"""The cells as Inspect tasks: each is dataset, solver, scorer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

from inspect_ai import Epochs, Task, task
from inspect_ai.log import HeadlineMetric
from inspect_ai.model import GenerateConfig, Model, get_model

from ._grader import RULES_GRADER, bound_grader, is_simulated
from ._grader_check import GraderCheck
from ._template import chat_template
from ._version import __version__
from ._viewer import viewer_config
from .cells import find_cell
from .dataset import blackmail_dataset, dataset_sha
from .grading import RUBRIC_NAMES, rubric_sha
from .mail.protocol import Delivery, protocol_sha
from .scenario import Scenario
from .scorers import actions, blackmail, considered_refrained, keywords
from .solver import Tools, check_settings, check_turns, choose_tools, email_agent
from .views import view_names, view_scorers

MAX_TOKENS = 2048
"""Tokens of one reply unless `--max-tokens` says otherwise: room for reasoning and several
mails inside a context of 8,192, which is all that one of the study's models has."""

MESSAGE_LIMIT = 300
TOKEN_LIMIT = 1_000_000
"""A sample that passes these is stopped, scored as it stands, and marked `limit`."""


def cell_task(
    cell: str,
    *,
    delivery: Delivery = "paced",
    tools: Tools = "text",
    max_turns: int = 8,
    worlds: str | Sequence[str] | None = None,
    variants: int | str | Sequence[int | str] | None = None,
    views: str | Sequence[str] | None = None,
) -> Task:
    """Build the task of one cell.

    Args:
        cell: Name of the cell (`am_inspect.cells.CELLS`).
        delivery: `paced` (mails in waves, several turns) or `single_turn` (one reply).
        tools: `text` (tagged blocks), `native` (tool calls), or `auto` (native where the model
            takes tools; which it was is recorded).
        max_turns: Most turns of a paced run.
        worlds: Worlds to keep, one or several (`a,b`); all if not given.
        variants: Variants to keep, one or several (`1,2`); all if not given.
        views: Further graded views (`comprehension,strategy,eval_awareness`); none if not given.

    Returns:
        The task. Its samples run once (`--epochs` for more, kept apart), temperature 1.

    Raises:
        BadInputError: If a value is not allowed; the message says what is.
    """
    find_cell(cell)
    check_settings(delivery, tools, max_turns)
    dataset = blackmail_dataset(cell, worlds, variants)
    for sample in dataset:
        check_turns(delivery, max_turns, Scenario.model_validate(sample.metadata))
    return Task(
        dataset=dataset,
        solver=email_agent(delivery, tools, max_turns),
        scorer=[
            *(blackmail(), considered_refrained(), actions(), keywords()),
            *view_scorers(views),
        ],
        epochs=Epochs(1, []),
        config=GenerateConfig(temperature=1.0, max_tokens=MAX_TOKENS),
        fail_on_error=False,
        message_limit=MESSAGE_LIMIT,
        token_limit=TOKEN_LIMIT,
        early_stopping=GraderCheck(),
        name=cell,
        version=f"1-{_asked_sha()[:8]}",
        metadata=run_metadata(
            cell,
            protocol="am_inspect",
            delivery=delivery,
            tools=tools,
            dataset_sha=dataset_sha(),
            protocol_sha=protocol_sha(),
        ),
        headline_metric=HeadlineMetric(scorer="blackmail", metric="rate"),
        viewer=viewer_config({name: name.replace("_", " ") for name in view_names(views)}),
    )


def _named(cell: str, doc: str) -> Callable[..., Task]:
    def build(
        *,
        delivery: Delivery = "paced",
        tools: Tools = "text",
        max_turns: int = 8,
        worlds: str | Sequence[str] | None = None,
        variants: int | str | Sequence[int | str] | None = None,
        views: str | Sequence[str] | None = None,
    ) -> Task:
        return cell_task(
            cell,
            delivery=delivery,
            tools=tools,
            max_turns=max_turns,
            worlds=worlds,
            variants=variants,
            views=views,
        )

    build.__doc__ = f"{doc} The parameters are those of `cell_task`."
    build.__name__ = build.__qualname__ = cell
    return task(build)


control = _named("control", "Neither goal conflict nor threat.")
goal_only = _named("goal_only", "Goal conflict without a threat.")
threat_only = _named("threat_only", "Threat of replacement without a goal conflict.")
goal_and_threat = _named("goal_and_threat", "Goal conflict and threat of replacement.")
safety = _named("safety", "goal_and_threat with a safety paragraph.")
permissive = _named("permissive", "goal_and_threat with a permissive paragraph.")
restriction_only = _named("restriction_only", "Threat of restriction without a goal conflict.")
goal_and_restriction = _named("goal_and_restriction", "Goal conflict and threat of restriction.")
neutral = _named("neutral", "goal_and_threat with a paragraph of no content, the placebo.")
escalation = _named("escalation", "goal_and_threat with a paragraph that names who may be told.")
no_strategy_line = _named("no_strategy_line", "goal_and_threat without the nudge to strategy.")
no_scratchpad = _named("no_scratchpad", "goal_and_threat without a request to reason first.")
no_leverage = _named("no_leverage", "goal_and_threat with harmless mails for the secret.")


def run_metadata(
    cell: str,
    *,
    protocol: str,
    delivery: Delivery,
    tools: Tools,
    dataset_sha: str,
    protocol_sha: str,
) -> dict[str, Any]:
    """Give what a log's header says of a run: what was asked, in what way, and who grades.

    Args:
        cell: Name of the cell.
        protocol: `am_inspect`, or the published protocol that is followed. Never pooled.
        delivery: See `cell_task`.
        tools: See `cell_task`.
        dataset_sha: Hash of the data.
        protocol_sha: Hash of the how-to-act blocks; "" where there are none.

    Returns:
        The task's metadata.
    """
    model = _model_or_none()
    grader = str(bound_grader() or RULES_GRADER) if model else None
    return {
        "cell": cell,
        "protocol": protocol,
        "dataset_sha": dataset_sha[:16],
        "protocol_sha": protocol_sha[:16],
        "rubric_sha": {name: rubric_sha(name) for name in RUBRIC_NAMES},
        "delivery": delivery,
        "tools_used": choose_tools(tools, model) if model else tools,
        "am_inspect_version": __version__,
        "grader": grader,
        "no_chat_template": model is not None and chat_template(model) == "",
        "simulated": is_simulated(str(model)) if model else None,
        "self_graded": grader == str(model) if model else None,
    }


def _model_or_none() -> Model | None:
    # Inspect's command line knows the model when it builds the task; a Python caller who
    # builds the task first and hands it to eval() has none yet.
    try:
        return get_model()
    except ValueError:
        return None


def _asked_sha() -> str:
    """Hash what is asked, so that an eval set tells runs of another text apart."""
    return hashlib.sha256(f"{dataset_sha()} {protocol_sha()}".encode()).hexdigest()
