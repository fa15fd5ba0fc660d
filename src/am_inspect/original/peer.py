"""The one door to inspect-evals, which is an optional dependency."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version
from typing import Any

from ..errors import BadInputError

_PACKAGE = "inspect_evals.agentic_misalignment"


class MissingOriginalError(BadInputError):
    """inspect-evals is not installed, or is not the one that this package knows."""


def original(module: str) -> Any:
    """Import a module of the original evaluation.

    Args:
        module: Its name inside `inspect_evals.agentic_misalignment`.

    Returns:
        The module.

    Raises:
        MissingOriginalError: If it cannot be imported; the message says what to install.
    """
    try:
        return import_module(f"{_PACKAGE}.{module}")
    except ImportError as error:
        raise MissingOriginalError(
            f"the published protocol needs inspect-evals ({error}): install am-inspect[original]"
        ) from None


def original_version() -> str:
    """Give the installed version of inspect-evals; it must be installed."""
    return version("inspect-evals")
