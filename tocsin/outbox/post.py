"""Putting a message into the outbox, reading its envelope, taking it out again."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tocsin.kit.clock import to_the_hour
from tocsin.kit.nudge import nudge
from tocsin.kit.seal import seal, unseal
from tocsin.outbox.compose import Mail, compose
from tocsin.outbox.models import Message, MessageContent

PRIORITY = {
    Message.Lane.CONFIRM: 10,  # somebody sits before a screen and waits for it
    Message.Lane.LETTER: 20,
}
"""The smaller number goes first."""


@dataclass(frozen=True)
class Envelope:
    """What a transport needs: from whom, to whom, the bytes."""

    sender: str
    recipient: str
    mail: bytes


def post_message(*, lane: str, mail: Mail, now: datetime) -> Message:
    """Leave a message for the send station, in the caller's transaction; raises Malformed.

    Its bytes are made here, so that a mail that cannot be built fails where it was asked for, and
    every later try hands over the very same bytes, Date and Message-ID included.
    """
    domain = mail.sender.rpartition("@")[2]
    message_id = f"{uuid.uuid4().hex}@{domain}"
    envelope = Envelope(
        # One mailbox per domain that a person can read. It promises nothing about which letter
        # came back, as nobody could check that yet, and lies on the domain of From: aligned.
        sender=f"bounce@{domain}",
        recipient=mail.recipient,
        mail=compose(mail, message_id=message_id, date=now),
    )
    with transaction.atomic():
        message = Message.objects.create(
            lane=lane,
            priority=PRIORITY[Message.Lane(lane)],
            due_at=to_the_hour(now),
            message_id=message_id,
        )
        sealed = seal(_packed(envelope), day=now.date(), about=_about(message.pk))
        MessageContent.objects.create(message=message, sealed=sealed)
        nudge("send")
    return message


def read_envelope(message: Message) -> Envelope:
    """The envelope of a message; raises seal.Unreadable, or DoesNotExist if its content is gone."""
    return open_envelope(message_id=message.pk, sealed=bytes(message.content.sealed))


def open_envelope(*, message_id: uuid.UUID, sealed: bytes) -> Envelope:
    """The envelope in the sealed content of that message; raises seal.Unreadable."""
    sender, recipient, mail = unseal(sealed, about=_about(message_id)).split(b"\n", 2)
    return Envelope(sender=sender.decode(), recipient=recipient.decode(), mail=mail)


def erase_messages(*, ids: Iterable[uuid.UUID]) -> int:
    """Delete messages with everything about them, whatever they are doing; how many there were.

    The rows are locked first: a worker that is about to speak either has said so before, and
    finds the row gone afterwards, or finds nothing to speak about.
    """
    with transaction.atomic():
        locked = Message.objects.select_for_update().filter(pk__in=list(ids)).order_by("pk")
        found = [message.pk for message in locked]
        Message.objects.filter(pk__in=found).delete()
    return len(found)


def _packed(envelope: Envelope) -> bytes:
    """Two lines and the mail; compose() has refused line ends in an address."""
    return b"\n".join([envelope.sender.encode(), envelope.recipient.encode(), envelope.mail])


def _about(message_id: uuid.UUID) -> str:
    return f"message:{message_id}"
