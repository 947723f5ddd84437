"""Who asks for a page in a language it does not have is told where it can be read."""

import pytest
from django.test import Client

from tests.factories import a_campaign_page
from tests.pages.reading import Answer, Sheet
from tocsin.pages.models import CampaignPage


def get(url: str) -> Answer:
    return Client().get(url)


def places(answer: Answer) -> dict[str, str]:
    """The languages that the page's own list offers, and where."""
    links = [a for a in Sheet(answer).all("a") if a.get("hreflang")]
    assert all(a.get("lang") == a.get("hreflang") and a.get("dir") for a in links)
    return {a.get("hreflang", ""): a.get("href", "") for a in links}


def test_a_campaign_is_offered_in_the_languages_that_it_has(
    french: CampaignPage, english: CampaignPage
) -> None:
    answer = get(f"/ug/{french.slug}/")
    assert answer.status_code == 404
    assert Sheet(answer).language == "ug"
    assert places(answer) == {"fr": french.url, "en": english.url}


def test_its_name_in_one_language_finds_it_in_another(
    french: CampaignPage, english: CampaignPage
) -> None:
    assert places(get(f"/en/{french.slug}/")) == {"fr": french.url, "en": english.url}


def test_a_page_that_is_not_public_is_not_told_of(french: CampaignPage) -> None:
    a_campaign_page(french.campaign, language="kk").unpublish()
    answer = get(f"/de/{french.slug}/")
    assert places(answer) == {"fr": french.url}
    french.unpublish()
    assert list(places(get(f"/de/{french.slug}/"))) == ["fr", "kk"]  # home pages, and no campaign


def test_an_address_that_leads_nowhere_offers_the_home_pages(english: CampaignPage) -> None:
    answer = get("/tr/nowhere/at/all/")
    assert answer.status_code == 404
    assert places(answer) == {code: f"/{code}/" for code in ("fr", "en")}


@pytest.mark.parametrize("url", ["/", "/de/", "/zh-hans/"])
def test_a_reader_without_a_home_page_begins_at_one_that_is(
    english: CampaignPage, url: str
) -> None:
    answer = Client().get(url, headers={"Accept-Language": "de"}, follow=True)
    assert answer.status_code == 200
    assert answer.request["PATH_INFO"] == "/en/"
    assert Sheet(answer).language == "en"
