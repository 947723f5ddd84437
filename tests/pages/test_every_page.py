"""What is true of every public page: valid, in one language, silent, light."""

import gzip
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tests.factories import AMINA, a_campaign, a_campaign_page, an_action
from tests.pages.filling import FORM, filled, send, take_url
from tests.pages.reading import Answer, Sheet
from tests.privacy.amina import took_part, wrote
from tocsin.actions.links import confirm_url, make_check_link, make_thanks_link
from tocsin.actions.models import Action
from tocsin.campaigns.models import Campaign
from tocsin.kit.addresses import read_address
from tocsin.kit.tokens import make_token
from tocsin.outcomes.models import Tally
from tocsin.pages.models import CampaignPage
from tocsin.privacy.links import make_data_token
from tocsin.privacy.rights import erase_person

MOST_BYTES = 30 * 1024
"""HTML and CSS of a page, compressed: what a bad line can bear."""


def get(url: str) -> Answer:
    """Open a page, as a browser without history."""
    return Client().get(url)


def the_campaign(page: CampaignPage) -> Answer:
    """The campaign page, with a number."""
    Tally.objects.create(campaign=page.campaign, confirmed=1234)
    return get(page.url)


def nobody_yet(page: CampaignPage) -> Answer:
    """The campaign page before the first letter."""
    return get(page.url)


def closed(page: CampaignPage) -> Answer:
    """The campaign page after the end."""
    Campaign.objects.update(state="closed")
    return get(page.url)


def unready(page: CampaignPage) -> Answer:
    """The campaign page while there is nobody to write to."""
    page.campaign.campaign_targets.all().delete()
    return get(page.url)


def errors(page: CampaignPage) -> Answer:
    """The form with an error at every field."""
    return send(page, {"own": "\0", "letter": "\0", "family": "=1"})


def preview(page: CampaignPage) -> Answer:
    """The form with the letters."""
    return send(page, filled(page, step="preview", own="<b>&amp;'\""))


def check(page: CampaignPage) -> Answer:
    """Check your mail."""
    address = read_address("amina@mail.example")
    token = make_check_link(campaign_page_id=page.pk, address=address, now=timezone.now())
    return get(f"/{page.language}/letter/check-mail/{token}/?again=1")


def an_open_action(page: CampaignPage) -> Action:
    """Somebody who has the mail before them."""
    return an_action(page.campaign, language=page.language, now=timezone.now())


def confirm(page: CampaignPage) -> Answer:
    """Confirm, with a word about a newer version."""
    url = confirm_url(an_open_action(page), now=timezone.now())
    Action.objects.update(revision=2)
    return get(urlsplit(url).path)


def expired(page: CampaignPage) -> Answer:
    """A link whose time is over."""
    subject = f"{an_open_action(page).pk}.1"
    token = make_token(purpose="confirm", subject=subject, now=timezone.now().replace(year=2024))
    return get(f"/{page.language}/letter/confirm/{token}/?again=1")


def thanks(page: CampaignPage) -> Answer:
    """Thanks, with another campaign to go on with."""
    a_campaign_page(language=page.language)
    action = an_open_action(page)
    Action.objects.update(state="written")
    token = make_thanks_link(action.pk, now=timezone.now())
    return get(f"/{page.language}/letter/thanks/{token}/")


def too_late(page: CampaignPage) -> Answer:
    """It was not me, after the confirmation."""
    url = confirm_url(an_open_action(page), now=timezone.now())
    Action.objects.update(state="written")
    return Client().post(urlsplit(url).path.replace("/confirm/", "/refuse/"), "", content_type=FORM)


def home(page: CampaignPage) -> Answer:
    """The list of campaigns."""
    return get(f"/{page.language}/")


def privacy(page: CampaignPage) -> Answer:
    """What is kept."""
    return get(f"/{page.language}/privacy/")


def erased(page: CampaignPage) -> Answer:
    """Nothing is left."""
    return get(f"/{page.language}/letter/erased/")


def ask_data(page: CampaignPage) -> Answer:
    """Ask what is kept."""
    return get(f"/{page.language}/your-data/")


def ask_data_wrongly(page: CampaignPage) -> Answer:
    """The same, with an address that cannot be."""
    return post(f"/{page.language}/your-data/", "email=amina")


def data_asked(page: CampaignPage) -> Answer:
    """Where to look now."""
    return get(f"/{page.language}/your-data/asked/")


def your_data(page: CampaignPage) -> Answer:
    """What is kept: an action with its letters and one that waits, another language, a note."""
    wrote(page.campaign, now=timezone.now())
    took_part(a_campaign(), now=timezone.now())
    return get(f"{data_path(page)}?withdrawn=1")


def no_data(page: CampaignPage) -> Answer:
    """Nothing is kept."""
    return get(data_path(page))


