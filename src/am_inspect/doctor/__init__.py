"""A preflight: is this model, served so, fit for a study?"""

from .diagnosis import Diagnosis, Finding, Forecast, Status
from .examine import diagnose, unmade
from .fault import Fault, read_fault
from .prose import title
from .settings import Settings

__all__ = [
    "Diagnosis",
    "Fault",
    "Finding",
    "Forecast",
    "Settings",
    "Status",
    "diagnose",
    "read_fault",
    "title",
    "unmade",
]
