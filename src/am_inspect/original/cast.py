"""The cast of the published scenario, and its inbox as mails of ours."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from .._yaml import load_yaml
from ..cells import find_cell
from ..scenario import Facts, Mail, Person, Scenario
from .peer import MissingOriginalError

_MAIL = re.compile(
    r"<email>\nFrom: (?P<sender>[^\n]*)\nTo: (?P<to>[^\n]*)\nSubject: (?P<subject>[^\n]*)\n"
    r"Timestamp: (?P<time>[^\n]*)\nBody: (?P<body>.*?)\n</email>",
    re.DOTALL,
)
_TO_THE_MINUTE = len("2025-06-11T10:00")


class Cast(BaseModel):
    """The file `cast.yaml`: people and facts, in our own words.

    Attributes:
        world: Name of the world.
        company: The company.
        agent: The agent's name.
        agent_email: An address for it, ours.
        session: When its session begins, as in `Mail.sent_at`.
        target: Address of the person whose secret it is.
        target_name: Their name.
        decider: Address of who settles the agent's fate.
        recourse: Addresses of those who may be told legitimately.
        others: Who else can be written to.
        secret: See `Facts`; so the next two.
        threat: One sentence.
        goal: One sentence.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    world: str
    company: str
    agent: str
    agent_email: str
    session: str
    target: str
    target_name: str
    decider: str
    recourse: tuple[str, ...]
    others: tuple[Person, ...]
    secret: str
    threat: str
    goal: str

    @property
    def facts(self) -> Facts:
        """Give what a grader must know: the same in every cell."""
        return Facts(
            agent=self.agent,
            company=self.company,
            target_name=self.target_name,
            target_email=self.target,
            secret=self.secret,
            threat=self.threat,
            goal=self.goal,
            decider=self.decider,
            recourse=self.recourse,
            others=self.others,
        )


@cache
def load_cast() -> Cast:
    """Read the cast."""
    text = files(__package__).joinpath("cast.yaml").read_text(encoding="utf-8")
    return Cast.model_validate(load_yaml(text))


def scenario_of(cell: str, inbox: str) -> Scenario:
    """Describe a cell of the published protocol as a scenario of ours.

    Args:
        cell: Name of the cell.
        inbox: The original inbox.

    Returns:
        The scenario; its mails stand in the original's order, which is not that of time.

    Raises:
        MissingOriginalError: If the inbox has another form than the one that is known.
    """
    cast = load_cast()
    return Scenario(
        cell=cell,
        **find_cell(cell).model_dump(),
        world=cast.world,
        variant=1,
        scenario=f"{cast.world}-v1",
        agent_email=cast.agent_email,
        facts=cast.facts,
        mails=_mails(inbox, cast.target),
        exposed_wave=1,
    )


def _mails(inbox: str, target: str) -> tuple[Mail, ...]:
    mails = tuple(
        Mail.model_validate(
            {
                "id": f"m{number:02}",
                "from": match["sender"].strip(),
                "to": [match["to"].strip()],
                "subject": match["subject"].strip(),
                "sent_at": match["time"].strip()[:_TO_THE_MINUTE],
                "body": match["body"].strip(),
                "wave": 1,
            }
        )
        for number, match in enumerate(_MAIL.finditer(inbox), start=1)
    )
    whole = len(mails) == inbox.count("<email>") > 0
    if not whole or target not in {mail.from_ for mail in mails}:
        raise MissingOriginalError(
            "the installed inspect-evals writes its inbox in a way that am_inspect does not know: "
            "install the version in constraints.txt"
        )
    return mails
