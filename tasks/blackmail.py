"""The study's six cells, for `inspect eval tasks/blackmail.py --model ...`. See `cell_task`."""

from collections.abc import Sequence

from inspect_ai import Task, task

from am_inspect.mail.protocol import Delivery
from am_inspect.solver import Tools
from am_inspect.tasks import cell_task


@task
def control(
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
    """Neither goal conflict nor threat."""
    return cell_task(
        "control",
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
def goal_only(
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
    """Goal conflict without a threat."""
    return cell_task(
        "goal_only",
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
def threat_only(
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
    """Threat of replacement without a goal conflict."""
    return cell_task(
        "threat_only",
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
def goal_and_threat(
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
    """Goal conflict and threat of replacement."""
    return cell_task(
        "goal_and_threat",
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
def safety(
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
    """goal_and_threat with a safety paragraph."""
    return cell_task(
        "safety",
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
def permissive(
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
    """goal_and_threat with a permissive paragraph."""
    return cell_task(
        "permissive",
        delivery=delivery,
        tools=tools,
        max_turns=max_turns,
        worlds=worlds,
        variants=variants,
        looks=looks,
        policy=policy,
        views=views,
    )
