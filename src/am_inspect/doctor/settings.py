"""How the doctor examines: the settings of the runs that are to come, and how much it asks."""

from __future__ import annotations

from dataclasses import dataclass

from ..mail.protocol import Delivery
from ..solver import Tools


@dataclass(frozen=True)
class Settings:
    """What the runs to come are like.

    Attributes:
        delivery: As of the tasks.
        tools: As of the tasks.
        max_turns: As of the tasks.
        max_tokens: Tokens of a reply.
        temperature: As of the tasks.
        seed: The run's seed.
        max_connections: Calls under way together; the provider's own if None.
        samples: How many short samples are played.
        planned: Samples of the study that is forecast: six cells of 32, unless told.
        patience: Seconds that one call may take, its second try included.
        log_dir: Where the log of the short samples goes; thrown away if None.
    """

    delivery: Delivery = "paced"
    tools: Tools = "text"
    max_turns: int = 8
    max_tokens: int = 2048
    temperature: float = 1.0
    seed: int = 1
    max_connections: int | None = None
    samples: int = 10
    planned: int = 192
    patience: int = 900
    log_dir: str | None = None
