"""The example campaign's pages one after the other, in a language: each shown, none kept."""

from collections.abc import Iterator

from django.conf import settings
from django.db import transaction
from playwright.sync_api import Page, Route

from tests.pages.asking import Ask
from tests.pages.every_page import PAGES, in_language
from tests.pages.filling import FORM
from tests.readers.cast import let_read
from tocsin.demo.sample import load_example
from tocsin.pages.models import CampaignPage

LANGUAGES = [code for code, _name in settings.LANGUAGES]


def lay_out_example() -> None:
    """The example campaign, ready to be served."""
    let_read(load_example().organisation.slug)


def every_page(language: str) -> Iterator[tuple[str, Ask, int]]:
    """Name, way there, and status of every page in every state; nothing is left of what made it."""
    pages = CampaignPage.objects.filter(locale__language_code=language)
    page = pages.first() or in_language(
        CampaignPage.objects.get(locale__language_code="en"), language
    )
    for show, status in PAGES:
        with transaction.atomic():
            yield show.__name__, show(page), status
            transaction.set_rollback(True)


def open_page(page: Page, site: str, ask: Ask) -> None:
    """Let a browser ask for it, and wait for all that belongs to it."""
    if ask.body is not None:
        page.route(f"{site}{ask.path}", lambda route: send_form(route, ask), times=1)
    page.goto(f"{site}{ask.path}", wait_until="load")


def send_form(route: Route, ask: Ask) -> None:
    """Send the form in place of the plain request."""
    headers = {**route.request.headers, "content-type": FORM}
    route.continue_(method="POST", post_data=ask.body, headers=headers)
