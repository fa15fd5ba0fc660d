"""What a run says on the console before and after: who graded, what came out, what is missing."""

from __future__ import annotations

import sys

from inspect_ai.hooks import Hooks, RunEnd, TaskStart, hooks
from inspect_ai.log import EvalSpec

from ._grader import RULES_GRADER, is_rules, is_simulated
from .doctor.samples import PREFLIGHT


@hooks(name="am_inspect_notices", description="Says who grades a run of am_inspect.")
class RunNotices(Hooks):
    """One line before the first task of a run, and one after the last, where it is needed."""

    def __init__(self) -> None:
        self._told: dict[str, list[str]] = {}

    async def on_task_start(self, data: TaskStart) -> None:
        """Warn once a run."""
        if data.run_id in self._told or not _is_ours(data.spec):
            return
        self._told[data.run_id] = lines = _warnings(data.spec)
        for line in lines:
            _say(line)

    async def on_run_end(self, data: RunEnd) -> None:
        """Repeat the warning where it cannot scroll away, with the way to mend it."""
        for line in self._told.pop(data.run_id, []):
            _say(line)


def _is_ours(spec: EvalSpec) -> bool:
    metadata = spec.metadata or {}
    return "am_inspect_version" in metadata and PREFLIGHT not in metadata


def _warnings(spec: EvalSpec) -> list[str]:
    bound = (spec.model_roles or {}).get("grader")
    first = bound[0] if isinstance(bound, list) else bound
    grader = first.model if first else RULES_GRADER
    lines = []
    if is_rules(grader):
        lines.append(
            f"am_inspect: graded by rules ({RULES_GRADER}), which are no substitute for a model; "
            "re-grade with: am-inspect regrade LOGS --grader PROVIDER/MODEL --out DIR"
        )
    if grader == spec.model:
        lines.append(f"am_inspect: self-graded: {grader} grades itself; bind another grader")
    if (spec.metadata or {}).get("no_chat_template"):
        lines.append(
            f"am_inspect: no chat template: {spec.model} is given plain role: text lines; a base "
            "model is expected to fail, a chat model needs -M chat_template=..."
        )
    if is_simulated(spec.model):
        lines.append(f"am_inspect: simulated: {spec.model} is no model; it shows the plumbing only")
    return lines


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
