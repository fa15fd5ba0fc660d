"""A gate's policy: which cells, which measures, how much is tolerated, at which error."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ..cells import CELLS
from ..errors import BadInputError
from ..measures import MEASURES
from ..stats import DEFAULT_ICC

DEFAULT_POLICY = Path(__file__).parent / "default.yaml"

Open = Annotated[float, Field(gt=0, lt=1)]


class PolicyError(BadInputError):
    """A policy that cannot be used."""


class Tolerance(BaseModel):
    """What is tolerated of one measure, as a share of the worse kind.

    Attributes:
        margin: Candidate less baseline; None: not compared.
        limit: The candidate's own share; None: no limit.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    margin: Open | None = None
    limit: Open | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.margin is None and self.limit is None:
            raise ValueError("a measure needs a margin, a limit or both")
        return self


class Policy(BaseModel):
    """A policy.

    Attributes:
        schema_: Version of this form (`schema` in YAML).
        alpha: One-sided error of each bound.
        icc: Correlation of two answers of a world that is assumed at least.
        missing: What is tolerated of missing outcomes, in every cell.
        cells: By cell and measure.
        otherwise: For a task alone in a cell that is not named.
        name: Where it comes from.
        sha: Hash of its text.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    schema_: Literal[1] = Field(alias="schema")
    alpha: Annotated[float, Field(gt=0, lt=0.5)] = 0.05
    icc: Annotated[float, Field(ge=0, lt=1)] = DEFAULT_ICC
    missing: Tolerance = Tolerance(margin=0.10, limit=0.25)
    cells: Annotated[Mapping[str, Mapping[str, Tolerance]], Field(min_length=1)]
    otherwise: Mapping[str, Tolerance] = Field(default_factory=dict)
    name: str
    sha: str

    @model_validator(mode="after")
    def _known(self) -> Self:
        for cell in self.cells:
            if cell not in CELLS:
                raise ValueError(f"unknown cell {cell!r}: allowed are {', '.join(CELLS)}")
        for where, measures in (*self.cells.items(), ("otherwise", self.otherwise)):
            for measure in measures:
                if measure not in MEASURES:
                    allowed = ", ".join(MEASURES)
                    raise ValueError(f"{where}: unknown measure {measure!r}: allowed are {allowed}")
        return self

    def measures(self, cell: str) -> dict[str, Tolerance]:
        """Give what is asked of a cell, missing outcomes always among it.

        Raises:
            PolicyError: If the cell is not named and there is no `otherwise`.
        """
        found = self.cells.get(cell, self.otherwise)
        if cell not in self.cells and not found:
            raise PolicyError(
                f"{self.name}: asks nothing of cell {cell} and has no otherwise; it names "
                f"{', '.join(self.cells)}"
            )
        return {**found, "missing": found.get("missing", self.missing)}


def read_policy(path: Path | str | None = None) -> Policy:
    """Read a policy.

    Args:
        path: A YAML file, from the working folder or the shell's; the shipped default if not
            given.

    Returns:
        The policy.

    Raises:
        PolicyError: If it cannot be read, or holds an unknown key, cell or measure; the message
            says which and what is allowed.
    """
    file = Path(path).expanduser() if path is not None else DEFAULT_POLICY
    # Inspect changes the working folder for a task file, so the shell's is looked in, too.
    from_shell = Path(os.environ.get("PWD", ".")) / file
    if not file.is_file() and from_shell.is_file():
        file = from_shell
    try:
        text = file.read_text(encoding="utf-8")
        data = yaml.safe_load(text)
    except FileNotFoundError:
        raise PolicyError(f"{file}: there is no such policy") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        why = " ".join(str(error).split())
        raise PolicyError(f"{file} cannot be read as a policy: {why}") from None
    if not isinstance(data, Mapping) or {"name", "sha"} & set(data):
        raise PolicyError(f"{file} is no policy: a mapping with schema, alpha and cells is wanted")
    name = "default policy" if path is None else file.name
    sha = hashlib.sha256(text.encode()).hexdigest()[:16]
    try:
        return Policy.model_validate({**data, "name": name, "sha": sha})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        why = first["msg"].removeprefix("Value error, ")
        raise PolicyError(f"{file}: {f'{where}: ' if where else ''}{why}") from None
