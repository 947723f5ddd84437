"""The link that opens what is kept about one address."""

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from tocsin.kit.addresses import Address, read_address
from tocsin.kit.tokens import make_sealed_token, read_sealed_token

DATA_LIFETIME = timedelta(hours=24)
"""How long a link to one's data works, and as often as one likes."""


def data_url(address: Address, *, language: str, now: datetime) -> str:
    """The whole address of the page, in that language; the e-mail address in it is encrypted."""
    with translation.override(language):
        return settings.BASE_URL + reverse("your-data", args=[make_data_token(address, now=now)])


def make_data_token(address: Address, *, now: datetime) -> str:
    """The token in that link."""
    return make_sealed_token(purpose="data", values=[address.text], now=now)


def read_data_token(token: str, *, now: datetime) -> Address:
    """Whose data it opens; raises TokenForged, or TokenExpired after 24 hours."""
    [address] = read_sealed_token(purpose="data", token=token, lifetime=DATA_LIFETIME, now=now)
    return read_address(address)
