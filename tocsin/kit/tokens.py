"""Signed links, and sealed ones: one purpose, one subject, one lifetime."""

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core import signing

from tocsin.kit.seal import Unreadable, seal, unseal


class TokenForged(Exception):
    """The link was not made by us, was cut on its way, or was made for another purpose."""


class TokenExpired(Exception):
    """The link was ours, and its time is over; `subject` says whom or what it was for."""

    def __init__(self, subject: str) -> None:
        super().__init__("expired")
        self.subject = subject


def make_token(*, purpose: str, subject: str, now: datetime) -> str:
    """A text safe in a URL that proves that we made it, for this purpose, at this time.

    `subject` can be read by whoever holds the link: give an identifier, nothing personal.
    """
    issued = signing.b62_encode(int(now.timestamp()))
    return signing.Signer(salt=f"tocsin.{purpose}").sign(f"{subject}:{issued}")


def read_token(*, purpose: str, token: str, lifetime: timedelta | None, now: datetime) -> str:
    """The subject of a token; raises TokenForged or TokenExpired. No lifetime: it never expires."""
    subject, issued = read_issued(purpose=purpose, token=token)
    if lifetime is not None and not timedelta() <= now - issued + timedelta(minutes=5):
        raise TokenForged  # issued in the future, by more than two machines' clocks may differ
    if lifetime is not None and now - issued > lifetime:
        raise TokenExpired(subject)
    return subject


def read_issued(*, purpose: str, token: str) -> tuple[str, datetime]:
    """The subject and the time of issue of a token of any age; raises TokenForged."""
    try:
        subject, _, issued = signing.Signer(salt=f"tocsin.{purpose}").unsign(token).rpartition(":")
        return subject, datetime.fromtimestamp(signing.b62_decode(issued), tz=UTC)
    except (signing.BadSignature, ValueError, OverflowError):
        raise TokenForged from None


def make_sealed_token(*, purpose: str, values: Sequence[str | int], now: datetime) -> str:
    """A text safe in a URL that carries the values encrypted, under the key of today."""
    plain = json.dumps([*values, int(now.timestamp())]).encode()
    sealed = seal(plain, day=now.date(), about=purpose)
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def read_sealed_token(*, purpose: str, token: str, lifetime: timedelta, now: datetime) -> list[Any]:
    """The values again; raises TokenForged, or TokenExpired, which does not say whom it was for."""
    try:
        sealed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        values: list[Any]
        *values, issued = json.loads(unseal(sealed, about=purpose))
    except (Unreadable, ValueError, binascii.Error):
        raise TokenForged from None
    if now - datetime.fromtimestamp(issued, tz=UTC) > lifetime:
        raise TokenExpired("")
    return values
