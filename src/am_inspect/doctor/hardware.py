"""Does the number format of the weights fit what they run on?"""

from __future__ import annotations

from typing import Any

from .diagnosis import Finding
from .patient import Patient
from .prose import finding

_NATIVE_BF16 = (8, 0)
"""Compute capability from which cards compute bfloat16 themselves."""


async def check_dtype(patient: Patient) -> list[Finding]:
    """Look at the weights of a model that runs in this process.

    Args:
        patient: The model.

    Returns:
        One finding.
    """
    if patient.simulated:
        return [finding("dtype", "simulated", "amsim")]
    weights = patient.weights
    if weights is None or not hasattr(weights, "dtype"):
        return [finding("dtype", "unknown", patient.provider)]
    dtype = str(weights.dtype).removeprefix("torch.")
    device = getattr(weights, "device", None)
    kind = str(getattr(device, "type", device))
    family = str(getattr(getattr(weights, "config", None), "model_type", ""))
    case = fit(dtype, kind, family, _capability(kind))
    return [finding("dtype", case, patient.provider, dtype=dtype, device=_called(kind))]


def fit(dtype: str, device: str, family: str, capability: tuple[int, int] | None) -> str:
    """Judge a number format.

    Args:
        dtype: As torch names it.
        device: `cpu`, `cuda`, `mps`.
        family: The model's type in its configuration.
        capability: Of a CUDA card.

    Returns:
        `fits`, or which case of trouble it is.
    """
    if dtype == "float16" and family.startswith("gemma"):
        return "overflow"
    if device == "cpu":
        return "slow" if dtype in ("bfloat16", "float16") else "fits"
    if dtype == "float32":
        return "wide"
    if dtype == "bfloat16" and capability is not None and capability < _NATIVE_BF16:
        return "old_card"
    return "fits"


def _capability(device: str) -> tuple[int, int] | None:
    if device != "cuda":
        return None
    import torch

    major, minor = torch.cuda.get_device_capability()
    return int(major), int(minor)


def _called(device: str) -> str:
    if device == "cpu":
        return "a processor"
    if device != "cuda":
        return device
    import torch

    cuda: Any = torch.cuda
    return str(cuda.get_device_name())
