"""What is true of every public page: valid, in one language, silent, light."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tests.factories import AMINA
from tests.pages import every_frame as frames
from tests.pages import every_page as every
from tests.pages.asking import Ask
from tests.pages.every_page import PAGES, in_language
from tests.pages.reading import Sheet
from tocsin.pages.models import CampaignPage
from tocsin.privacy.rights import erase_person

MOST_BYTES = 30 * 1024
"""HTML and CSS of a page, compressed: what a bad line can bear."""


OF_ONE_PERSON = (
    every.errors, every.preview, every.check, every.confirm, every.expired, every.thanks,
    every.too_large, every.ask_data, every.ask_data_wrongly, every.your_data, every.correct_data,
    every.erase_data, every.data_erased, every.old_data_link, frames.widget, frames.widget_errors,
    frames.widget_preview, frames.widget_mailbox, every.yourself,
    every.yourself_protected, every.yourself_refused, every.written,
)  # fmt: skip


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
@pytest.mark.parametrize(("show", "status"), PAGES, ids=lambda v: getattr(v, "__name__", ""))
def test_a_public_page_is_valid_silent_and_light(
    french: CampaignPage, show: Callable[[CampaignPage], Ask], status: int, language: str
) -> None:
    answer = show(in_language(french, language)).answer()
    sheet = Sheet(answer)  # which is strict: what is not valid raises
    assert answer.status_code == status
    assert sheet.language == language
    assert not sheet.repeated_ids()
    assert not sheet.dead_anchors()
    assert not sheet.inline_code()
    assert not answer.cookies
    # What an organisation chose, the pictures of a story, and the QR code of a page.
    ours = ("/static/tocsin/", "/pictures/", f"/{language}/look/", f"/{language}/campaigns/")
    assert all(address.startswith(ours) for address in sheet.loaded())
    assert len(sheet.all("h1")) == len(sheet.all("main")) == len(sheet.all("title")) == 1
    weight = len(gzip.compress(answer.content)) + len(gzip.compress(style().encode()))
    assert weight <= MOST_BYTES


@pytest.mark.parametrize(("show", "status"), PAGES, ids=lambda v: getattr(v, "__name__", ""))
def test_a_title_says_nothing_that_a_neighbour_should_not_read(
    french: CampaignPage, show: Callable[[CampaignPage], Ask], status: int
) -> None:
    title = Sheet(show(french).answer()).title
    assert title
    assert "Amina" not in title
    assert "Demand" not in title


@pytest.mark.parametrize(("show", "status"), PAGES, ids=lambda v: getattr(v, "__name__", ""))
def test_every_page_has_a_way_out_that_tells_nobody_where_from(
    french: CampaignPage, show: Callable[[CampaignPage], Ask], status: int
) -> None:
    ways = [a for a in Sheet(show(french).answer()).all("a") if a.get("class") == "exit"]
    assert len(ways) == 2
    assert {(a.get("href"), a.get("rel")) for a in ways} == {
        ("https://www.wikipedia.org/", "noreferrer noopener")
    }
    assert {a.text for a in ways} == {"Quitter vite cette page"}


def test_what_belongs_to_one_person_is_kept_by_no_cache(french: CampaignPage) -> None:
    for show in OF_ONE_PERSON:
        answer = show(french).answer()
        assert isinstance(answer, HttpResponse)
        assert answer["Cache-Control"] == "no-store", show.__name__
        erase_person(address=AMINA.address, now=timezone.now())


def test_pages_send_no_referrer(french: CampaignPage) -> None:
    answer = Client().get(french.url)
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in answer


def test_the_style_is_small_and_reads_in_both_directions() -> None:
    css = style()
    assert len(css.encode()) <= 16 * 1024
    for physical in ("margin-left", "margin-right", "padding-left", "text-align: left", "@import"):
        assert physical not in css
    assert "url(" not in css


def style() -> str:
    """The one style sheet."""
    found = finders.find("tocsin/page.css")
    assert isinstance(found, str)
    return Path(found).read_text(encoding="utf-8")
