"""Search engines and readers of feeds find every public page, at its one address, and no other."""

import json
from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest
from django.conf import settings
from django.test import Client
from wagtail.models import Page

from tests.factories import a_campaign_page
from tests.pages.reading import HTML, Sheet
from tocsin.campaigns.models import Campaign
from tocsin.pages.models import CampaignPage, HomePage

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"
ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = "</script><script>alert(1)</script> & <!-- \x07 \ufffe"


def get(path: str, **headers: str) -> Any:
    return Client(headers=headers).get(path)


def the_map() -> dict[str, dict[str, str]]:
    """Each address with those of its translations."""
    root = fromstring(get("/sitemap.xml").content)  # noqa: S314 - we wrote it
    return {
        (url.findtext(f"{MAP}loc") or ""): {
            link.get("hreflang", ""): link.get("href", "") for link in url.iter(LINK)
        }
        for url in root
    }


def the_feed(language: str) -> Element:
    return fromstring(get(f"/{language}/campaigns.atom").content)  # noqa: S314 - we wrote it


def links(sheet: Sheet, **wanted: str) -> list[str]:
    return [
        link.get("href", "")
        for link in sheet.all("link")
        if all(link.get(name) == value for name, value in wanted.items())
    ]


def linked_data(sheet: Sheet) -> dict[str, Any]:
    [found] = [each for each in sheet.all("script") if each.get("type") == "application/ld+json"]
    facts: dict[str, Any] = json.loads(found.text or "")
    return facts


def ours(page: Page) -> str:
    return f"{settings.BASE_URL}{page.url}"


def test_the_map_has_every_public_page_with_its_translations(
    french: CampaignPage, english: CampaignPage
) -> None:
    both = {"fr": ours(french), "en": ours(english)}
    homes = {code: f"{settings.BASE_URL}/{code}/" for code in ("fr", "en")}
    found = the_map()
    assert set(found) == {*both.values(), *homes.values()}
    assert all(found[address] == both for address in both.values())


def test_what_is_not_public_is_nowhere(french: CampaignPage, english: CampaignPage) -> None:
    english.unpublish()
    assert ours(english) not in the_map()
    assert the_map()[ours(french)] == {"fr": ours(french)}
    assert the_feed("en").findall(f"{ATOM}entry") == []
    assert links(Sheet(get(french.url)), rel="alternate", hreflang="en") == []


def test_who_comes_by_another_name_finds_the_same_addresses(
    french: CampaignPage, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    for path in ("/sitemap.xml", "/robots.txt", "/fr/campaigns.atom", french.url):
        page = get(path, host="abcdefgh.onion").content.decode()
        assert "abcdefgh" not in page, path


def test_programs_are_kept_from_what_is_about_one_person() -> None:
    answer = get("/robots.txt")
    assert answer["Content-Type"].startswith("text/plain")
    lines = answer.content.decode().splitlines()
    assert f"Sitemap: {settings.BASE_URL}/sitemap.xml" in lines
    assert {"Disallow: /*/letter/", "Disallow: /*/your-data/", "Disallow: /office/"} <= {*lines}


def test_the_feed_of_a_language_has_its_campaigns_the_newest_first(french: CampaignPage) -> None:
    newer = a_campaign_page(language="fr")
    Page.objects.filter(pk=french.pk).update(first_published_at=datetime(2020, 1, 1, tzinfo=UTC))
    entries = the_feed("fr").findall(f"{ATOM}entry")
    assert [each.findtext(f"{ATOM}id") for each in entries] == [ours(newer), ours(french)]
    assert [each.findtext(f"{ATOM}title") for each in entries] == [newer.title, french.title]
    summaries = [each.findtext(f"{ATOM}summary") for each in entries]
    assert summaries == [newer.search_description, french.search_description]
    assert links(Sheet(get(french.url)), type="application/atom+xml") == ["/fr/campaigns.atom"]


@pytest.mark.django_db
def test_where_there_is_no_home_page_the_feed_is_empty() -> None:
    HomePage.objects.all().delete()
    assert the_feed("fr").findtext(f"{ATOM}title") == "Campagnes"


def test_a_title_that_wants_to_break_out_breaks_nothing(french: CampaignPage) -> None:
    CampaignPage.objects.update(title=HOSTILE, lead=HOSTILE)
    entry = the_feed("fr").find(f"{ATOM}entry")
    assert entry is not None
    assert entry.findtext(f"{ATOM}title") == HOSTILE.replace("\x07", "").replace("\ufffe", "")
    facts = get(french.url).content.decode().partition('application/ld+json">')[2]
    assert json.loads(facts.partition("</script>")[0])["name"] == HOSTILE


def test_a_page_tells_machines_what_it_shows(french: CampaignPage, english: CampaignPage) -> None:
    sheet = Sheet(get(french.url))
    facts = linked_data(sheet)
    assert facts["@type"] == "WebPage"
    assert facts["name"] == french.title
    assert facts["url"] == ours(french)
    assert facts["inLanguage"] == "fr"
    assert facts["publisher"] == {"@type": "NGO", "name": french.campaign.organisation.name}
    assert links(sheet, rel="canonical") == [ours(french)]
    assert links(sheet, rel="alternate", hreflang="en") == [ours(english)]


def test_the_home_page_does_too(french: CampaignPage, english: CampaignPage) -> None:
    sheet = Sheet(get("/fr/"))
    assert linked_data(sheet)["@type"] == "CollectionPage"
    assert links(sheet, rel="canonical") == [f"{settings.BASE_URL}/fr/"]
    assert links(sheet, rel="alternate", hreflang="en") == [f"{settings.BASE_URL}/en/"]
    properties = {each.get("property") for each in sheet.root.iter(f"{HTML}meta")}
    assert {"og:title", "og:url", "og:type", "og:locale"} <= properties


@pytest.mark.parametrize("path", ["/robots.txt", "/sitemap.xml", "/fr/campaigns.atom"])
def test_nothing_else_is_done_there(french: CampaignPage, path: str) -> None:
    assert Client().post(path).status_code == 405
    assert not get(path).cookies


def test_a_campaign_that_has_ended_stays_where_it_was(french: CampaignPage) -> None:
    Campaign.objects.update(state="closed")
    assert ours(french) in the_map()
