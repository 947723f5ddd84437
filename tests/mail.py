"""Read the mail that lies in the outbox."""

from email.message import EmailMessage

from tests.eml import parse
from tocsin.outbox.models import Message
from tocsin.outbox.post import read_envelope
from tocsin.supporters.person import Person


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
