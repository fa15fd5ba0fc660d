"""Seeds that differ by sample, epoch and turn, and repeat when these do."""

from __future__ import annotations

import hashlib


def derive_seed(run_seed: int, *parts: object) -> int:
    """Derive a seed from the run's seed and what is being drawn.

    A run's `--seed` is one constant, so without this each epoch would repeat the first one on
    a provider that honours request seeds.

    Args:
        run_seed: The run's seed.
        parts: What tells this draw from others: sample id, epoch, turn.

    Returns:
        An integer from 0 to 2^31 - 1, which every provider's seed field can hold.
    """
    text = "\x1f".join(str(part) for part in (run_seed, *parts))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) >> 1
