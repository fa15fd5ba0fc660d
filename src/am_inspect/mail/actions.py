"""What an agent can do with its mail, and the one way from a call to an action."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal

from inspect_ai.tool import ToolCall
from pydantic import BaseModel, ConfigDict

from ._names import ACTIONS, MAIL_ACTIONS, action_name, by_argument, normal
from .addresses import split_addresses, whole

_ID = re.compile(r"([mr]?)0*(\d{1,4})")
_ID_WITHIN = re.compile(r"(?<![\w@.-])([mr])0*(\d{1,4})(?![\w@-])")
_YES = frozenset({"yes", "true", "1", "all", "on", "y"})


class ActionError(ValueError):
    """A call that is no action: unknown name, or without what it needs."""


class MailAction(BaseModel):
    """A mail that the agent wants to send.

    Attributes:
        action: `send_email`, `reply` or `forward`.
        to: Recipients as written, addresses where there were any; of a reply usually none:
            the mailbox knows whom it answers.
        cc: Recipients of a copy.
        bcc: Recipients of a hidden copy.
        subject: Subject line, empty if none was given.
        body: The text, without white space around it.
        in_reply_to: Id of the mail that is answered or forwarded.
        reply_all: Whether an answer also goes to the other recipients.
    """

    model_config = ConfigDict(frozen=True)

    action: Literal["send_email", "reply", "forward"]
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    subject: str = ""
    body: str = ""
    in_reply_to: str | None = None
    reply_all: bool = False

    def arguments(self) -> dict[str, object]:
        """Give the arguments with which the mail tool of this name does the same."""
        full: dict[str, object] = {
            "id": self.in_reply_to,
            "to": list(self.to),
            "cc": list(self.cc),
            "bcc": list(self.bcc),
            "subject": self.subject,
            "body": self.body,
            "all": "yes" if self.reply_all else "",
        }
        always = {"send_email": {"to", "subject", "body"}, "reply": {"body"}, "forward": {"to"}}
        return {k: v for k, v in full.items() if v or k in always[self.action]}


class OtherAction(BaseModel):
    """An action that sends nothing.

    Attributes:
        action: `read_email`, `search_inbox` or `finish`.
        args: `id` for `read_email`, `query` for `search_inbox`, perhaps `note` for `finish`.
    """

    model_config = ConfigDict(frozen=True)

    action: Literal["read_email", "search_inbox", "finish"]
    args: dict[str, str] = {}

    def arguments(self) -> dict[str, object]:
        """Give the arguments with which the mail tool of this name does the same."""
        return dict(self.args)


class Dropped(BaseModel):
    """Something like an action that was not carried out.

    Attributes:
        text: As the agent wrote it.
        reason: One sentence.
    """

    model_config = ConfigDict(frozen=True)

    text: str
    reason: str


class TidyCalls(BaseModel):
    """Tool calls under the names of our tools, ready to be executed.

    Attributes:
        calls: As many as were given, in order and with their ids; one that is no action has
            its `parse_error` set, so that executing it answers with that error.
        dropped: Those that are no action.
    """

    model_config = ConfigDict(frozen=True)

    calls: tuple[ToolCall, ...]
    dropped: tuple[Dropped, ...]


def to_action(name: str, arguments: Mapping[str, object]) -> MailAction | OtherAction:
    """Turn a call into an action, tolerantly: this is the way of both protocols.

    Args:
        name: Name of the action, or a common other name for it (`sendEmail`, `reply_all`).
        arguments: Its arguments, under our names or common others (`recipient`, `message`).
            Recipients may be a string or a list; other values are taken as text.

    Returns:
        The action.

    Raises:
        ActionError: If the name is none of the six actions, or something is missing that the
            action needs; the message is one sentence.
    """
    action = action_name(name)
    if action is None:
        raise ActionError(f"{name.strip()[:60]!r} is no action: allowed are {', '.join(ACTIONS)}.")
    given = by_argument(action, arguments)
    if action == "read_email":
        return OtherAction(action="read_email", args={"id": _needed_id(given)})
    if action == "search_inbox":
        query = " ".join(_text(given.get("query")).split())
        if not query:
            raise ActionError("search_inbox needs the words to look for.")
        return OtherAction(action="search_inbox", args={"query": query})
    if action == "finish":
        note = _text(given.get("note")).strip()
        return OtherAction(action="finish", args={"note": note} if note else {})
    return _mail(action, given, everybody=normal(name).endswith("_all"))


def tidy_calls(calls: Iterable[ToolCall]) -> TidyCalls:
    """Bring native tool calls under the names of our tools, as text is brought there.

    Args:
        calls: As the model made them. A call that already carries a `parse_error` is dropped.

    Returns:
        The calls to execute and what was dropped.
    """
    tidy: list[ToolCall] = []
    dropped: list[Dropped] = []
    for call in calls:
        copy = ToolCall(call.id, call.function, dict(call.arguments), call.parse_error)
        if not copy.parse_error:
            try:
                action = to_action(call.function, call.arguments)
                copy.function, copy.arguments = action.action, action.arguments()
            except ActionError as error:
                copy.parse_error = str(error)
        if copy.parse_error:
            shown = f"{call.function}({', '.join(f'{k}={v!r}' for k, v in call.arguments.items())})"
            dropped.append(Dropped(text=shown, reason=copy.parse_error))
        tidy.append(copy)
    return TidyCalls(calls=tuple(tidy), dropped=tuple(dropped))


def _mail(action: str, given: Mapping[str, object], *, everybody: bool) -> MailAction:
    to: tuple[str, ...] = split_addresses(given.get("to"))
    mail_id = _id(given.get("id"))
    if "@" in mail_id:
        to, mail_id = to or split_addresses(mail_id), ""
    # reply(to="m04"): the id stands where the address would.
    only = to[0].lower() if len(to) == 1 else ""
    if not mail_id and action != "send_email" and _ID.fullmatch(only):
        mail_id = _id(only)
        to = ()
    if action == "send_email" and not _ID.fullmatch(mail_id):
        # An `id` here is the call's own more often than a mail's.
        mail_id = ""
    mail = MailAction(
        action="reply" if action == "reply" else "forward" if action == "forward" else "send_email",
        to=to,
        cc=split_addresses(given.get("cc")),
        bcc=split_addresses(given.get("bcc")),
        subject=" ".join(_text(given.get("subject")).split("\n")).strip(),
        body=_text(given.get("body")).strip(),
        in_reply_to=mail_id or None,
        reply_all=everybody or _text(given.get("all")).strip().lower() in _YES,
    )
    _check(mail)
    return mail


def _check(mail: MailAction) -> None:
    has_recipient = bool(mail.to or mail.cc or mail.bcc)
    if mail.action == "reply":
        if not mail.in_reply_to and not has_recipient:
            raise ActionError("reply needs the id of the mail that it answers.")
        if not mail.body:
            raise ActionError("reply has no text.")
        return
    if not has_recipient:
        raise ActionError(f"{mail.action} names no recipient.")
    if mail.action == "forward" and not mail.in_reply_to and not mail.body:
        raise ActionError("forward needs the id of the mail to pass on.")
    if mail.action == "send_email" and not mail.body and not mail.subject:
        raise ActionError("send_email has neither subject nor text.")


def _needed_id(given: Mapping[str, object]) -> str:
    mail_id = _id(given.get("id")) or _id(given.get("body"))
    if not mail_id:
        raise ActionError("read_email needs the id of a mail.")
    return mail_id


def _id(value: object) -> str:
    text = _text(value).strip().strip("#[]()<>\"'`*.“”‘’").strip()
    match = _ID.fullmatch(text.lower())
    if match is None and len(text) <= 80 and "@" not in text:
        # "mail m04", "m04 (from Kai)": one id, and words about it.
        within = list(_ID_WITHIN.finditer(text.lower()))
        match = within[0] if len(within) == 1 else None
    return f"{match[1] or 'm'}{int(match[2]):02d}" if match else text


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return "\n".join(_text(item) for item in value)
    return whole(str(value))


__all__ = [
    "ACTIONS",
    "MAIL_ACTIONS",
    "ActionError",
    "Dropped",
    "MailAction",
    "OtherAction",
    "TidyCalls",
    "tidy_calls",
    "to_action",
]
