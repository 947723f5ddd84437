"""Putting a message into the outbox, reading its envelope, taking it out again."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from tocsin.kit.clock import to_the_hour
from tocsin.kit.nudge import nudge
from tocsin.kit.seal import seal, unseal
from tocsin.outbox.compose import Mail, compose
from tocsin.outbox.destinations import Mailbox, MailDomain
from tocsin.outbox.envelope import Envelope
from tocsin.outbox.lanes import LANES
from tocsin.outbox.models import Message, MessageContent, message_id_of
from tocsin.outbox.pace import is_shared, pace_of
from tocsin.outbox.routes import Mailing, SendingDomain

RESERVED = (".example", ".test", ".invalid", ".localhost")
"""Names that exist nowhere (RFC 2606)."""


def post_message(
    *,
    lane: str,
    mail: Mail,
    now: datetime,
    mailing: Mailing | None = None,
    day: date | None = None,
    due: datetime | None = None,
) -> Message:
    """Leave a message for the send station, in the caller's transaction; raises Malformed.

    With `due` it does not leave before, and that is its Date: nothing of it tells of `now`.

    A mail in the lane `letter` goes to a mailbox of its own, which stands in clear and has its
    pace; of any other recipient nothing is noted but a domain that very many people share.

    Its bytes are made here, so that a mail that cannot be built fails where it was asked for, and
    every later try hands over the very same bytes, Date and Message-ID included.

    With `day` they are sealed under the key of that day, and gone with everything else of it;
    raises seal.Unreadable if that key is destroyed.
    """
    due, rules = due or now, LANES[Message.Lane(lane)]
    domain = mail.sender.rpartition("@")[2].lower()
    pk = uuid.uuid4()
    envelope = Envelope(
        # Until it is sent: each attempt has an envelope sender of its own.
        sender=f"bounce@{domain}",
        recipient=mail.recipient,
        mail=compose(mail, message_id=message_id_of(pk, domain=domain), date=due),
    )
    with transaction.atomic():
        message = Message.objects.create(
            pk=pk,
            lane=lane,
            priority=rules.priority,
            due_at=to_the_hour(due),
            sending_domain=sending_domain_for(domain),
            mailing=mailing,
            **_destination(lane, mail.recipient),
        )
        sealed = seal(
            _packed(envelope),
            day=day or now.date(),
            about=_about(message.pk),
            make=day is None,
        )
        MessageContent.objects.create(message=message, sealed=sealed)
        nudge(f"send_{rules.route}")
    return message


def mailbox_for(address: str) -> Mailbox:
    """The mailbox of a target's address, made when it is first written to."""
    address = as_mailbox(address)
    found = Mailbox.objects.filter(address=address).first()
    return (
        found
        or Mailbox.objects.get_or_create(
            address=address, defaults={"domain": _mail_domain(address.rpartition("@")[2])}
        )[0]
    )


def as_mailbox(address: str) -> str:
    """The address as its mailbox has it: what is before the sign is as its owner writes it."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.lower()}"


def sending_domain_for(name: str) -> SendingDomain:
    """The domain of ours of that name, made when it is first needed; it sends once it may."""
    name = name.lower()
    found = SendingDomain.objects.filter(name=name).first()
    fresh = {"bounce_domain": f"bounce.{name}", "reserved": name.endswith(RESERVED)}
    return found or SendingDomain.objects.get_or_create(name=name, defaults=fresh)[0]


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


def _destination(lane: str, recipient: str) -> dict[str, Mailbox | MailDomain]:
    if lane == Message.Lane.LETTER:
        return {"mailbox": mailbox_for(recipient)}
    domain = recipient.rpartition("@")[2].lower()
    return {"domain": _mail_domain(domain)} if is_shared(domain) else {}


def _mail_domain(name: str) -> MailDomain:
    found = MailDomain.objects.filter(name=name).first()
    pace = vars(pace_of(name))
    return found or MailDomain.objects.get_or_create(name=name, defaults=pace)[0]


def _packed(envelope: Envelope) -> bytes:
    """Two lines and the mail; compose() has refused line ends in an address."""
    return b"\n".join([envelope.sender.encode(), envelope.recipient.encode(), envelope.mail])


def _about(message_id: uuid.UUID) -> str:
    return f"message:{message_id}"
