"""Signed links: one purpose, one subject, one lifetime."""

from datetime import UTC, datetime, timedelta

from django.core import signing


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
