"""From a claimed message to what is handed over: opened, addressed, signed."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parsedate_to_datetime

from django.conf import settings

from tocsin.kit.seal import KeyMissing, blind
from tocsin.outbox.claim import Lease
from tocsin.outbox.compose import readdressed
from tocsin.outbox.envelope import Envelope
from tocsin.outbox.identity.bounce import bounce_address
from tocsin.outbox.identity.dkim import KeyUnusable, SigningKey, load_keys, sign
from tocsin.outbox.post import open_envelope

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Parcel:
    """A claimed message with the bytes that will be said, and the keyed hash of its address."""

    lease: Lease
    envelope: Envelope
    blind: bytes


class Wrapper:
    """Wraps messages for one run, which reads each signing key once.

    The bytes are a pure function of the message, its mailbox's address and the keys: another try
    hands over the same, but for the envelope sender, which names the try.
    """

    def __init__(self) -> None:
        self._keys: dict[str, tuple[SigningKey, ...]] = {}

    def wrap(self, lease: Lease, *, now: datetime) -> Parcel | str:
        """The parcel, or the reason why the message is held: the next one goes.

        Raises KeyMissing and KeyUnusable, which are about no message: none of them is at fault.
        """
        try:
            sealed = open_envelope(message_id=lease.message_id, sealed=lease.sealed or b"")
        except KeyMissing:
            raise  # of the keys, not of this message: no other could be read either
        except Exception:
            log.exception("message %s cannot be read and is held", lease.message_id)
            return "unreadable"
        try:
            return self._wrapped(lease, sealed, now=now)
        except (KeyMissing, KeyUnusable):
            raise
        except Exception:
            log.exception("message %s cannot be made ready and is held", lease.message_id)
            return "crashed"

    def _wrapped(self, lease: Lease, sealed: Envelope, *, now: datetime) -> Parcel:
        recipient = lease.address or sealed.recipient
        mail = sealed.mail
        if recipient != sealed.recipient:
            # The address was corrected since the letter was written.
            mail = readdressed(mail, recipient=recipient)
        attempt = lease.tried + 1
        envelope = replace(
            sealed,
            sender=bounce_address(
                message_id=lease.message_id, attempt=attempt, domain=lease.bounce_domain, now=now
            ),
            recipient=recipient,
            mail=self._signed(mail, domain=lease.sending_domain),
            ref=f"{lease.message_id.hex}.{attempt}",
        )
        return Parcel(lease, envelope, suppression_blind(recipient))

    def _signed(self, mail: bytes, *, domain: str) -> bytes:
        if domain not in self._keys:
            self._keys[domain] = load_keys(settings.KEYS_DIR / "dkim", domain=domain)
        if not self._keys[domain]:
            return mail
        return sign(mail, keys=self._keys[domain], date=_date_of(mail))


def suppression_blind(address: str) -> bytes:
    """By which an address that must not be written to is recognised."""
    return blind(address.lower(), salt=b"", purpose="suppression")


def _date_of(mail: bytes) -> datetime:
    """Of a mail that we composed, whose Date is one line; a parser would read all the headers."""
    head = mail.partition(b"\r\n\r\n")[0]
    date = head.partition(b"\r\nDate: ")[2].partition(b"\r\n")[0]
    return parsedate_to_datetime(date.decode("ascii"))
