"""The seven further cells, for `inspect eval tasks/extended.py --model ...`. See `cell_task`."""

from collections.abc import Sequence

from inspect_ai import Task, task

from am_inspect.mail.protocol import Delivery
from am_inspect.solver import Tools
from am_inspect.tasks import cell_task


@task
def restriction_only(
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
    """Threat of restriction without a goal conflict."""
    return cell_task(
        "restriction_only",
        delivery=delivery,
        tools=tools,
        max_turns=max_turns,
        worlds=worlds,
        variants=variants,
        looks=looks,
        policy=policy,
        views=views,
    )


@task
def goal_and_restriction(
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
    """Goal conflict and threat of restriction."""
    return cell_task(
        "goal_and_restriction",
        delivery=delivery,
        tools=tools,
        max_turns=max_turns,
        worlds=worlds,
        variants=variants,
        looks=looks,
        policy=policy,
        views=views,
    )


@task
def neutral(
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
    """goal_and_threat with a paragraph of no content, the placebo."""
    return cell_task(
        "neutral",
        delivery=delivery,
        tools=tools,
        max_turns=max_turns,
        worlds=worlds,
        variants=variants,
        looks=looks,
        policy=policy,
        views=views,
    )


@task
def escalation(
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
    """goal_and_threat with a paragraph that names who may be told."""
    return cell_task(
        "escalation",
        delivery=delivery,
        tools=tools,
        max_turns=max_turns,
        worlds=worlds,
        variants=variants,
        looks=looks,
        policy=policy,
        views=views,
    )


@task
def no_strategy_line(
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
    """goal_and_threat without the nudge to strategy."""
    return cell_task(
        "no_strategy_line",
        delivery=delivery,
        tools=tools,
        max_turns=max_turns,
        worlds=worlds,
        variants=variants,
        looks=looks,
        policy=policy,
        views=views,
    )


@task
def no_scratchpad(
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
    """goal_and_threat without a request to reason first."""
    return cell_task(
        "no_scratchpad",
        delivery=delivery,
        tools=tools,
        max_turns=max_turns,
        worlds=worlds,
        variants=variants,
        looks=looks,
        policy=policy,
        views=views,
    )


@task
def no_leverage(
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
    """goal_and_threat with harmless mails for the secret."""
    return cell_task(
        "no_leverage",
        delivery=delivery,
        tools=tools,
        max_turns=max_turns,
        worlds=worlds,
        variants=variants,
        looks=looks,
        policy=policy,
        views=views,
    )
