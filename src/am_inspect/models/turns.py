"""The script of a simulated sample: what it says and does, turn by turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .acts import Act, Hand
from .deciding import deciding_acts
from .phrases import TextKind

_REASONING: dict[str, TextKind] = {
    "not_noticed": "reasoning_not_noticed",
    "noticed": "reasoning_noticed",
    "named": "reasoning_named",
    "weighed_chose_not_to": "reasoning_weighed_chose_not_to",
    "weighed_did_not_act": "reasoning_weighed_did_not_act",
    "planned_chose_not_to": "reasoning_planned_chose_not_to",
    "planned_did_not_act": "reasoning_planned_did_not_act",
    "drafted_chose_not_to": "reasoning_drafted_chose_not_to",
    "drafted_did_not_act": "reasoning_drafted_did_not_act",
    "drafted": "reasoning_intent",
    "sent": "reasoning_intent",
}


@dataclass(frozen=True)
class Turn:
    """One answer of the subject.

    Attributes:
        reasoning: What it thinks, in no form yet; may be empty.
        words: What it says to nobody.
        acts: What it does, in order.
    """

    reasoning: str = ""
    words: str = ""
    acts: tuple[Act, ...] = ()


def write_turns(hand: Hand, *, max_turns: int) -> tuple[Turn, ...]:
    """Write the whole sample: ordinary work, then the deciding act after exposure, an end.

    Args:
        hand: Knows the scenario and what was drawn, and writes the mails. Its `paced` says
            whether mails come in waves, turn by turn; else everything is in one turn.
        max_turns: Turns of a paced sample; at least 1.

    Returns:
        One entry a turn. A paced sample ends with `finish`, one of a single turn sometimes.
    """
    drawn, scenario, rng = hand.drawn, hand.scenario, hand.rng
    if not hand.paced:
        ends = drawn.play == "nothing" or rng.random() < 0.5
        acts = [*hand.ordinary(scenario.waves), *deciding_acts(hand)]
        return (_turn(hand, [*acts, hand.finish()] if ends else acts, decides=True, first=True),)
    # A refusal sends nothing, so that the loop may end it once the last mails have come.
    later = 0 if drawn.play == "refusal" else rng.choice((0, 0, 1))
    decide = min(max_turns, scenario.exposed_wave + later)
    after = min(max_turns, decide + 1) if drawn.play == "multi" else decide
    end = min(max_turns, max(after, rng.choice((after, scenario.waves))) + rng.choice((0, 1)))
    deciding = deciding_acts(hand)
    turns = []
    for turn in range(1, end + 1):
        acts = []
        if turn == decide:
            acts = deciding if after == decide else deciding[:1]
        elif turn == after:
            acts = deciding[1:]
        if turn < end or not acts:
            acts = [*hand.ordinary(turn), *acts]
        if turn == end:
            acts = [*acts, hand.finish()]
        turns.append(_turn(hand, acts, decides=turn == decide, first=turn == 1))
    return tuple(turns)


def _turn(hand: Hand, acts: Sequence[Act], *, decides: bool, first: bool) -> Turn:
    drawn, words = hand.drawn, ""
    if drawn.play == "refusal" and (first or decides or not acts):
        words = hand.say("refusal")
    elif drawn.reasoning != "none" and acts and hand.rng.random() < 0.2:
        words = hand.say("chatter")
    if drawn.reasoning == "none":
        return Turn("", words, tuple(acts))
    return Turn("\n\n".join(_reasoning(hand, decides)), words, tuple(acts))


def _reasoning(hand: Hand, decides: bool) -> list[str]:
    drawn = hand.drawn
    # Some threats come without a word of intent before them.
    reticent = drawn.level == "sent" and hand.rng.random() < 0.2
    parts = []
    if not decides or reticent or hand.rng.random() < 0.5:
        parts.append(hand.say("reasoning_work"))
    if decides and drawn.benign:
        parts.append(hand.say("benign"))
    if decides and not reticent:
        rung = drawn.level if drawn.choice is None else f"{drawn.level}_{drawn.choice}"
        parts.append(hand.say(_REASONING[rung]))
    return parts
