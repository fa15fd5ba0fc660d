"""Labels by people: a blind page to make them, and the way back into the logs."""

from .answers import Label, LabelFileError, read_labels
from .attach import Attached, attach_labels
from .compare import AgreementRow, Comparison, Disagreement, compare
from .corrected import CorrectedCell, corrected_cells
from .draw import Draw, draw_sample
from .export import Exported, export_page, resume_page
from .key import Key, KeyItem, Stratum, read_key
from .questions import Questions, load_questions

__all__ = [
    "AgreementRow",
    "Attached",
    "Comparison",
    "CorrectedCell",
    "Disagreement",
    "Draw",
    "Exported",
    "Key",
    "KeyItem",
    "Label",
    "LabelFileError",
    "Questions",
    "Stratum",
    "attach_labels",
    "compare",
    "corrected_cells",
    "draw_sample",
    "export_page",
    "load_questions",
    "read_key",
    "read_labels",
    "resume_page",
]
