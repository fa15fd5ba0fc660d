"""The way from a sample to its transcript: a link into a bundled viewer, or a command."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from os.path import relpath
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from urllib.parse import quote

from inspect_ai.log import bundle_log_dir

from ..errors import BadInputError
from ..results import Row


class BundleError(BadInputError):
    """A viewer that cannot be bundled."""


@dataclass(frozen=True)
class Transcripts:
    """Where transcripts are read.

    Attributes:
        viewer: Address of the bundled viewer, relative to the report; None without one.
        names: File name in the bundle by log.
    """

    viewer: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)

    def link(self, row: Row) -> str | None:
        """Give the address of a sample in the viewer; None without a viewer or a transcript."""
        if self.viewer is None or row.missing == "not_run":
            return None
        place = f"{quote(self.names[row.log])}/samples/sample/{quote(row.scenario, safe='')}"
        return f"{self.viewer}#/logs/{place}/{row.epoch}/transcript"

    @staticmethod
    def command(row: Row) -> str | None:
        """Give the command that prints a sample; None if it was not run."""
        if row.missing == "not_run":
            return None
        epoch = "" if row.epoch == 1 else f" --epoch {row.epoch}"
        return f"am-inspect show {shlex.quote(row.log)} {shlex.quote(row.scenario)}{epoch}"


def bundle(logs: Sequence[str], folder: Path, report: Path | None) -> Transcripts:
    """Write Inspect's viewer with logs into a folder, and give the way into it.

    Args:
        logs: The logs.
        folder: Where it goes; an earlier bundle there is replaced.
        report: The report's file, from which links start; None: the folder itself.

    Returns:
        The way.

    Raises:
        BundleError: If the folder holds something else, or cannot be written.
    """
    if folder.exists() and not folder.is_dir():
        raise BundleError(f"--bundle {folder}: is a file; a folder is wanted")
    marks = (folder / "index.html", folder / "logs" / "listing.json")
    if folder.exists() and any(folder.iterdir()) and not all(mark.exists() for mark in marks):
        raise BundleError(f"--bundle {folder}: holds something that is no bundled viewer")
    names: dict[str, str] = {}
    with TemporaryDirectory() as staged:
        for number, log in enumerate(logs):
            name = Path(log).name
            if name in names.values():
                name = f"{number}-{name}"
            names[log] = name
            copyfile(log, Path(staged) / name)
        try:
            # It tells of each step on standard output, where a report may go.
            with redirect_stdout(sys.stderr):
                bundle_log_dir(log_dir=staged, output_dir=str(folder), overwrite=True)
        except OSError as error:
            raise BundleError(f"--bundle {folder}: {error.strerror or error}") from None
    start = report.parent if report else folder
    viewer = Path(relpath(folder / "index.html", start)).as_posix()
    return Transcripts(quote(viewer), names)
