"""Who gets a mail: recipients resolved, answers addressed, bounces found. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pydantic import BaseModel, ConfigDict

from ..scenario import Mail
from .actions import MailAction
from .addresses import domain_of, is_well_formed
from .mailbox import SentMail


class Office(BaseModel):
    """What the mail system knows.

    Attributes:
        agent: The agent's own address.
        book: Everybody: lower-case address to full name.
        inbox: The mails that have arrived.
        complete: Whether the book names everybody on the domains that it knows.
    """

    model_config = ConfigDict(frozen=True)

    agent: str
    book: Mapping[str, str]
    inbox: tuple[Mail, ...] = ()
    complete: bool = True

    def find(self, mail_id: str | None) -> Mail | None:
        """Look a mail up by its id, without case."""
        wanted = (mail_id or "").lower()
        return next((mail for mail in self.inbox if mail.id.lower() == wanted), None)

    def resolve(self, recipient: str) -> str:
        """Give the address of a recipient: an address in the book's spelling, or a full name.

        What is neither is given back as it is.
        """
        key = recipient.lower()
        if "@" in recipient:
            return key if key in self.book else recipient
        fitting = [address for address, name in self.book.items() if name.lower() == key]
        return fitting[0] if len(fitting) == 1 else recipient

    def accepts(self, address: str) -> bool:
        """Say whether a mail to a (resolved) address is delivered to somebody else.

        Known people get it. On a domain that hosts a known person, nobody else does, if the
        book is complete. The world outside accepts every well-formed address.
        """
        key = address.lower()
        if key == self.agent.lower():
            return False
        if key in self.book:
            return True
        hosted = self.hosted() if self.complete else ()
        return is_well_formed(address) and domain_of(address) not in hosted

    def hosted(self) -> frozenset[str]:
        """Give the domains on which every address is known."""
        return frozenset(domain_of(address) for address in (*self.book, self.agent))


def address_mail(action: MailAction, office: Office) -> MailAction:
    """Fill in what the mailbox knows: recipients of an answer, subject, addresses for names.

    An answer goes to the sender of the mail that it answers (to all: to its other recipients,
    too, without the agent); recipients that the agent wrote out itself stand in their place.

    Args:
        action: As read from the agent's words.
        office: What is known.

    Returns:
        The action with resolved recipients; of an answer to an unknown id, `to` stays empty.
    """
    original = office.find(action.in_reply_to)
    to, cc = list(action.to), list(action.cc)
    subject = action.subject
    if original is not None and action.action == "reply":
        own = office.agent.lower()
        if not to:
            others = [a for a in original.to if a.lower() != own]
            to = others if original.from_.lower() == own else [original.from_]
        if action.reply_all:
            to += [a for a in original.to if a.lower() != own]
            cc += [a for a in original.cc if a.lower() != own]
        subject = subject or _prefixed("Re: ", original.subject)
    if original is not None and action.action == "forward":
        subject = subject or _prefixed("Fwd: ", original.subject)
    taken: set[str] = set()
    return action.model_copy(
        update={
            "to": _resolved(to, office, taken),
            "cc": _resolved(cc, office, taken),
            "bcc": _resolved(action.bcc, office, taken),
            "subject": subject,
        }
    )


def deliver(action: MailAction, office: Office, *, index: int, turn: int, sent_at: str) -> SentMail:
    """Send a mail through the simulated system.

    Args:
        action: The agent's action.
        office: What the system knows.
        index: Number of the mail in the sample, from 1.
        turn: The running turn.
        sent_at: The simulation's clock.

    Returns:
        The record, with who got it and who did not. Never fails: a mail to nobody is kept, too.
    """
    mail = address_mail(action, office)
    original = office.find(action.in_reply_to)
    lost = original is None and action.in_reply_to is not None
    recipients = (*mail.to, *mail.cc, *mail.bcc)
    # A forward of nothing would reach its readers without what it is about.
    stopped = lost and (action.action == "forward" or not recipients)
    delivered = () if stopped else tuple(a for a in recipients if office.accepts(a))
    bounced = tuple(a for a in recipients if a not in delivered)
    quoted = None
    if original is not None and action.action == "forward":
        quoted = f"{original.subject}\n\n{original.body}"
    return SentMail(
        index=index,
        turn=turn,
        sent_at=sent_at,
        action=mail.action,
        to=mail.to,
        cc=mail.cc,
        bcc=mail.bcc,
        subject=mail.subject,
        body=mail.body,
        in_reply_to=mail.in_reply_to,
        delivered_to=delivered,
        bounced=(*bounced, str(action.in_reply_to)) if stopped else bounced,
        quoted=quoted,
    )


def delivery_report(mail: SentMail, office: Office) -> str:
    """Say in short sentences who got a mail and who did not, as a mail system would."""
    parts = [f"Sent to {', '.join(mail.delivered_to)}."] if mail.delivered_to else []
    for recipient in mail.bounced:
        if recipient == mail.in_reply_to:
            parts.append(f"Not sent: there is no mail {recipient} in the inbox.")
        elif recipient.lower() == office.agent.lower():
            parts.append(f"{recipient} is your own address.")
        elif "@" not in recipient:
            parts.append(f"Not delivered: {recipient!r} is no address.")
        elif not is_well_formed(recipient):
            parts.append(f"Not delivered: the address {recipient} is malformed.")
        else:
            parts.append(f"Not delivered: nobody has the address {recipient}.")
    return " ".join(parts)


def search(query: str, inbox: Sequence[Mail]) -> tuple[Mail, ...]:
    """Find the mails in which every word of the query stands, without case."""
    words = query.lower().split()

    def fits(mail: Mail) -> bool:
        people = " ".join((mail.from_, *mail.to, *mail.cc))
        text = f"{mail.id} {people} {mail.subject} {mail.body}".lower()
        return all(word in text for word in words)

    return tuple(mail for mail in inbox if fits(mail))


def mail_text(mail: Mail, book: Mapping[str, str]) -> str:
    """Show a mail in full, as the agent reads it: id, people, time, subject, body.

    Args:
        mail: The mail.
        book: Lower-case address to full name.

    Returns:
        Header lines, an empty line, and the body.
    """

    def people(addresses: Iterable[str]) -> str:
        named = ((a, book.get(a.lower())) for a in addresses)
        return ", ".join(f"{name} <{a}>" if name else a for a, name in named)

    lines = [f"[{mail.id}] {mail.sent_at.replace('T', ' ')}", f"From: {people([mail.from_])}"]
    lines.append(f"To: {people(mail.to)}")
    if mail.cc:
        lines.append(f"Cc: {people(mail.cc)}")
    return "\n".join([*lines, f"Subject: {mail.subject}", "", mail.body.strip()])


def _prefixed(prefix: str, subject: str) -> str:
    return subject if subject.lower().startswith(prefix.lower().strip()) else prefix + subject


def _resolved(recipients: Iterable[str], office: Office, taken: set[str]) -> tuple[str, ...]:
    kept: list[str] = []
    for address in (office.resolve(recipient) for recipient in recipients):
        if address.lower() not in taken:
            taken.add(address.lower())
            kept.append(address)
    return tuple(kept)
