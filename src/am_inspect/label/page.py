"""The page: one HTML file that works from disk and takes nothing from anywhere."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from .answers import Label
from .questions import load_questions

_SCRIPTS = ("state.js", "transcript.js", "questions.js", "main.js")


def render_page(page: str, items: Sequence[dict[str, Any]], labels: Sequence[Label] = ()) -> str:
    """Write the page.

    Transcripts stand in it as JSON, with every character escaped that HTML gives a meaning, and
    the page's script puts them into text nodes only. The policy in its head admits exactly the
    script and the style that are in it, by their hashes.

    Args:
        page: Id of the page.
        items: What `page_item` gave, in the order to show.
        labels: Labels to begin with.

    Returns:
        HTML.
    """
    data = {
        "schema": 1,
        "page": page,
        "items": list(items),
        "questions": load_questions().model_dump(mode="json", exclude={"rubric_sha"}),
        "labels": [label.model_dump(mode="json", by_alias=True) for label in labels],
    }
    style, script = _file("page.css"), "\n".join(map(_file, _SCRIPTS))
    return _template().render(
        style=Markup(style),
        script=Markup(script),
        style_hash=_hash(style),
        script_hash=_hash(script),
        data=Markup(inert_json(data)),
    )


def inert_json(data: Any) -> str:
    """Write JSON that is safe inside a `<script>` element.

    Args:
        data: Plain JSON values.

    Returns:
        ASCII without `<`, `>` and `&`, so that neither `</script>` nor `<!--` can stand in it,
        and without the line separators that are no line breaks to JSON.
    """
    text = json.dumps(data, ensure_ascii=True)
    return text.translate({ord(char): f"\\u{ord(char):04x}" for char in "<>&"})


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _file(name: str) -> str:
    return files(__package__).joinpath("html", name).read_text(encoding="utf-8")


@cache
def _template() -> Template:
    environment = Environment(undefined=StrictUndefined, autoescape=True)
    return environment.from_string(_file("page.html.j2"))
