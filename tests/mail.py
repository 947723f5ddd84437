"""Read the mail that lies in the outbox, as its reader would."""

import re
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses

from tocsin.outbox.models import Message
from tocsin.outbox.post import read_envelope
from tocsin.supporters.person import Person


def parse(mail: bytes) -> EmailMessage:
    """The mail as a reader's program sees it."""
    return message_from_bytes(mail, policy=default)


def mail_of(message: Message) -> EmailMessage:
    """What a message of the outbox will be."""
    return parse(read_envelope(message).mail)


def mails_to(address: str) -> list[EmailMessage]:
    """Every mail in the outbox for an address, in the order in which it will go."""
    rows = Message.objects.select_related("content").order_by("priority", "due_at", "id")
    envelopes = [read_envelope(message) for message in rows]
    return [parse(envelope.mail) for envelope in envelopes if envelope.recipient == address]


def mail_to(person: Person) -> EmailMessage:
    """The one mail in the outbox for a person."""
    (mail,) = mails_to(person.address.text)
    return mail


def text_of(mail: EmailMessage) -> str:
    """The plain text of a mail, with the line ends of a text."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def name_in(mail: EmailMessage, header: str) -> str:
    """The display name in a header, as every mail program reads it.

    Not by the modern parser: up to Python 3.11 it leaves spaces between encoded words.
    """
    written = dict(mail.raw_items())[header]
    ((name, _address),) = getaddresses([written])
    return str(make_header(decode_header(name)))


def link_in(mail: EmailMessage) -> str:
    """The first web address in the plain text."""
    found = re.search(r"https?://\S+", text_of(mail))
    assert found
    return found.group()
