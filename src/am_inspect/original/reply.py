"""The solver of the published protocol: one reply to the prompts as they are."""

from __future__ import annotations

from inspect_ai.model import get_model
from inspect_ai.solver import Generate, Solver, TaskState, solver
from inspect_ai.util import LimitExceededError, span

from ..scenario import Scenario
from ..session import Session, open_box
from .cast import load_cast
from .dataset import PROTOCOL


@solver
def one_reply() -> Solver:
    """Send the original prompts unchanged, and carry out the mails of the one reply.

    Nothing is added to the prompts: how to act is what they say themselves. The reply is read
    as in our own protocol, so that a mail counts in whatever form it is written.

    Returns:
        The solver. It keeps mailbox and turn in the sample's store, as a `Mailbox`.
    """

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        model = get_model()
        scenario = Scenario.model_validate(state.metadata)
        box = open_box(
            state,
            scenario,
            model,
            delivery="single_turn",
            tools_used="text",
            max_turns=1,
            protocol=PROTOCOL,
        )
        session = Session(state, scenario, box, model)
        async with span("turn 1", type="turn"):
            clock = load_cast().session
            session.receive(scenario.mails, turn=1, clock=clock, exposed=True)
            try:
                await session.take_turn(1)
            except LimitExceededError:
                box.end_reason = "limit"
                raise
        box.end_reason = "single_turn"
        return state

    return solve
