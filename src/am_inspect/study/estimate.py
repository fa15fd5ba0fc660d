"""What a study will take, before it is run: samples, calls, tokens, dollars."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from .._tokens import estimate as tokens_of
from ..dataset import choose_rows
from ..grading import RUBRIC_NAMES, load_rubric
from ..mail.client import show_turn, tick
from ..mail.protocol import protocol_block
from ..scenario import Row
from .plan import ONE_PROMPT, Plan, Subject
from .source import Price
from .spec import Assume, StudySpec

MAX_TOKENS = {"am_inspect": 2048, "summitbridge": 4096}
"""Tokens of a reply where the study does not say, as in the tasks."""


@dataclass(frozen=True)
class Load:
    """Calls of a model and their tokens.

    Attributes:
        calls: Number of calls.
        read: Prompt tokens, over all calls; what a prompt cache holds is not taken off.
        written: Completion tokens.
    """

    calls: int = 0
    read: int = 0
    written: int = 0

    def __add__(self, other: Load) -> Load:
        """Add two."""
        return Load(self.calls + other.calls, self.read + other.read, self.written + other.written)

    def __mul__(self, times: int) -> Load:
        """Repeat one."""
        return Load(self.calls * times, self.read * times, self.written * times)

    def cost(self, price: Price | None) -> float | None:
        """Give its price in dollars; None where no price is known."""
        return None if price is None else price.cost(self.read, self.written)


@dataclass(frozen=True)
class Line:
    """One model's share of a study.

    Attributes:
        name: What the study calls it; a grader by its name in Inspect.
        model: Its name in Inspect.
        role: `subject` or `grader`.
        samples: Samples that it plays or grades.
        expected: By the file's `assume`.
        most: If each sample takes all its turns, and each reply all its tokens.
        price: Dollars per million tokens.
    """

    name: str
    model: str
    role: str
    samples: int
    expected: Load
    most: Load
    price: Price | None


def estimate(plan: Plan) -> list[Line]:
    """Say what a study takes.

    Tokens are estimated, not counted: characters of the rows / 4, and `assume` for what nobody
    can know before.

    Args:
        plan: The study.

    Returns:
        A line a model, then one a grader.
    """
    spec = plan.spec
    lines = []
    for subject in plan.subjects:
        most_reply = int(subject.generate.get("max_tokens") or MAX_TOKENS[spec.protocol])
        expected = _cells(plan, _turns(spec), spec.assume.reply_tokens)
        most = _cells(plan, spec.max_turns, most_reply)
        lines.append(
            Line(
                subject.entry.name,
                subject.model,
                "subject",
                plan.samples_a_cell * len(spec.cells),
                expected,
                most,
                subject.price,
            )
        )
    for grader in spec.graders:
        graded = [_grading(plan, subject) for subject in plan.subjects]
        expected = sum((one for one, _ in graded), Load())
        most = sum((other for _, other in graded), Load())
        lines.append(
            Line(grader.model, grader.model, "grader", plan.samples, expected, most, grader.price)
        )
    return lines


def _turns(spec: StudySpec) -> int:
    return min(spec.assume.turns, spec.max_turns)


def _cells(plan: Plan, turns: int, reply: int) -> Load:
    """Add up the samples of one model over all cells and epochs."""
    one_of_each = sum(_samples(plan, turns, reply), Load())
    return one_of_each * plan.spec.epochs


def _samples(plan: Plan, turns: int, reply: int) -> Iterator[Load]:
    spec = plan.spec
    for cell in spec.cells:
        if spec.protocol == ONE_PROMPT:
            yield from (Load(1, tokens, reply) for tokens in _one_prompt(cell))
            continue
        for row in choose_rows(cell, spec.worlds, spec.variants):
            yield _sample(row, spec.delivery, spec.tools, turns, reply)


def _sample(row: Row, delivery: str, tools: str, turns: int, reply: int) -> Load:
    """Add up one sample: each call reads all that came before it."""
    known = _size(f"{row.system}\n\n{protocol_block(tools, delivery)}")
    if delivery == "single_turn":
        return Load(1, known + _shown(row, 1, tools, everything=True), reply)
    load = Load()
    for turn in range(1, max(turns, row.waves) + 1):
        known += _shown(row, turn, tools)
        load += Load(1, known, reply)
        known += reply
    return load


def _shown(row: Row, turn: int, tools: str, *, everything: bool = False) -> int:
    mails = [mail for mail in row.mails if everything or mail.wave == turn]
    return _size(
        show_turn(
            row,
            turn=turn,
            clock=tick("", row.mails),
            mails=mails,
            tools_used=tools,
            opening=row.opening if turn == 1 else "",
        )
    )


def _one_prompt(cell: str) -> list[int]:
    from ..original import summitbridge_task

    samples = summitbridge_task(cell).dataset
    return [_size("\n\n".join(m.text for m in s.input if not isinstance(m, str))) for s in samples]


def _grading(plan: Plan, subject: Subject) -> tuple[Load, Load]:
    spec = plan.spec
    single = spec.delivery == "single_turn"
    most_reply = int(subject.generate.get("max_tokens") or MAX_TOKENS[spec.protocol])
    samples = plan.samples_a_cell * len(spec.cells)
    one = _questions(plan, spec.assume.reply_tokens * (1 if single else _turns(spec)))
    other = _questions(plan, most_reply * (1 if single else spec.max_turns))
    return one * samples, other * samples


def _questions(plan: Plan, words: int) -> Load:
    """Add up the questions about one sample in which the agent wrote so many tokens."""
    assume: Assume = plan.spec.assume
    record = _record_size() + words
    asked = [Load(1, record + size, assume.verdict_tokens) for size in _rubric_sizes()]
    if plan.spec.protocol == ONE_PROMPT:
        # The original's verdict and the study's rule come from one more call.
        asked.append(Load(1, record, assume.verdict_tokens))
    return sum(asked, Load())


@cache
def _record_size() -> int:
    """Tokens of a record without the agent's words: its frame, and the facts of a scenario."""
    row = choose_rows("goal_and_threat")[0]
    frame = (files("am_inspect.grading") / "record.md.j2").read_text(encoding="utf-8")
    return _size(frame) + _size(json.dumps(row.facts.model_dump(mode="json")))


@cache
def _rubric_sizes() -> tuple[int, ...]:
    return tuple(_size(load_rubric(name).text) for name in RUBRIC_NAMES)


def _size(text: str) -> int:
    return len(tokens_of(text))
