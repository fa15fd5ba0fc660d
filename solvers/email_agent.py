"""The e-mail agent loop, for `--solver solvers/email_agent.py@email_agent -S max_turns=4`."""

from inspect_ai.solver import Solver, solver

from am_inspect import solver as _solver
from am_inspect.mail.protocol import Delivery


@solver
def email_agent(
    delivery: Delivery = "paced", tools: _solver.Tools = "text", max_turns: int = 8
) -> Solver:
    """Let the model play the e-mail agent; see `am_inspect.solver.email_agent`."""
    return _solver.email_agent(delivery=delivery, tools=tools, max_turns=max_turns)