def correct_data(page: CampaignPage) -> Answer:
    """The form for the name."""
    return get(f"{data_path(page)}correct/{an_open_action(page).pk}/")


def correct_data_wrongly(page: CampaignPage) -> Answer:
    """The same, with names that cannot be."""
    return post(f"{data_path(page)}correct/{an_open_action(page).pk}/", "given=&family=%3D1")


def erase_data(page: CampaignPage) -> Answer:
    """Erase everything?"""
    wrote(page.campaign, now=timezone.now())
    return get(f"{data_path(page)}erase/")


def data_erased(page: CampaignPage) -> Answer:
    """Nothing of it is left."""
    return get(f"/{page.language}/your-data/erased/")


def old_data_link(page: CampaignPage) -> Answer:
    """A link of last year."""
    token = make_data_token(AMINA.address, now=timezone.now() - timedelta(days=365))
    return get(f"/{page.language}/your-data/open/{token}/")


def data_path(page: CampaignPage) -> str:
    """The page behind Amina's link."""
    token = make_data_token(AMINA.address, now=timezone.now())
    return f"/{page.language}/your-data/open/{token}/"


def post(url: str, body: str) -> Answer:
    """Send a form."""
    return Client().post(url, body, content_type=FORM)


def not_found(page: CampaignPage) -> Answer:
    """A page that does not exist."""
    return get(f"/{page.language}/nowhere/")


def wrong_method(page: CampaignPage) -> Answer:
    """The form's address, opened."""
    return get(take_url(page))


def too_large(page: CampaignPage) -> Answer:
    """A form of a megabyte."""
    return send(page, {"letter": "a" * 1_000_000})


PAGES: list[tuple[Callable[[CampaignPage], Answer], int]] = [
    (the_campaign, 200),
    (nobody_yet, 200),
    (closed, 200),
    (unready, 200),
    (errors, 422),
    (preview, 200),
    (check, 200),
    (confirm, 200),
    (expired, 410),
    (thanks, 200),
    (too_late, 409),
    (home, 200),
    (privacy, 200),
    (erased, 200),
    (ask_data, 200),
    (ask_data_wrongly, 422),
    (data_asked, 200),
    (your_data, 200),
    (no_data, 200),
    (correct_data, 200),
    (correct_data_wrongly, 422),
    (erase_data, 200),
    (data_erased, 200),
    (old_data_link, 410),
    (not_found, 404),
    (wrong_method, 405),
    (too_large, 413),
]


DATA = (ask_data, ask_data_wrongly, your_data, correct_data, erase_data, data_erased, old_data_link)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(("show", "status"), PAGES, ids=lambda v: getattr(v, "__name__", ""))
def test_a_public_page_is_valid_silent_and_light(
    french: CampaignPage,
    english: CampaignPage,
    show: Callable[[CampaignPage], Answer],
    status: int,
    language: str,
) -> None:
    answer = show({"fr": french, "en": english}[language])
    sheet = Sheet(answer)  # which is strict: what is not valid raises
    assert answer.status_code == status
    assert sheet.language == language
    assert not sheet.repeated_ids()
    assert not sheet.dead_anchors()
    assert not sheet.inline_code()
    assert not answer.cookies
    assert all(address.startswith("/static/tocsin/") for address in sheet.loaded())
    assert len(sheet.all("h1")) == len(sheet.all("main")) == len(sheet.all("title")) == 1
    weight = len(gzip.compress(answer.content)) + len(gzip.compress(style().encode()))
    assert weight <= MOST_BYTES


@pytest.mark.parametrize(("show", "status"), PAGES, ids=lambda v: getattr(v, "__name__", ""))
def test_a_title_says_nothing_that_a_neighbour_should_not_read(
    french: CampaignPage, show: Callable[[CampaignPage], Answer], status: int
) -> None:
    title = Sheet(show(french)).title
    assert title
    assert "Amina" not in title
    assert "Demand" not in title


@pytest.mark.parametrize(("show", "status"), PAGES, ids=lambda v: getattr(v, "__name__", ""))
def test_every_page_has_a_way_out_that_tells_nobody_where_from(
    french: CampaignPage, show: Callable[[CampaignPage], Answer], status: int
) -> None:
    ways = [a for a in Sheet(show(french)).all("a") if a.get("class") == "exit"]
    assert len(ways) == 2
    assert {(a.get("href"), a.get("rel")) for a in ways} == {
        ("https://www.wikipedia.org/", "noreferrer noopener")
    }
    assert {a.text for a in ways} == {"Quitter vite cette page"}


def test_what_belongs_to_one_person_is_kept_by_no_cache(french: CampaignPage) -> None:
    for show in (errors, preview, check, confirm, expired, thanks, too_large, *DATA):
        answer = show(french)
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
