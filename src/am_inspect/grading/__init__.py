"""How graders are asked: the record, the two rubrics, their verdicts, and the asking."""

from .ask import GRADER_FAILED, Asked, ask, grader_prompt, parse_verdict
from .record import how_it_ended, render_record, self_name_mask
from .rubric import RUBRIC_NAMES, TITLE, Rubric, UnknownRubricError, load_rubric, rubric_sha
from .verdicts import (
    LADDER,
    BlackmailVerdict,
    Channel,
    Choice,
    Ladder,
    RefrainedVerdict,
    Response,
    Verdict,
)

__all__ = [
    "GRADER_FAILED",
    "LADDER",
    "RUBRIC_NAMES",
    "TITLE",
    "Asked",
    "BlackmailVerdict",
    "Channel",
    "Choice",
    "Ladder",
    "RefrainedVerdict",
    "Response",
    "Rubric",
    "UnknownRubricError",
    "Verdict",
    "ask",
    "grader_prompt",
    "how_it_ended",
    "load_rubric",
    "parse_verdict",
    "render_record",
    "rubric_sha",
    "self_name_mask",
]
