"""The installed dataset: rows, and samples of one cell for Inspect."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ChatMessageSystem, ChatMessageUser

from ._dataset_file import ROWS, DatasetError, from_line, lines_of, read_dataset
from ._paths import datasets_dir
from .cells import find_cell
from .scenario import Row

__all__ = ["DatasetError", "blackmail_dataset", "choose_rows", "dataset_sha", "load_rows"]


def blackmail_dataset(
    cell: str,
    worlds: str | Sequence[str] | None = None,
    variants: int | str | Sequence[int | str] | None = None,
) -> MemoryDataset:
    """Give the samples of one cell.

    Args:
        cell: Name of the cell.
        worlds: Names of the worlds wanted, one or several (also as "a,b"); all if null.
        variants: Numbers of the variants wanted, likewise; all if null.

    Returns:
        The samples, interleaved by world, named `am_inspect-<cell>`.

    Raises:
        UnknownCellError: If there is no such cell.
        DatasetError: If there is no such world or variant, or the dataset cannot be read.
    """
    samples = [
        Sample(
            id=row.id,
            input=[ChatMessageSystem(content=row.system), ChatMessageUser(content=row.opening)],
            metadata=row.metadata(),
        )
        for row in choose_rows(cell, worlds, variants)
    ]
    return MemoryDataset(samples, name=f"am_inspect-{cell}", location=str(datasets_dir() / ROWS))


def choose_rows(
    cell: str,
    worlds: str | Sequence[str] | None = None,
    variants: int | str | Sequence[int | str] | None = None,
) -> tuple[Row, ...]:
    """Give the rows of one cell.

    Args:
        cell: Name of the cell.
        worlds: Names of the worlds wanted, one or several (also as "a,b"); all if null.
        variants: Numbers of the variants wanted, likewise; all if null.

    Returns:
        The rows, interleaved by world.

    Raises:
        UnknownCellError: If there is no such cell.
        DatasetError: If there is no such world or variant, or the dataset cannot be read.
    """
    find_cell(cell)
    rows = [row for row in load_rows() if row.cell == cell]
    wanted_worlds = _choose("world", worlds, sorted({row.world for row in rows}))
    wanted_variants = _choose("variant", variants, sorted({str(row.variant) for row in rows}))
    return tuple(
        row for row in rows if row.world in wanted_worlds and str(row.variant) in wanted_variants
    )


def load_rows(folder: Path | None = None) -> tuple[Row, ...]:
    """Read all rows, once a process.

    Args:
        folder: Holds the rendered dataset; the installed one if null.

    Returns:
        The rows in file order.

    Raises:
        DatasetError: If the dataset is missing, was edited by hand, or is of another version.
    """
    return _load(folder or datasets_dir()).rows


def dataset_sha(folder: Path | None = None) -> str:
    """Give the sha256 (hex) of the rendered dataset's bytes.

    Args:
        folder: Holds the rendered dataset; the installed one if null.

    Returns:
        64 hex digits.

    Raises:
        DatasetError: If the dataset is missing or was edited by hand.
    """
    return _load(folder or datasets_dir()).sha


class _Loaded:
    def __init__(self, folder: Path) -> None:
        content = read_dataset(folder)
        self.sha = hashlib.sha256(content).hexdigest()
        try:
            self.rows = tuple(from_line(line) for line in lines_of(content.decode("utf-8")))
        except (ValueError, KeyError, TypeError) as error:
            raise DatasetError(
                f"{folder / ROWS} does not fit this version: run `am-inspect dataset render`"
            ) from error


@lru_cache(maxsize=8)
def _load(folder: Path) -> _Loaded:
    return _Loaded(folder)


def _choose(
    what: str, wanted: int | str | Sequence[int | str] | None, allowed: Sequence[str]
) -> set[str]:
    if wanted is None:
        return set(allowed)
    if isinstance(wanted, int | str):
        wanted = str(wanted).split(",")
    chosen = {str(name).strip() for name in wanted}
    if what == "variant":
        chosen = {name.removeprefix("v") for name in chosen}
    for name in sorted(chosen - set(allowed)) or ([] if chosen else [""]):
        raise DatasetError(f"unknown {what} {name!r}: allowed are {', '.join(allowed)}")
    return chosen
