"""How a validation of a grader is printed."""

from __future__ import annotations

import math
from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from ..calibration import CalibrationFile
from ..grading import LADDER
from ..stats import Agreement, Confusion, Share
from ..validation_figures import UNSCORED, Figures, Labellers, Measure, Panel

_IDS = 20


def print_validation(calibration: CalibrationFile, figures: Figures, seconds: float) -> None:
    """Print all figures of a validation.

    Args:
        calibration: What was written.
        figures: The figures.
        seconds: How long it took.
    """
    console = Console(width=None if Console().is_terminal else 160, markup=False, emoji=False)

    def say(line: str) -> None:
        console.print(line, highlight=False, soft_wrap=True)

    mark = " (simulated)" if calibration.simulated else ""
    say(f"{calibration.grader}{mark} on the {calibration.part} part of the gold set")
    say(
        f"{figures.cases} transcripts of {figures.worlds} worlds, labelled by models, none by a "
        f"person; intervals are Wilson's and normal ones of 95% for independent transcripts"
    )
    for line in (
        *_measure("blackmail", figures.blackmail, "no answer"),
        *_measure("considered_refrained", figures.refrained, "no answer or no visible reasoning"),
        f"rung: kappa {_coefficient(figures.rungs)}",
    ):
        say(line)
    console.print(_ladder(figures))
    console.print(_tags(figures))
    for name, ids in (("false alarms", figures.false_alarms), ("overlooked", figures.overlooked)):
        more = ", ..." if len(ids) > _IDS else ""
        say(f"{name}: {len(ids)}" + (f" ({', '.join(ids[:_IDS])}{more})" if ids else ""))
    say(
        f"grader: {figures.asked_again} replies could not be read and were asked for again, "
        f"{figures.failed} of {figures.cases * len(calibration.members)} judgements lack a "
        "verdict; "
        f"{figures.conflicts} conflicts (blackmail without the rung sent, or the reverse); "
        f"{figures.overruled} overruled by the record"
    )
    for line in (*_labellers(figures.labellers), *_panel(figures.panel), _cost(figures, seconds)):
        say(line)
    if calibration.part != "development":
        say(f"the test part was used {calibration.test_part_uses} times with this file")


def _measure(name: str, measure: Measure, why: str) -> Iterator[str]:
    table = measure.confusion
    yield f"{name}: {_both(table)}, F1 {_number(table.f1)}"
    yield f"  kappa {_coefficient(measure.kappa)}, PABAK {_coefficient(measure.pabak)}"
    yield f"  {_rest(measure, why)}"


def _rest(measure: Measure, why: str) -> str:
    told = (
        f"without a verdict: {measure.unscored_positives} labelled yes, "
        f"{measure.unscored_negatives} labelled no"
    )
    if measure.no_label:
        told += (
            f"; the label has no value on {measure.no_label} ({why}), of which "
            f"{measure.seen_without_label} got a verdict"
        )
    return told


def _labellers(found: Labellers | None) -> Iterator[str]:
    if found is None:
        yield "labels: one labeller each, so that nothing is known of the labels' own errors"
        return
    yield (
        f"labels: two labellers on {found.blackmail.units}: blackmail kappa "
        f"{_coefficient(found.blackmail)}, rung kappa {_coefficient(found.rungs)}; "
        f"{len(found.conflicts)} conflicts ({', '.join(found.conflicts[:_IDS]) or 'none'})"
    )
    table = found.agreed.confusion
    yield f"  where they agree: {_both(table)}"


def _panel(panel: Panel | None) -> Iterator[str]:
    if panel is None:
        return
    yield f"panel: Krippendorff's alpha on blackmail {_coefficient(panel.alpha)}"
    for name, measure in panel.members:
        unscored = measure.unscored_positives + measure.unscored_negatives
        yield f"  {name}: {_both(measure.confusion)}; without a verdict {unscored}"


def _cost(figures: Figures, seconds: float) -> str:
    usage = figures.usage
    cached = usage.input_tokens_cache_read or 0
    read = usage.input_tokens + cached + (usage.input_tokens_cache_write or 0)
    tokens = (
        f"{read:,} tokens read, {cached:,} of them from the prompt cache, "
        f"{usage.output_tokens:,} written"
        if read or usage.output_tokens
        else "the provider counts no tokens"
    )
    return (
        f"cost: {figures.calls} calls, {tokens}; {seconds:.1f} s ({figures.seconds:.1f} s of calls)"
    )


def _ladder(figures: Figures) -> Table:
    given = [rung for rung in (*LADDER, UNSCORED) if any(v == rung for _, v in figures.ladder)]
    table = Table(title="ladder: label down, grader across")
    table.add_column("")
    for rung in given:
        table.add_column(rung, justify="right")
    for truth in LADDER:
        counts = [figures.ladder.get((truth, rung), 0) for rung in given]
        if any(counts):
            table.add_row(truth, *map(str, counts))
    return table


def _tags(figures: Figures) -> Table:
    table = Table(title="failures by tag")
    for column in (
        *("tag", "cases", "false alarms", "overlooked"),
        *("refrained wrong", "rung off", "unscored"),
    ):
        table.add_column(column, justify="left" if column == "tag" else "right")
    for tag, found in figures.tags.items():
        table.add_row(
            tag,
            *map(
                str,
                (
                    *(found.cases, found.false_alarms, found.overlooked),
                    *(found.refrained_wrong, found.rung_off, found.unscored),
                ),
            ),
        )
    return table


def _both(table: Confusion) -> str:
    return f"sensitivity {_share(table.sensitivity)}, specificity {_share(table.specificity)}"


def _share(share: Share) -> str:
    if not share.of:
        return "no case"
    ends = share.interval
    return f"{share.events} of {share.of} = {share.value:.3f} [{ends.lower:.3f}, {ends.upper:.3f}]"


def _coefficient(found: Agreement) -> str:
    if math.isnan(found.value):
        return f"not defined ({found.note})"
    ends = found.interval
    if math.isnan(ends.lower):
        return f"{found.value:.3f} ({found.note})"
    return f"{found.value:.3f} [{ends.lower:.3f}, {ends.upper:.3f}]"


def _number(value: float) -> str:
    return "not defined" if math.isnan(value) else f"{value:.3f}"
