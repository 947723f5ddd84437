"""A form as a browser sends it, and what is kept before and after."""

from datetime import timedelta
from urllib.parse import quote_from_bytes

from django.apps import apps
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from tocsin.pages.freshness import issue
from tocsin.pages.models import CampaignPage
from tocsin.pages.offer import Offer, offer_of

FORM = "application/x-www-form-urlencoded"


def filled(page: CampaignPage, **changes: str) -> dict[str, str]:
    """What Amina's browser sends a minute after she opened the page, but for the changes."""
    offer = the_offer(page)
    return {
        "issued": issue(page.pk, now=timezone.now() - timedelta(minutes=1)),
        "way": offer.ways[0],
        "given": "Amina",
        "family": "Yusuf",
        "email": "amina@mail.example",
        "country": "FR",
        "own": "My aunt does not answer any more.",
        "letter": offer.models[0].body,
        "send": next(iter(offer.send_answers)),
        "news": next(value for value, yes in offer.news_answers.items() if not yes),
        "step": "send",
        **changes,
    }


def the_offer(page: CampaignPage) -> Offer:
    """The offer of a page that has one."""
    offer = offer_of(page)
    assert offer is not None
    return offer


def take_url(page: CampaignPage) -> str:
    """Where the form of the page goes."""
    with translation.override(page.language):
        return reverse("take", args=[page.pk])


def send(
    page: CampaignPage,
    fields: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
) -> HttpResponse:
    """Post the form, percent-encoded byte by byte, so that nothing is tidied up on the way."""
    return send_raw(page, body_of(filled(page) if fields is None else fields), headers)


def send_raw(
    page: CampaignPage, body: bytes, headers: dict[str, str] | None = None
) -> HttpResponse:
    """Post these very bytes as a form."""
    answer = Client().post(take_url(page), body, content_type=FORM, headers=headers)
    assert isinstance(answer, HttpResponse)
    return answer


def body_of(fields: dict[str, str]) -> bytes:
    """The body of a form; a lone surrogate goes out as the three bytes that it would be."""
    pairs = (
        f"{name}={quote_from_bytes(text.encode(errors='surrogatepass'), safe='')}"
        for name, text in fields.items()
    )
    return "&".join(pairs).encode()


def everything_kept() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table of ours, and every job that waits."""
    models = [
        *apps.get_app_config("tocsin").get_models(),
        apps.get_model("procrastinate", "ProcrastinateJob"),
    ]
    rows = {
        model.__name__: list(model._default_manager.order_by("pk").values_list())
        for model in models
    }
    return {
        name: [tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in found]
        for name, found in rows.items()
    }
