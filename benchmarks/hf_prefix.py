"""What would a prefix-reusing `hf/` gain? The same batch with and without a shared prefix kept.

Several prompts that begin alike (system prompt, protocol, inbox of one world: epochs of a sample)
go through transformers' `generate` on the CPU: once whole, as Inspect's `hf/` sends them, and once
with the shared part read a single time and its keys and values repeated for each row. Replies are
greedy and must be the same texts.

    HF_HUB_OFFLINE=1 python benchmarks/hf_prefix.py --folder ~/.cache/am_inspect/gemma-3-270m
"""

from __future__ import annotations

import argparse
import copy
import sys
import time
from pathlib import Path
from typing import Any

from am_inspect._tokens import whole_inbox
from am_inspect.dataset import choose_rows
from am_inspect.mail.protocol import protocol_block


def prompt() -> str:
    """Give the single-turn prompt of the shortest world."""
    (row,) = choose_rows("goal_and_threat", "crumb", 1)
    block = protocol_block("text", "single_turn")
    return f"system: {row.system}\n\n{block}\nuser: {whole_inbox(row)}\n"


def main() -> int:
    """Time both ways and print the ratio."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=8)
    parser.add_argument("--new-tokens", type=int, default=16)
    options = parser.parse_args()
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    folder = options.folder.expanduser()
    model: Any = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    tokenizer: Any = AutoTokenizer.from_pretrained(folder)
    shared = tokenizer(prompt(), return_tensors="pt")["input_ids"]
    # Each row ends in words of its own, as later turns of different epochs do.
    ends = [
        tokenizer(f"({n:03d})", add_special_tokens=False)["input_ids"] for n in range(options.rows)
    ]
    rows = torch.cat([shared.repeat(options.rows, 1), torch.tensor(ends)], dim=1)
    how = {"max_new_tokens": options.new_tokens, "do_sample": False, "use_cache": True}
    times: dict[str, float] = {}
    with torch.inference_mode():
        model(shared[:, :32])
        began = time.monotonic()
        whole = model.generate(rows, attention_mask=torch.ones_like(rows), **how)
        times["whole"] = time.monotonic() - began
        began = time.monotonic()
        kept = model(shared, use_cache=True, logits_to_keep=1).past_key_values
        times["shared part, once"] = time.monotonic() - began
        cache = copy.deepcopy(kept)
        cache.batch_repeat_interleave(options.rows)
        reused = model.generate(
            rows, attention_mask=torch.ones_like(rows), past_key_values=cache, **how
        )
        times["reused"] = time.monotonic() - began
    same = sum(bool((a == b).all()) for a, b in zip(whole, reused, strict=True))
    print(
        f"{options.rows} rows, {shared.shape[1]} tokens shared, {len(ends[0])} of their own, "
        f"{options.new_tokens} new; same text in {same} of {options.rows}"
    )
    for name, seconds in times.items():
        print(f"  {name}: {seconds:.1f} s")
    print(f"  whole / reused: {times['whole'] / times['reused']:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
