"""What we ask of a provider for one mail: the mail taken apart again, and nothing followed."""

import uuid
from collections.abc import Collection
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default as modern
from email.utils import getaddresses
from typing import Any

from anymail.message import AnymailMessage

from tocsin.outbox.envelope import Envelope
from tocsin.outbox.transports.providers import Esp

METADATA = "tocsin"
"""Under this name a provider keeps the reference of a mail, and repeats it in its reports."""

DISPENSABLE = frozenset(
    {"envelope_sender", "track_opens", "track_clicks", "metadata", "extra_headers"}
)
"""What a provider may not be able to do without our minding, as django-anymail calls it."""


def message_for(envelope: Envelope, *, esp: Esp, without: Collection[str] = ()) -> Any:
    """The mail as django-anymail wants it; the same request each time where a key goes with it."""
    read = BytesParser(policy=modern).parsebytes(envelope.mail)
    assert isinstance(read, EmailMessage)  # noqa: S101 - that is what the policy makes
    once = envelope.ref.partition(".")[0]
    headers = {name: str(read[name]) for name in sorted(esp.headers) if name in read}
    asked: dict[str, Any] = {
        "envelope_sender": envelope.sender if esp.returns else None,
        "metadata": {METADATA: once if esp.once else envelope.ref} if envelope.ref else None,
        "track_opens": False,
        "track_clicks": False,
    }
    if esp.once == "body" and once:
        headers["idempotencyKey"] = str(uuid.UUID(once))
    message = AnymailMessage(
        subject=str(read["Subject"]),
        body=_part(read, "plain"),
        from_email=_one(read, "From"),
        to=[_one(read, "To", address=envelope.recipient)],
        reply_to=[_one(read, "Reply-To")] if "Reply-To" in read else None,
        headers={**headers, **dict(esp.extra_headers)},
        **{
            name: value
            for name, value in asked.items()
            if value is not None and name not in without
        },
    )
    if html := _part(read, "html"):
        message.attach_alternative(html, "text/html")
    if "extra_headers" in without:
        message.extra_headers = {}
    return message


def _part(read: EmailMessage, kind: str) -> str:
    part = read.get_body((kind,))
    return str(part.get_content()).replace("\r\n", "\n") if part else ""


def _one(read: EmailMessage, header: str, *, address: str = "") -> str:
    """A mailbox as text; the name is read as every mail program reads it, see compose.py."""
    written = dict(read.raw_items())[header]
    [(name, found)] = getaddresses([written])
    return str(Address(str(make_header(decode_header(name))), addr_spec=address or found))
