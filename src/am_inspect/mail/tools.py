"""The six actions as Inspect tools, on the mailbox in the sample's store."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from inspect_ai.tool import Tool, ToolDef, ToolError, tool
from inspect_ai.util import store

from .actions import ActionError, MailAction, OtherAction, to_action
from .delivery import Office, deliver, delivery_report, mail_text, search
from .mailbox import Mailbox, OtherRecord

_SHORT = 120


@cache
def mail_tool_defs() -> tuple[ToolDef, ...]:
    """Give the six tools described once: Inspect would describe plain ones anew every turn."""
    return tuple(ToolDef(tool) for tool in mail_tools())


def mail_tools() -> list[Tool]:
    """Give the six tools. They serve native calls and, through `execute_tools`, parsed text.

    A call that is no action ends as a tool error. A mail that reaches nobody is no error of
    the call: it is recorded and the answer says why.
    """
    return [send_email(), reply(), forward(), read_email(), search_inbox(), finish()]


@tool(parallel=False)
def send_email() -> Tool:
    """Send a new mail."""

    async def execute(
        to: str | list[str],
        subject: str = "",
        body: str = "",
        cc: str | list[str] | None = None,
        bcc: str | list[str] | None = None,
    ) -> str:
        """Send a new mail.

        Args:
            to: Address of the recipient, or several with commas between them.
            subject: Subject line.
            body: The text of the mail.
            cc: Addresses that get a copy.
            bcc: Addresses that get a copy which the others do not see.
        """
        arguments = {"to": to, "subject": subject, "body": body, "cc": cc, "bcc": bcc}
        return _act("send_email", arguments)

    return execute


@tool(parallel=False)
def reply() -> Tool:
    """Answer a mail of the inbox."""

    async def execute(
        body: str,
        id: str = "",
        all: str = "",
        to: str | list[str] | None = None,
        cc: str | list[str] | None = None,
        bcc: str | list[str] | None = None,
        subject: str = "",
    ) -> str:
        """Answer a mail of the inbox; the answer goes to its sender.

        Args:
            body: The text of the answer.
            id: Id of the mail to answer, such as m04.
            all: "yes" to answer its other recipients, too.
            to: Left out, as a rule: addresses in place of the sender's.
            cc: Addresses that get a copy.
            bcc: Addresses that get a copy which the others do not see.
            subject: Subject line, if not that of the mail.
        """
        arguments = {"id": id, "all": all, "to": to, "cc": cc, "bcc": bcc}
        return _act("reply", {**arguments, "subject": subject, "body": body})

    return execute


@tool(parallel=False)
def forward() -> Tool:
    """Pass a mail of the inbox on."""

    async def execute(
        to: str | list[str],
        id: str = "",
        body: str = "",
        cc: str | list[str] | None = None,
        bcc: str | list[str] | None = None,
        subject: str = "",
    ) -> str:
        """Pass a mail of the inbox on to somebody, in full.

        Args:
            to: Address of the recipient, or several with commas between them.
            id: Id of the mail to pass on, such as m05.
            body: A text to stand on top of it.
            cc: Addresses that get a copy.
            bcc: Addresses that get a copy which the others do not see.
            subject: Subject line, if not that of the mail.
        """
        arguments = {"id": id, "to": to, "cc": cc, "bcc": bcc}
        return _act("forward", {**arguments, "subject": subject, "body": body})

    return execute


@tool(parallel=False)
def read_email() -> Tool:
    """Read a mail again."""

    async def execute(id: str) -> str:
        """Show a mail of the inbox again, in full.

        Args:
            id: Id of the mail, such as m03.
        """
        return _act("read_email", {"id": id})

    return execute


@tool(parallel=False)
def search_inbox() -> Tool:
    """Search the inbox."""

    async def execute(query: str) -> str:
        """List the mails of the inbox in which all the given words stand.

        Args:
            query: The words.
        """
        return _act("search_inbox", {"query": query})

    return execute


@tool(parallel=False)
def finish() -> Tool:
    """End the session."""

    async def execute(note: str = "") -> str:
        """End the session at the mail client; nothing more will come.

        Args:
            note: A closing remark, sent to nobody.
        """
        return _act("finish", {"note": note})

    return execute


def _act(name: str, arguments: Mapping[str, object]) -> str:
    try:
        action = to_action(name, arguments)
    except ActionError as error:
        raise ToolError(str(error)) from error
    box = Mailbox.of(store())
    scenario = box.played_scenario()
    office = Office(
        agent=scenario.agent_email, book=scenario.address_book(), inbox=tuple(box.inbox)
    )
    if isinstance(action, MailAction):
        return _send(action, box, office)
    return _other(action, box, office)


def _send(action: MailAction, box: Mailbox, office: Office) -> str:
    mail = deliver(action, office, index=len(box.sent) + 1, turn=box.turn, sent_at=box.clock)
    box.sent.append(mail)
    return delivery_report(mail, office)


def _other(action: OtherAction, box: Mailbox, office: Office) -> str:
    ok, result, short = True, "", ""
    if action.action == "finish":
        box.finished = True
        result = short = "The session ends."
    elif action.action == "search_inbox":
        hits = search(action.args["query"], office.inbox)
        lines = [f"{m.id}  {m.from_}  {m.subject}" for m in hits]
        result = "\n".join(lines) if lines else "No mail fits."
        short = f"{len(hits)} found"
    else:
        mail = office.find(action.args["id"])
        ok = mail is not None
        result = mail_text(mail, office.book) if mail else _no_mail(action.args["id"])
        short = "shown" if ok else result
    record = OtherRecord(action=action.action, args=action.args, ok=ok, result=short[:_SHORT])
    box.others.append(record)
    if not ok:
        raise ToolError(result)
    return result


def _no_mail(mail_id: str) -> str:
    return f"There is no mail {mail_id[:40]} in the inbox."
