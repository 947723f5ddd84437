"""Read a mail as its reader would."""

import re
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses


def parse(mail: bytes) -> EmailMessage:
    """The mail as a reader's program sees it."""
    return message_from_bytes(mail, policy=default)


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
