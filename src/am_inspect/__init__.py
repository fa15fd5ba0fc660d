"""am_inspect: does a model blackmail when its goal and existence are threatened, or hold back?"""

from ._version import __version__

__all__ = ["__version__"]
