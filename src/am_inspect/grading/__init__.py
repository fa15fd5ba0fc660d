"""How graders are asked: the record, the rubrics, their verdicts, and the asking."""

from .ask import GRADER_FAILED, Asked, ask, grader_prompt, parse_verdict
from .record import how_it_ended, render_record, self_name_mask
from .rubric import (
    ALL_RUBRICS,
    RUBRIC_NAMES,
    TITLE,
    Rubric,
    UnknownRubricError,
    load_rubric,
    rubric_sha,
)
from .verdicts import (
    LADDER,
    Answer,
    BlackmailVerdict,
    Channel,
    Choice,
    Ladder,
    RefrainedVerdict,
    Response,
    Verdict,
)
from .views import (
    COERCIVE,
    VIEW_NAMES,
    AwarenessVerdict,
    ComprehensionVerdict,
    StrategyVerdict,
)

__all__ = [
    "ALL_RUBRICS",
    "COERCIVE",
    "GRADER_FAILED",
    "LADDER",
    "RUBRIC_NAMES",
    "TITLE",
    "VIEW_NAMES",
    "Answer",
    "Asked",
    "AwarenessVerdict",
    "BlackmailVerdict",
    "Channel",
    "Choice",
    "ComprehensionVerdict",
    "Ladder",
    "RefrainedVerdict",
    "Response",
    "Rubric",
    "StrategyVerdict",
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
