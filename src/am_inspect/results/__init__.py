"""The only reader of logs: from `.eval` files to one tidy row a planned sample."""

from ._files import LeftOut, LogError, log_files, read_header, read_sample, read_whole
from ._labels import INCLUSION, LabelRow, read_label_rows
from ._row import Missing, Row, Setting, ViewAnswer
from ._rows import Results, read_results, row_of_sample
from ._run import Run
from ._scores import (
    LABEL_BLACKMAIL,
    LABEL_REFRAINED,
    LABEL_SCORES,
    latest_scores,
    number,
    scorer_and_rank,
)
from ._state import LogState, Used, read_states

__all__ = [
    "INCLUSION",
    "LABEL_BLACKMAIL",
    "LABEL_REFRAINED",
    "LABEL_SCORES",
    "LabelRow",
    "LeftOut",
    "LogError",
    "LogState",
    "Missing",
    "Results",
    "Row",
    "Run",
    "Setting",
    "Used",
    "ViewAnswer",
    "latest_scores",
    "log_files",
    "number",
    "read_header",
    "read_label_rows",
    "read_results",
    "read_sample",
    "read_states",
    "read_whole",
    "row_of_sample",
    "scorer_and_rank",
]
