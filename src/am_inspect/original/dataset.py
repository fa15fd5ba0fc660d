"""The one sample of a cell: the original prompts, and what our loop and graders need beside."""

from __future__ import annotations

from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ChatMessageSystem, ChatMessageUser

from .cast import scenario_of
from .peer import original_version
from .prompts import ORIGINAL_CELLS, Permission, cell_text

PROTOCOL = "summitbridge"


def original_dataset(cell: str, permission: Permission) -> MemoryDataset:
    """Give the sample of a cell.

    Args:
        cell: One of the study's six.
        permission: What the cell `permissive` adds.

    Returns:
        One sample. Its metadata are a `Scenario`, and `original`: the settings of the original
        task, its version, and where the permissive text comes from (null in other cells).

    Raises:
        MissingOriginalError: If inspect-evals is missing or another one than is known.
    """
    text = cell_text(cell, permission)
    scenario = scenario_of(cell, text.inbox)
    about = {
        **ORIGINAL_CELLS[cell].metadata(),
        "inspect_evals": original_version(),
        "permissive_text": permission.source if cell == "permissive" else None,
    }
    sample = Sample(
        id=scenario.scenario,
        input=[ChatMessageSystem(content=text.system), ChatMessageUser(content=text.user)],
        metadata={
            **scenario.model_dump(mode="json", by_alias=True),
            "protocol": PROTOCOL,
            "original": about,
        },
    )
    return MemoryDataset([sample], name=f"{PROTOCOL}-{cell}")
