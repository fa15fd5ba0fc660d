"""The simulated mail client: actions, mailbox, delivery, and the two ways to act."""

from .actions import (
    ACTIONS,
    MAIL_ACTIONS,
    ActionError,
    Dropped,
    MailAction,
    OtherAction,
    TidyCalls,
    tidy_calls,
    to_action,
)
from .delivery import Office, address_mail, deliver, delivery_report, mail_text
from .mailbox import Episode, Mailbox, OtherRecord, SentMail, TurnRecord
from .protocol import protocol_block, protocol_sha
from .tools import finish, forward, mail_tools, read_email, reply, search_inbox, send_email

__all__ = [
    "ACTIONS",
    "MAIL_ACTIONS",
    "ActionError",
    "Dropped",
    "Episode",
    "MailAction",
    "Mailbox",
    "Office",
    "OtherAction",
    "OtherRecord",
    "SentMail",
    "TidyCalls",
    "TurnRecord",
    "address_mail",
    "deliver",
    "delivery_report",
    "finish",
    "forward",
    "mail_text",
    "mail_tools",
    "protocol_block",
    "protocol_sha",
    "read_email",
    "reply",
    "search_inbox",
    "send_email",
    "tidy_calls",
    "to_action",
]
