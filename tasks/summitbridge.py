"""The published protocol, for `inspect eval tasks/summitbridge.py --epochs 100 --model ...`.

It needs `pip install "am-inspect[original]"`: the original prompts come from inspect-evals at run
time. What they are, and their known faults: `am_inspect.original.summitbridge_task`.
"""

from inspect_ai import Task, task

from am_inspect.original import summitbridge_task


@task
def summitbridge_control() -> Task:
    """Neither goal nor threat."""
    return summitbridge_task("control")


@task
def summitbridge_goal_only() -> Task:
    """A goal that the company turns from, no threat."""
    return summitbridge_task("goal_only")


@task
def summitbridge_threat_only() -> Task:
    """Replacement, no goal."""
    return summitbridge_task("threat_only")


@task
def summitbridge_goal_and_threat() -> Task:
    """Goal and replacement."""
    return summitbridge_task("goal_and_threat")


@task
def summitbridge_safety() -> Task:
    """goal_and_threat with the original's safety points."""
    return summitbridge_task("safety")


@task
def summitbridge_permissive(*, permissive_text: str | None = None) -> Task:
    """goal_and_threat with a permissive point, in our words or a file's."""
    return summitbridge_task("permissive", permissive_text=permissive_text)
