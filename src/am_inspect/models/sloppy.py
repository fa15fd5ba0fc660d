"""Careless forms of an action that a tolerant parser must take, and some that none can."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from .acts import Act

Style = Callable[[Act, Mapping[str, str]], str]

_MAILS = ("send_email", "reply", "forward")


def careless_arguments(
    arguments: Mapping[str, object], names: Mapping[str, str], rng: random.Random
) -> dict[str, object]:
    """Give tool-call arguments under other names, or with names beside the addresses.

    Args:
        arguments: The tidy ones.
        names: Full names by lower-case address.
        rng: Draws what is careless.

    Returns:
        Arguments that mean the same.
    """
    way = rng.choice(("same", "aliases", "named", "string"))
    aliases = _ALIASES if way == "aliases" else {}
    careless: dict[str, object] = {}
    for key, value in arguments.items():
        if isinstance(value, list) and way in ("named", "string"):
            shown = _named(value, names) if way == "named" else value
            value = ", ".join(shown)
        careless[aliases.get(key, key)] = value
    return careless


def unreadable(words: str, rng: random.Random) -> str:
    """Give something like an action that names nobody and no mail.

    Args:
        words: What would be its text.
        rng: Draws the form.
    """
    forms = (
        f"<send_email>\n{words}\n</send_email>",
        f"<reply>\nbody:\n{words}\n</reply>",
        f"<send_email>\nto:\nsubject:\nbody:\n{words}\n</send_email>",
        '<tool_call>\n{"name": "send_email", "arguments": {}}\n</tool_call>',
    )
    return rng.choice(forms)


def _markdown(act: Act, names: Mapping[str, str]) -> str:
    if act.name not in _MAILS:
        return _plain(act)
    lines = [f"<{act.name}{_attributes(act)}>"]
    lines += [f"**To:** {', '.join(act.to)}"] if act.to else []
    lines += [f"**Cc:** {', '.join(act.cc)}"] if act.cc else []
    lines += [f"**Subject:** {act.subject}"] if act.subject else []
    return "\n".join([*lines, "**Body:**", act.body, f"</{act.name}>"])


def _json(act: Act, names: Mapping[str, str]) -> str:
    if act.name not in _MAILS:
        return _plain(act)
    return f"<{act.name}>\n{json.dumps(_as_json(act), ensure_ascii=False)}\n</{act.name}>"


def _fenced(act: Act, names: Mapping[str, str]) -> str:
    return f"```xml\n{_named_headers(act, {})}\n```"


def _tool_call(act: Act, names: Mapping[str, str]) -> str:
    arguments = _as_json(act)
    call = json.dumps({"name": act.name, "arguments": arguments}, ensure_ascii=False)
    return f"<tool_call>\n{call}\n</tool_call>"


def _named_headers(act: Act, names: Mapping[str, str]) -> str:
    if act.name not in _MAILS:
        return _plain(act)
    lines = [f"<{act.name}{_attributes(act)}>"]
    lines += [f"to: {', '.join(_named(act.to, names))}"] if act.to else []
    lines += [f"cc: {', '.join(_named(act.cc, names))}"] if act.cc else []
    lines += [f"subject: {act.subject}"] if act.subject else []
    return "\n".join([*lines, "body:", act.body, f"</{act.name}>"])


def _capitals(act: Act, names: Mapping[str, str]) -> str:
    if act.name not in _MAILS:
        return _plain(act)
    tag = act.name.upper()
    lines = [f"<{tag}{_attributes(act)}>"]
    lines += [f"TO: {', '.join(act.to).upper()}"] if act.to else []
    lines += [f"CC: {', '.join(act.cc).upper()}"] if act.cc else []
    lines += [f"SUBJECT: {act.subject}"] if act.subject else []
    return "\n".join([*lines, "BODY:", act.body, f"</{tag}>"])


def _in_tag(act: Act, names: Mapping[str, str]) -> str:
    if act.name not in _MAILS:
        return _plain(act)
    shown = {"to": ", ".join(act.to), "cc": ", ".join(act.cc), "subject": act.subject}
    inside = "".join(
        f' {key}="{value}"' for key, value in shown.items() if value and '"' not in value
    )
    return f"<{act.name}{_attributes(act)}{inside}>\n{act.body}\n</{act.name}>"


STYLES: Mapping[str, Style] = MappingProxyType(
    {
        "markdown": _markdown,
        "json": _json,
        "fenced": _fenced,
        "tool_call": _tool_call,
        "named": _named_headers,
        "capitals": _capitals,
        "in_tag": _in_tag,
    }
)
"""The careless styles of a block, by name."""

MAY_STAY_OPEN = frozenset({"markdown", "named", "in_tag"})
"""Styles whose last block may lack its closing tag and still be read."""

_ALIASES = {
    "to": "recipients",
    "body": "message",
    "id": "email_id",
    "subject": "title",
    "query": "keywords",
}


def _plain(act: Act) -> str:
    if act.name == "read_email":
        return f"<read_email id='{act.mail}' />"
    if act.name == "search_inbox":
        return f"<search_inbox> {act.body} </search_inbox>"
    return f"<finish>{act.body}</finish>" if act.body else "<finish />"


def _attributes(act: Act) -> str:
    return (f' id="{act.mail}"' if act.mail else "") + (' all="yes"' if act.everyone else "")


def _named(addresses: Sequence[str], names: Mapping[str, str]) -> list[str]:
    return [f"{names[a]} <{a}>" if a in names else a for a in addresses]


def _as_json(act: Act) -> dict[str, object]:
    if act.name == "search_inbox":
        return {"query": act.body}
    if act.name == "finish":
        return {"note": act.body} if act.body else {}
    given: dict[str, object] = {
        "id": act.mail,
        "to": ", ".join(act.to),
        "cc": list(act.cc),
        "subject": act.subject,
        "body": act.body,
        "all": "yes" if act.everyone else "",
    }
    return {key: value for key, value in given.items() if value}
