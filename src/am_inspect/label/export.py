"""Make a page and its sealed key out of logs."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .._grader import record_sha
from .._version import __version__
from ..errors import BadInputError
from ..mail.mailbox import Mailbox
from ..results import Row, read_results, read_sample
from ._logs import logs_by_run, refuse_changed_record, refuse_missing_logs
from .answers import Label
from .draw import Draw, draw_sample, verdict_of
from .key import Candidate, Key, KeyItem
from .page import render_page
from .questions import load_questions
from .transcript import page_item


@dataclass(frozen=True)
class Exported:
    """What was written.

    Attributes:
        page: The page.
        key_file: The sealed key; equal to the given one where a page was made again.
        key: What it holds.
    """

    page: Path
    key_file: Path
    key: Key


def export_page(logs: Sequence[str | Path], n: int, seed: int, out: Path) -> Exported:
    """Draw samples and write the page and its key.

    Args:
        logs: Logs, or folders of logs.
        n: How many samples to draw.
        seed: Seed of the draw. Item ids do not follow from it: they are random each time.
        out: The page; its key lies beside it as `<name>.key.json`.

    Returns:
        What was written.

    Raises:
        BadInputError: If the logs cannot be used, or page or key are there already.
    """
    key_file = key_file_of(out)
    for path in (out, key_file):
        _refuse_existing(path)
    logs_by_run(logs)
    draw = draw_sample(read_results(logs).rows, n, seed)
    boxes = [_box(row.log, row.scenario, row.epoch) for row in draw.rows]
    key = Key(
        page=secrets.token_hex(8),
        made_by=__version__,
        seed=seed,
        rubric_sha=load_questions().rubric_sha,
        left_out=dict(draw.left_out),
        strata=draw.strata,
        items=tuple(_key_item(row, draw, box) for row, box in zip(draw.rows, boxes, strict=True)),
        undrawn=tuple(_undrawn(row, draw) for row in draw.undrawn),
    )
    # The key first: a page without one would be labelled for nothing.
    _write(key_file, key.text())
    _write(out, _page(key, boxes))
    return Exported(out, key_file, key)


def resume_page(
    logs: Sequence[str | Path], key_file: Path, key: Key, labels: Sequence[Label], out: Path
) -> Exported:
    """Write a page anew from its key, with the labels that were made so far.

    Args:
        logs: The logs that it was drawn from.
        key_file: Where the key was read from.
        key: The key.
        labels: One labeller's labels.
        out: The new page.

    Returns:
        What was written.

    Raises:
        BadInputError: If a log is missing or changed, the labels are of several labellers, or
            the page is there already.
    """
    _refuse_existing(out)
    names = sorted({label.labeller for label in labels})
    if len(names) > 1:
        raise BadInputError(f"a page is one labeller's, but the labels are of {', '.join(names)}")
    runs = logs_by_run(logs)
    refuse_missing_logs(key, runs)
    boxes = []
    for item in key.items:
        box = _box(runs[item.eval_id], item.sample, item.epoch)
        refuse_changed_record(item, box, runs[item.eval_id])
        boxes.append(box)
    _write(out, _page(key, boxes, labels))
    return Exported(out, key_file, key)


def key_file_of(page: Path) -> Path:
    """Give the name of a page's key: `labels.html` has `labels.key.json`."""
    return page.with_name(page.stem + ".key.json")


def _box(log: str, sample_id: str, epoch: int) -> Mailbox:
    sample = read_sample(log, sample_id, epoch)
    return Mailbox.of_state(sample.store, sample.metadata)


def _key_item(row: Row, draw: Draw, box: Mailbox) -> KeyItem:
    return KeyItem(
        id=secrets.token_hex(5),
        log=Path(row.log).name,
        eval_id=row.eval_id,
        sample=row.scenario,
        epoch=row.epoch,
        world=row.world,
        cell=row.setting.cell,
        verdict=verdict_of(row),
        probability=draw.stratum_of(row).probability,
        record_sha=record_sha(box.played_scenario().facts, box.episode()),
    )


def _undrawn(row: Row, draw: Draw) -> Candidate:
    return Candidate(
        eval_id=row.eval_id,
        sample=row.scenario,
        epoch=row.epoch,
        probability=draw.stratum_of(row).probability,
    )


def _page(key: Key, boxes: Sequence[Mailbox], labels: Sequence[Label] = ()) -> str:
    items = [
        page_item(item.id, box.played_scenario(), box.episode())
        for item, box in zip(key.items, boxes, strict=True)
    ]
    return render_page(key.page, items, labels)


def _refuse_existing(path: Path) -> None:
    if path.exists():
        raise BadInputError(
            f"{path} is there already, and labels may depend on it: give another name"
        )


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInputError(f"{path} cannot be written: {error.strerror}") from None
