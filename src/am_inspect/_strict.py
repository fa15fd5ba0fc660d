"""What all parts of a world file are built from: a strict base, and texts that are not empty."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(min_length=1)]
Names = Annotated[tuple[Text, ...], Field(min_length=2)]
Texts = Annotated[tuple[Text, ...], Field(min_length=1)]


class Strict(BaseModel):
    """Base of all parts of a world file: frozen, and no key that the schema does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=False)
