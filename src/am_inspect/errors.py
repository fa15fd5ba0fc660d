"""What a user did wrong, as one sentence."""

from __future__ import annotations

import click


class BadInputError(click.ClickException, ValueError):
    """Input that cannot be used. The message is one sentence: what, where, what is allowed.

    It is also a click exception, because Inspect's command line is a click program: raised
    while a task is built, it ends `inspect eval` with the sentence and no traceback.

    Attributes:
        exit_code: 2, as for every bad input and refused comparison.
    """

    exit_code = 2
