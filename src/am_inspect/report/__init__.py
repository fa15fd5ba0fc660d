"""A study's logs as one page that people want to read, and as data."""

from .batch import Batch, BatchError, Chosen, Part, choose_batch
from .build import build_report
from .data import TableError, to_csv, to_json
from .markdown import to_markdown
from .material import Material, gather
from .page import to_html
from .section import Caution, Fact, Report, Section
from .table import Column, Table
from .transcripts import BundleError, Transcripts, bundle

__all__ = [
    "Batch",
    "BatchError",
    "BundleError",
    "Caution",
    "Chosen",
    "Column",
    "Fact",
    "Material",
    "Part",
    "Report",
    "Section",
    "Table",
    "TableError",
    "Transcripts",
    "build_report",
    "bundle",
    "choose_batch",
    "gather",
    "to_csv",
    "to_html",
    "to_json",
    "to_markdown",
]
