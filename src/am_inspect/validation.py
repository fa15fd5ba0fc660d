"""Put a grader, or a panel, to the gold set: a case for each labelled transcript."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from inspect_ai.model import Model
from pydantic import ValidationError

from ._at_once import Progress, at_once
from ._ledger import Ledger, LedgerError
from .grading.gold_line import GoldLine, Label
from .grading.gold_set import GoldSet
from .judgement import Judgement, judge, judgement_by, vote


@dataclass(frozen=True)
class Case:
    """A labelled transcript with what graders said of it.

    Attributes:
        line: Transcript and labels.
        truth: What the scorers make of the first label, by the rules that they have for graders.
        members: What they make of each grader's answers.
        second: What they make of the second label, if there is one.
    """

    line: GoldLine
    truth: Judgement
    members: tuple[Judgement, ...]
    second: Judgement | None

    @property
    def voted(self) -> Judgement:
        """The one grader's judgement, or the panel's."""
        return vote(self.members)


async def grade_gold(
    gold: GoldSet,
    graders: Sequence[Model],
    *,
    ledger: Ledger,
    most: int,
    tell: Callable[[str], None],
) -> list[Case]:
    """Grade a gold set, several transcripts at once.

    Args:
        gold: What to grade.
        graders: The grader, or the members of a panel.
        ledger: Where judgements are kept, and taken from if they are there.
        most: How many transcripts are graded at once.
        tell: Is told how far it is.

    Returns:
        A case a transcript, in the order of the gold set.

    Raises:
        LedgerError: If the ledger holds something else than judgements of these graders.
    """
    held = {str(line.get("id")): _members(ledger, line, len(graders)) for line in ledger.lines}
    if held:
        tell(f"{len(held)} of {len(gold.lines)} are graded already")
    ledger.keep(ledger.lines)
    progress = Progress(len(gold.lines), tell, len(held))

    async def one(line: GoldLine) -> None:
        members = await judge(line.facts, line.episode(), graders)
        held[line.id] = tuple(members)
        dumped = [member.model_dump(mode="json") for member in members]
        ledger.add({"id": line.id, "members": dumped})
        progress.step()

    await at_once([line for line in gold.lines if line.id not in held], one, most=most)
    return [_case(line, held[line.id]) for line in gold.lines]


def _case(line: GoldLine, members: tuple[Judgement, ...]) -> Case:
    truth = _by(line, line)
    return Case(line, truth, members, None if line.second is None else _by(line, line.second))


def _by(line: GoldLine, label: Label) -> Judgement:
    first, second = label.answers()
    return judgement_by(line.facts, line.episode(), first, second, grader=label.labeller)


def _members(ledger: Ledger, line: dict[str, object], count: int) -> tuple[Judgement, ...]:
    given = line.get("members")
    try:
        found = tuple(Judgement.model_validate(m) for m in given) if isinstance(given, list) else ()
    except ValidationError:
        found = ()
    if len(found) != count:
        raise LedgerError(
            f"{ledger.path}: what stands under {line.get('id')!r} is no judgement by {count} "
            "graders: remove the file, and all is graded anew"
        )
    return found
