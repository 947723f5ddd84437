"""The pages of a section: its own campaigns, its own address, in every language that it has."""

import json
import re

import pytest
from django.conf import settings
from django.test import Client
from wagtail.models import Page

from tests.factories import a_campaign, a_campaign_page, a_section, an_organisation
from tests.pages.reading import Answer, Sheet
from tocsin.organisations.models import Organisation
from tocsin.pages.models import CampaignPage, SectionPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation() -> Organisation:
    """One with a page in French and in English."""
    found = an_organisation()
    for language in ("fr", "en"):
        a_section(found, language=language)
    return found


@pytest.fixture
def page(organisation: Organisation) -> CampaignPage:
    """The French page of a campaign of it, in its section."""
    section = SectionPage.objects.get(locale__language_code="fr")
    return a_campaign_page(a_campaign(organisation=organisation), below=section)


def get(url: str) -> Answer:
    return Client().get(url)


def words(url: str) -> str:
    """What stands there, in one line."""
    answer = get(url)
    assert answer.status_code == 200, url
    return re.sub(r"\s+", " ", Sheet(answer).text())


def titled(page: CampaignPage, title: str) -> CampaignPage:
    page.title = title
    page.save()
    return page


def test_it_shows_its_own_campaigns_wherever_their_pages_lie_and_no_others(
    organisation: Organisation, page: CampaignPage
) -> None:
    titled(page, "Alpha")
    titled(a_campaign_page(a_campaign(organisation=organisation)), "Beta")
    titled(a_campaign_page(), "Gamma")
    titled(a_campaign_page(a_campaign(organisation=organisation), language="en"), "Delta")
    text = words(f"/fr/{organisation.slug}/")
    assert [name for name in ("Alpha", "Beta", "Gamma", "Delta") if name in text] == [
        "Alpha",
        "Beta",
    ]
    home = words("/fr/")
    assert all(name in home for name in ("Alpha", "Beta", "Gamma"))


def test_before_its_first_campaign_it_says_whose_it_is(organisation: Organisation) -> None:
    Organisation.objects.filter(pk=organisation.pk).update(accent="#0B4F9E")
    sheet = Sheet(get(f"/fr/{organisation.slug}/"))
    assert "Une campagne de The Letter Table" in re.sub(r"\s+", " ", sheet.text())
    looks = [each.get("href", "") for each in sheet.all("link")]
    assert any(f"/look/{organisation.slug}/" in each for each in looks)


def test_it_leads_to_its_other_languages_and_is_in_the_site_map(
    organisation: Organisation, page: CampaignPage
) -> None:
    sheet = Sheet(get(f"/fr/{organisation.slug}/"))
    others = {
        each.get("hreflang"): each.get("href")
        for each in sheet.all("link")
        if each.get("rel") == "alternate" and each.get("hreflang")
    }
    assert others["en"] == f"{settings.BASE_URL}/en/{organisation.slug}/"
    found = get("/sitemap.xml").content.decode()
    for path in (f"/fr/{organisation.slug}/", f"/en/{organisation.slug}/", page.url):
        assert f"<loc>{settings.BASE_URL}{path}</loc>" in found


def test_its_feed_has_its_own_campaigns(organisation: Organisation, page: CampaignPage) -> None:
    foreign = a_campaign_page()
    address = f"/fr/{organisation.slug}/campaigns.atom"
    assert address in get(f"/fr/{organisation.slug}/").content.decode()
    feed = get(address).content.decode()
    assert page.url in feed
    assert foreign.url not in feed
    assert f'href="{settings.BASE_URL}{address}"' in feed
    assert foreign.url in get("/fr/campaigns.atom").content.decode()
    assert get("/fr/nobody/campaigns.atom").status_code == 404
    assert get(f"/de/{organisation.slug}/campaigns.atom").status_code == 404


def test_a_page_in_a_section_has_all_that_another_has(page: CampaignPage) -> None:
    assert page.url == f"/fr/{page.campaign.organisation.slug}/{page.slug}/"
    assert f'"{page.url}yourself/"' in get(page.url).content.decode()
    assert get(f"{page.url}yourself/").status_code == 200
    assert get(f"{page.url}yourself/written/").status_code == 200
    asked = get("/fr/oembed/?url=" + settings.BASE_URL + page.url)
    assert json.loads(asked.content)["title"] == page.title


def test_two_sections_may_have_campaigns_of_one_short_name(page: CampaignPage) -> None:
    other = a_section(an_organisation())
    twin = a_campaign_page(a_campaign(organisation=other.organisation), below=other)
    Page.objects.filter(pk=twin.pk).update(
        slug=page.slug, url_path=twin.url_path.replace(twin.slug, page.slug)
    )
    twin.refresh_from_db()
    for each in (page, twin):
        assert f'href="{each.url}' in get(f"{each.url}yourself/").content.decode()


@pytest.mark.parametrize("place", ["nobody/{0}", "{0}", "{1}/{0}/{0}", "%00/{0}", "{1}"])
def test_what_lies_nowhere_is_not_found(page: CampaignPage, place: str) -> None:
    section = page.get_parent().slug
    assert get(f"/fr/{place.format(page.slug, section)}/yourself/").status_code == 404


def test_who_asks_for_it_in_a_language_it_lacks_is_told_where_it_is(
    organisation: Organisation,
) -> None:
    answer = get(f"/ug/{organisation.slug}/")
    assert answer.status_code == 404
    links = {each.get("href") for each in Sheet(answer).all("a")}
    assert {f"/fr/{organisation.slug}/", f"/en/{organisation.slug}/"} <= links


def test_its_privacy_page_names_it_alone(page: CampaignPage) -> None:
    other = an_organisation()
    Organisation.objects.filter(pk=other.pk).update(contact="other@else.example")
    address = f"/fr/privacy/{page.campaign.organisation.slug}/"
    assert address in get(page.url).content.decode()
    text = words(address)
    assert page.campaign.organisation.contact in text
    assert "other@else.example" not in text
    assert "other@else.example" in words("/fr/privacy/")
    assert get("/fr/privacy/nobody/").status_code == 404
