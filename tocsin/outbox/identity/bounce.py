"""The envelope sender of a mail: where its bounce comes back, and proves that it is ours.

A bounce says of whom it is in the address it is sent to, the only place that every mail system
leaves alone. Anybody can write to such an address: a keyed hash in it shows that we made it, so
that nobody can tell us that the mail of somebody else did not arrive.
"""

import base64
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from tocsin.kit.seal import blind

DAYS = 14
"""How long after the day of its making an address is heard; relays give up after five days."""

AHEAD = 1
"""By how many days another machine's clock may be ahead of ours when it makes an address."""

MOST_ATTEMPTS = 999_999_999
HASH_LETTERS = 10  # of 5 bits each
HASHED_BYTES = 10  # enough for them
LONGEST = 320  # RFC 5321: 64 octets, the sign, 255; what is longer is not worth reading

_DOMAIN = r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?"
_ADDRESS = re.compile(
    rf"b[+-](?P<id>[a-z2-7]{{26}})\.(?P<attempt>0|[1-9][0-9]{{0,8}})\.(?P<hash>[a-z2-7]{{10}})"
    rf"@(?P<domain>{_DOMAIN})"
)


class BounceForged(Exception):
    """We did not make the address, or too long ago: what came to it is no bounce of ours."""


@dataclass(frozen=True)
class Bounced:
    """The mail, and which try to hand it over, that a bounce is about."""

    message_id: UUID
    attempt: int


def bounce_address(*, message_id: UUID, attempt: int, domain: str, now: datetime) -> str:
    """The envelope sender for one attempt, at a domain where we receive mail; no wider than ASCII.

    The same all day long (UTC). Raises KeyMissing if the keys are not there.
    """
    domain = domain.lower()
    if not 0 <= attempt <= MOST_ATTEMPTS or not re.fullmatch(_DOMAIN, domain):
        raise ValueError("an attempt has a number from 0 on, a domain is written in ASCII")
    day = now.astimezone(UTC).date()
    keyed = _hash(message_id, attempt=attempt, domain=domain, day=day)
    return f"b+{_letters(message_id.bytes)}.{attempt}.{keyed}@{domain}"


def read_bounce_address(address: str, *, now: datetime) -> Bounced:
    """What a bounce sent to that address is about; raises BounceForged.

    Mail systems on the way may have changed its case, put it into angle brackets, or written
    the other sign that stands for a part of a mailbox. Raises KeyMissing if the keys are gone.
    """
    found = _read(address)
    message_id, attempt = _identifier(found["id"]), int(found["attempt"])
    today = now.astimezone(UTC).date()
    # Every day is tried, also after one fitted: how long it takes says nothing.
    fits = [
        hmac.compare_digest(
            found["hash"],
            _hash(
                message_id,
                attempt=attempt,
                domain=found["domain"],
                day=today - timedelta(days=age),
            ),
        )
        for age in range(-AHEAD, DAYS + 1)
    ]
    if not any(fits):
        raise BounceForged
    return Bounced(message_id=message_id, attempt=attempt)


def _read(address: str) -> re.Match[str]:
    if len(address) > LONGEST + 2 or not address.isascii():
        raise BounceForged
    address = address.lower()
    if address.startswith("<") and address.endswith(">"):
        address = address[1:-1]
    found = _ADDRESS.fullmatch(address)
    if found is None:
        raise BounceForged
    return found


def _identifier(letters: str) -> UUID:
    message_id = UUID(bytes=base64.b32decode(f"{letters.upper()}======"))
    if _letters(message_id.bytes) != letters:
        raise BounceForged  # the last letter has two bits more than are needed
    return message_id


def _letters(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=").lower()


def _hash(message_id: UUID, *, attempt: int, domain: str, day: date) -> str:
    """Fifty bits: a guess fits once in 10^15, and there are 16 days to hit."""
    text = f"{message_id.hex}.{attempt}.{domain}.{day.isoformat()}"
    keyed = blind(text, salt=b"", purpose="bounce")
    return _letters(keyed[:HASHED_BYTES])[:HASH_LETTERS]
