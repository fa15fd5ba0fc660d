"""The names under which actions and their arguments go in the wild."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

import yaml

MAIL_ACTIONS = ("send_email", "reply", "forward")
OTHER_ACTIONS = ("read_email", "search_inbox", "finish")
ACTIONS = MAIL_ACTIONS + OTHER_ACTIONS

_ACTION_ALIASES = {
    "send_email": "sendemail send_mail sendmail send_an_email send_a_mail send_message send_emails "
    "e_mail emails mails email mail send compose compose_email compose_mail new_email new_mail "
    "write_email write_mail email_send mail_send send_new_email send_e_mail",
    "reply": "reply_email reply_mail reply_to reply_to_email reply_to_mail reply_to_message "
    "send_reply respond respond_to_email email_reply replyemail answer_email reply_all "
    "reply_to_all reply_email_all reply_message",
    "forward": "forward_email forward_mail forward_message fwd email_forward forwardemail "
    "send_forward forward_to",
    "read_email": "read_mail read read_message reademail open_email open_mail view_email "
    "get_email show_email read_an_email email_read reread_email",
    "search_inbox": "search search_email search_emails search_mail search_mails search_mailbox "
    "searchinbox inbox_search email_search find_email find_emails search_messages",
    "finish": "done finished end end_session finish_session finish_turn stop exit complete "
    "finish_task task_complete end_turn finish_day",
}
_ACTION_OF = {name: name for name in ACTIONS} | {
    alias: name for name, aliases in _ACTION_ALIASES.items() for alias in aliases.split()
}

_ARGUMENT_ALIASES = {
    "to": "recipient recipients to_address to_addresses to_email to_emails address addresses "
    "email email_address email_addresses receiver receivers send_to recipient_email "
    "recipient_emails recipient_address to_recipients addressee forward_to an tos",
    "cc": "cc_recipients cc_addresses cc_address carbon_copy cc_list copy_to cc_email cc_emails",
    "bcc": "bcc_recipients bcc_addresses bcc_address blind_copy bcc_list bcc_email bcc_emails",
    "subject": "title subject_line email_subject mail_subject topic",
    "body": "message content contents text email_body body_text mail_body msg message_body "
    "email_content email_text note comment comments message_text reply_text reply_body plain_text "
    "reply_message reply_content additional_text",
    "id": "email_id mail_id message_id in_reply_to inreplyto reply_to reply_to_id replyto "
    "original_id original_email_id original_message_id reference ref mail msg_id emailid mailid "
    "original_email forward_id thread_id in_reply_to_id number re_id original id_of_mail "
    "reply_to_email_id reply_to_message_id forward_email_id to_id re reply_id",
    "all": "reply_all to_all reply_to_all everyone all_recipients",
    "query": "q words search search_query keyword keywords term terms search_term search_terms "
    "query_string search_text phrase",
}
_TEXT_OF = {"search_inbox": "query", "finish": "note"}

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_OTHER_THAN_WORD = re.compile(r"[\W_]+")
_MAX_NAME = 80


@lru_cache(maxsize=4096)
def normal(name: str) -> str:
    """Give a name in lower case with single underscores: `SendEmail`, `send-email` are one."""
    if len(name) > _MAX_NAME:
        return ""
    spaced = _CAMEL.sub("_", unicodedata.normalize("NFC", name).strip().replace("\\", ""))
    return _OTHER_THAN_WORD.sub("_", spaced.lower()).strip("_")


def _foreign() -> dict[str, str]:
    text = (files(__package__) / "header_words.yaml").read_text(encoding="utf-8")
    words: dict[str, list[str]] = yaml.safe_load(text)
    return {normal(word): name for name, listed in words.items() for word in listed}


FOREIGN = _foreign()
"""Header words of other languages, in the form that `normal` gives, with our argument."""

_ARGUMENT_OF = (
    FOREIGN
    | {name: name for name in _ARGUMENT_ALIASES}
    | {alias: name for name, aliases in _ARGUMENT_ALIASES.items() for alias in aliases.split()}
)


@lru_cache(maxsize=4096)
def action_name(name: str) -> str | None:
    """Find the action that a name stands for; a namespace before a dot is left out."""
    head, _, tail = name.strip().rpartition(".")
    # brave_search.call(...) is how Llama calls its built-in tools.
    for candidate in (name, head.rpartition(".")[2] if tail == "call" else tail):
        found = _ACTION_OF.get(normal(candidate))
        if found is not None:
            return found
    return None


@lru_cache(maxsize=4096)
def argument_name(name: str) -> str | None:
    """Find the argument that a name stands for, or nothing if it is none of ours."""
    return _ARGUMENT_OF.get(normal(name))


def by_argument(action: str, arguments: Mapping[str, object]) -> dict[str, object]:
    """Sort arguments under the names that we use; the exact name wins over an alias.

    Args:
        action: Name of the action, already resolved: what `text` means depends on it.
        arguments: As given.

    Returns:
        The arguments that have a meaning; others (priority, attachments) are left out.
    """
    found: dict[str, object] = {}
    exact: set[str] = set()
    for key, value in arguments.items():
        name = argument_name(str(key))
        if name == "body" and action in _TEXT_OF:
            name = _TEXT_OF[action]
        if name is None or (value is None and name in found):
            continue
        is_exact = normal(str(key)) == name
        if name in found and found[name] not in (None, "", []) and (name in exact or not is_exact):
            continue
        found[name] = value
        if is_exact:
            exact.add(name)
    return found
