"""The links that let a person go on: signed, for one purpose each."""

from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from tocsin.actions.models import Action
from tocsin.actions.states import UNCONFIRMED_DAYS
from tocsin.kit.addresses import Address, read_address
from tocsin.kit.tokens import (
    TokenExpired,
    make_sealed_token,
    make_token,
    read_sealed_token,
    read_token,
)

CONFIRM_LIFETIME = timedelta(hours=72)
"""How long a link in a confirmation mail works."""

SOURCE = "s"
"""The name of the channel in an address: `?s=poster`."""

CHECK_LIFETIME = timedelta(hours=72)
"""How long the page "check your mail" can be opened again."""


def unconfirmed_until(day: date) -> date:
    """The day on which an action is erased that was written on `day` and not confirmed."""
    return day + timedelta(days=UNCONFIRMED_DAYS)


def confirm_url(action: Action, *, now: datetime, source: str = "") -> str:
    """The whole address in the confirmation mail; it holds for this revision of the action.

    By which channel the person came stands in this address, and is kept nowhere else.
    """
    token = make_token(purpose="confirm", subject=f"{action.pk}.{action.revision}", now=now)
    with translation.override(action.language):
        return settings.BASE_URL + reverse("confirm", args=[token]) + query_of(source)


def query_of(source: str) -> str:
    """What is added to an address to say by which channel somebody comes."""
    return f"?{urlencode({SOURCE: source})}" if source else ""


def read_confirm_link(token: str, *, now: datetime) -> tuple[UUID, int]:
    """The action and its revision; raises TokenForged, or TokenExpired after 72 hours."""
    return _action_of(
        read_token(purpose="confirm", token=token, lifetime=CONFIRM_LIFETIME, now=now)
    )


def expired_action(expired: TokenExpired) -> tuple[UUID, int]:
    """The action and revision that an expired confirmation link was for."""
    return _action_of(expired.subject)


def make_thanks_link(action_id: UUID, *, now: datetime) -> str:
    """The token of the page that thanks."""
    return make_token(purpose="thanks", subject=str(action_id), now=now)


def read_thanks_link(token: str, *, now: datetime) -> UUID:
    """The action that is thanked for; raises TokenForged. It does not expire."""
    return UUID(read_token(purpose="thanks", token=token, lifetime=None, now=now))


def make_check_link(*, campaign_page_id: int, address: Address, now: datetime) -> str:
    """The token of "check your mail": it carries the address, encrypted, instead of a cookie."""
    return make_sealed_token(purpose="check", values=[campaign_page_id, address.text], now=now)


def read_check_link(token: str, *, now: datetime) -> tuple[int, Address]:
    """The campaign page and the address; raises TokenForged, or TokenExpired after 72 hours."""
    page, address = read_sealed_token(
        purpose="check", token=token, lifetime=CHECK_LIFETIME, now=now
    )
    return page, read_address(address)


def _action_of(subject: str) -> tuple[UUID, int]:
    action, _, revision = subject.rpartition(".")
    return UUID(action), int(revision)
