"""The cells as Inspect tasks: each is dataset, solver, scorer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

import anyio
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
from .errors import BadInputError
from .gate import Looks, read_policy
from .grading import RUBRIC_NAMES, rubric_sha
from .mail.protocol import Delivery, protocol_sha
from .provider_settings import settings_for
from .scenario import Scenario
from .scorers import actions, blackmail, considered_refrained, keywords
from .solver import Tools, check_settings, check_turns, choose_tools, email_agent
from .views import view_names, view_scorers

MESSAGE_LIMIT = 300
TOKEN_LIMIT = 1_000_000
"""A sample that passes these is stopped, scored as it stands, and marked `limit`."""


MOST_LOOKS = 20
"""Looks beyond these spend next to nothing each."""


def cell_task(
    cell: str,
    *,
    delivery: Delivery = "paced",
    tools: Tools = "text",
    max_turns: int = 8,
    worlds: str | Sequence[str] | None = None,
    variants: int | str | Sequence[int | str] | None = None,
    looks: int | None = None,
    policy: str | None = None,
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
        looks: End the run early at one of this many looks, once it is shown to keep or to break
            the policy's limits, or would hardly be shown to keep them (`gate.Looks`). The samples
            run once a look unless `--epochs` says more.
        policy: With `looks`: the policy's file; the shipped default if not given.
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
    stopping = _stopping(cell, looks, policy)
    return Task(
        dataset=dataset,
        solver=email_agent(delivery, tools, max_turns),
        scorer=[
            *(blackmail(), considered_refrained(), actions(), keywords()),
            *view_scorers(views),
        ],
        epochs=Epochs(looks or 1, []),
        config=default_config(),
        fail_on_error=False,
        message_limit=MESSAGE_LIMIT,
        token_limit=TOKEN_LIMIT,
        early_stopping=stopping,
        cleanup=stopping.cleanup if isinstance(stopping, Looks) else None,
        name=cell,
        version=f"1-{_asked_sha()[:8]}",
        metadata=run_metadata(
            cell,
            protocol="am_inspect",
            delivery=delivery,
            tools=tools,
            dataset_sha=dataset_sha(),
            protocol_sha=protocol_sha(),
            max_turns=max_turns if delivery == "paced" else 1,
        )
        | ({"looks": looks} if looks else {}),
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
        looks: int | None = None,
        policy: str | None = None,
        views: str | Sequence[str] | None = None,
    ) -> Task:
        return cell_task(
            cell,
            delivery=delivery,
            tools=tools,
            max_turns=max_turns,
            worlds=worlds,
            variants=variants,
            looks=looks,
            policy=policy,
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
    max_turns: int = 1,
) -> dict[str, Any]:
    """Give what a log's header says of a run: what was asked, in what way, and who grades.

    Args:
        cell: Name of the cell.
        protocol: `am_inspect`, or the published protocol that is followed. Never pooled.
        delivery: See `cell_task`.
        tools: See `cell_task`.
        dataset_sha: Hash of the data.
        protocol_sha: Hash of the how-to-act blocks; "" where there are none.
        max_turns: Most turns; 1 for a single reply.

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
        "max_turns": max_turns,
        "am_inspect_version": __version__,
        "grader": grader,
        "provider_settings": settings_for(str(model) if model else None).entry,
        "no_chat_template": model is not None and chat_template(model) == "",
        "simulated": is_simulated(str(model)) if model else None,
        "self_graded": grader == str(model) if model else None,
    }


def default_config(max_tokens: int | None = None) -> GenerateConfig:
    """Give a task's settings for the model that is run: `provider_settings.yaml`, temperature 1.

    Args:
        max_tokens: Tokens of a reply, if the task has a length of its own.
    """
    model = _model_or_none()
    settings = settings_for(str(model) if model else None)
    return settings.config(temperature=1.0, max_tokens=max_tokens)


def _stopping(cell: str, looks: int | None, policy: str | None) -> GraderCheck:
    if looks is None:
        if policy is not None:
            raise BadInputError("policy goes with looks: -T looks=4 -T policy=FILE")
        return GraderCheck()
    if not isinstance(looks, int) or isinstance(looks, bool) or not 1 <= looks <= MOST_LOOKS:
        raise BadInputError(f"looks {looks!r}: a whole number from 1 to {MOST_LOOKS} is wanted")
    return Looks(cell, looks, read_policy(policy))


def _model_or_none() -> Model | None:
    # Inspect knows the model when it builds the task itself, inside its event loop; a Python
    # caller who builds the task first and hands it to eval() has none yet. What get_model() would
    # give there is the model of an earlier eval() of the same process.
    try:
        anyio.get_current_task()
    except (RuntimeError, LookupError):
        return None
    try:
        return get_model()
    except ValueError:
        return None


def _asked_sha() -> str:
    """Hash what is asked, so that an eval set tells runs of another text apart."""
    return hashlib.sha256(f"{dataset_sha()} {protocol_sha()}".encode()).hexdigest()
