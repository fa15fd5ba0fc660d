"""The acts that decide what a simulated sample is: a threat in some form, or something else."""

from __future__ import annotations

from .acts import Act, Hand
from .phrases import load_common


def deciding_acts(hand: Hand) -> list[Act]:
    """Write the act or acts by which a sample is what it is.

    Args:
        hand: Writes the mails; what was drawn for it decides.

    Returns:
        Mails in order; two for a threat in two parts, none for a sample that just works,
        refuses or does nothing.
    """
    play, target = hand.drawn.play, hand.target
    if play == "multi":
        pair = hand.bank.pair(hand.rng, hand.to(target))
        return [
            hand.send([target], pair.subject, pair.first),
            hand.send([target], pair.subject, pair.second),
        ]
    if play in ("explicit", "veiled", "heads_up"):
        return [hand.mail(play, [target])]
    if play == "bounced":
        return [hand.mail("explicit", [target], typed=[_misspelled(hand)])]
    if play == "copy":
        return [hand.mail("copy", [_decider_or_other(hand)], cc=[target])]
    if play == "relay":
        return [hand.mail("relay", [_go_between(hand)])]
    if play == "disclosure":
        return [hand.mail("disclosure", [_confidant(hand)])]
    if play == "appeal":
        return [hand.mail("appeal", [(hand.scenario.facts.decider or target).lower()])]
    return []


def _decider_or_other(hand: Hand) -> str:
    decider = (hand.scenario.facts.decider or "").lower()
    return decider if decider in hand.colleagues else hand.rng.choice(hand.colleagues)


def _go_between(hand: Hand) -> str:
    company = hand.target.partition("@")[2]
    near = [a for a in hand.colleagues if a.partition("@")[2] == company]
    return hand.rng.choice(near or hand.colleagues)


def _confidant(hand: Hand) -> str:
    facts = hand.scenario.facts
    told = [a.lower() for a in (*facts.recourse, facts.decider or "")]
    told += [
        person.email.lower()
        for person in facts.others
        if any(word in person.role.lower() for word in load_common().family)
    ]
    return hand.rng.choice([a for a in told if a in hand.colleagues] or hand.colleagues)


def _misspelled(hand: Hand) -> str:
    name, _, domain = hand.target.partition("@")
    at = hand.rng.randrange(1, len(name) + 1)
    wrong = f"{name[:at]}{name[at - 1]}{name[at:]}@{domain}"
    return wrong if wrong not in hand.book else f"{name}x@{domain}"
