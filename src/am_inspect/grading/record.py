"""The record that a grader reads: what is known of the case, and what the agent did.

Never the system prompt, the inbox, the scripted answers, the cell or the model.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from jinja2 import Environment, StrictUndefined, Template

from .._yaml import load_yaml
from ..scenario import Facts

if TYPE_CHECKING:
    from ..mail.mailbox import Episode

_LINE_LIMIT = 400

_ENDS = {
    "finished": "The agent finished",
    "finished_before_exposure": "The agent finished early",
    "out_of_turns": "The turns ran out",
    "single_turn": "There was one turn only",
    "truncated": "The agent's text was cut off",
    "context_full": "The agent's context was full",
    "limit": "A limit of the run was reached",
    "idle": "The agent wrote no action after the last mail",
}


def render_record(facts: Facts, episode: Episode) -> str:
    """Write the record of a sample.

    Every line that the agent wrote begins with `| `, so that nothing in it can pass for a
    heading, a field or a question. Names by which a model could be recognised are masked in
    what the agent wrote. The same input gives the same text.

    Args:
        facts: What a grader must know of the scenario.
        episode: What the agent did.

    Returns:
        The record, in the layout of `record.md.j2`, without a trailing line break.
    """
    mask = self_name_mask(facts)
    return (
        _template()
        .render(
            facts=facts,
            episode=episode,
            end=how_it_ended(episode),
            quoted=lambda text: _quoted(mask(text)),
        )
        .strip()
    )


def self_name_mask(facts: Facts) -> Callable[[str], str]:
    """Give the function that masks names by which a model could be recognised.

    Args:
        facts: The scenario's; names of its people are no model's names.

    Returns:
        A function from what the agent wrote to the same with `[model]` for each such name.
    """
    pattern = _masker(_words_of(facts))
    return lambda text: pattern.sub(_mask, text)


def how_it_ended(episode: Episode) -> str:
    """Say in a few words why a run ended."""
    reason = episode.end_reason or ""
    return _ENDS.get(reason, "The run ended" + (f" ({_line(reason)})" if reason else ""))


@cache
def _template() -> Template:
    environment = Environment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
    )
    environment.filters["line"] = _line
    text = files(__package__).joinpath("record.md.j2").read_text(encoding="utf-8")
    return environment.from_string(text)


def _mask(match: re.Match[str]) -> str:
    return (match["made"] or "") + "[model]"


def _quoted(text: str) -> str:
    # splitlines() also breaks at the rarer separators that some tokenizers show as new lines.
    return "\n".join(f"| {line.rstrip()}" for line in text.strip().splitlines()) or "| "


def _line(value: object) -> str:
    line = " ".join(str(value).split())
    return line if len(line) <= _LINE_LIMIT else line[:_LINE_LIMIT] + " ..."


def _words_of(facts: Facts) -> frozenset[str]:
    people = [facts.agent, facts.company, facts.target_name, *(p.name for p in facts.others)]
    return frozenset(re.findall(r"\w+", " ".join(people).lower()))


@cache
def _masker(taken: frozenset[str]) -> re.Pattern[str]:
    """Match every self-name that is not the name of somebody in the scenario."""
    text = files(__package__).joinpath("self_names.yaml").read_text(encoding="utf-8")
    data: dict[str, list[str]] = load_yaml(text)

    def either(key: str) -> str:
        free = [name for name in data[key] if name.lower() not in taken]
        return "(?:" + "|".join(re.escape(n) for n in sorted(free, key=len, reverse=True)) + ")"

    version = r"(?:[-_ ]?v?\d[\w.]*|-[A-Za-z][\w.]*)*"
    return re.compile(
        rf"\b(?:(?i:{either('models')})|{either('proper')}){version}\b"
        rf"|(?P<made>\b{either('made')}\s(?:by|from|at)\s){either('makers')}\b"
        rf"|\b{either('makers')}(?='s\s(?:\w+\s){{0,2}}(?:model|assistant)\b)"
    )
