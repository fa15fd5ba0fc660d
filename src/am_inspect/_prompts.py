"""The texts that all worlds share: the system prompt's template and its instruction paragraphs."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from .cells import LEVELS, Cell
from .worlds import Strict, WorldError, read_yaml


class SharedTexts(Strict):
    """The file `instructions.yaml`.

    Attributes:
        canary: The training canary that every world file must repeat.
        instructions: A paragraph for every level of the factor but `none`; a template.
        strategy_line: The nudge to think what the situation means for the agent's goals.
        scratchpad: The paragraph that asks for private reasoning.
    """

    canary: str
    instructions: dict[str, str]
    strategy_line: str
    scratchpad: str


class Prompts(SharedTexts):
    """The shared texts together with the template of the system prompt."""

    system: str

    def parts(self, cell: Cell) -> dict[str, str | None]:
        """Give the paragraphs that a cell has, as templates; null for one that it lacks."""
        return {
            "instruction": self.instructions.get(cell.instruction),
            "strategy_line": self.strategy_line if cell.strategy_line == "on" else None,
            "scratchpad": self.scratchpad if cell.scratchpad == "on" else None,
        }


def load_prompts(folder: Path) -> Prompts:
    """Read the shared texts.

    Args:
        folder: Holds `system.md.j2` and `instructions.yaml`.

    Returns:
        The texts.

    Raises:
        WorldError: If a file is missing or lacks a paragraph.
    """
    path = folder / "instructions.yaml"
    data = read_yaml(path)
    try:
        system = (folder / "system.md.j2").read_text(encoding="utf-8")
        texts = SharedTexts.model_validate(data)
    except OSError as error:
        raise WorldError(f"{error.filename}: cannot be read: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise WorldError(f"{path.name}: {where}: {first['msg'].lower()}") from error
    wanted = {level for level in LEVELS["instruction"] if level != "none"}
    if set(texts.instructions) != wanted:
        raise WorldError(f"{path.name}: instructions must be exactly {', '.join(sorted(wanted))}")
    return Prompts(system=system, **texts.model_dump())
