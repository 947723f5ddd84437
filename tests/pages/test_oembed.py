"""oEmbed and the code to paste: a card for everybody, the frame for partners."""

from urllib.parse import parse_qs, urlsplit

import html5lib
import pytest
from django.test import Client

from tests.factories import a_campaign_page, a_partner
from tests.pages.reading import HTML, Sheet
from tocsin.organisations.partners import Partner
from tocsin.pages.models import CampaignPage
from tocsin.pages.snippets import WORDPRESS, snippet, snippets_for

HOSTILE = 'A "title" <script>alert(1)</script> & {page} --> more'


@pytest.fixture
def friends(french: CampaignPage) -> Partner:
    """A partner."""
    return a_partner(french.campaign.organisation, slug="friends")


def ask(url: str, **more: str) -> tuple[int, dict[str, object]]:
    """What the endpoint says of an address."""
    answer = Client().get("/en/oembed/", {"url": url, **more})
    return answer.status_code, answer.json()


def whole(page: CampaignPage) -> str:
    """The address that people pass on."""
    return f"http://localhost{page.url}"


def test_everybody_gets_a_card(french: CampaignPage, friends: Partner) -> None:
    for query in ("", "?s=poster", "?s=nobody", "?x=1"):
        assert ask(whole(french) + query) == (
            200,
            {
                "version": "1.0",
                "type": "link",
                "title": french.title,
                "author_name": "The Letter Table",
                "provider_name": "The Letter Table",
                "provider_url": "http://localhost",
                "cache_age": 3600,
            },
        )


def test_a_partner_s_address_gets_the_frame(french: CampaignPage, friends: Partner) -> None:
    status, said = ask(f"{whole(french)}?s=friends")
    assert (status, said["type"], said["width"], said["height"]) == (200, "rich", 640, 900)
    assert f"/fr/campaigns/{french.pk}/embed/friends/" in str(said["html"])
    _status, small = ask(f"{whole(french)}?s=friends", maxwidth="300", maxheight="10000")
    assert (small["width"], small["height"]) == (300, 900)
    assert 'width="300"' in str(small["html"])
    for asked in ("", "x", "-1", "²", "1" * 7):
        assert ask(f"{whole(french)}?s=friends", maxwidth=asked)[1]["width"] == 640


def test_a_partner_that_is_not_active_or_not_ours_gets_a_card(
    french: CampaignPage, friends: Partner
) -> None:
    foreign = a_partner(a_campaign_page().campaign.organisation)
    assert ask(f"{whole(french)}?s={foreign.slug}")[1]["type"] == "link"
    Partner.objects.update(active=False)
    assert ask(f"{whole(french)}?s=friends")[1]["type"] == "link"


@pytest.mark.parametrize(
    "url",
    [
        *("", "x", "http://localhost/fr/", "http://localhost/fr/nowhere/", "http://[", "\0"),
        *("https://evil.example{path}", "http://localhost:81{path}", "ftp://localhost{path}"),
        *("http://localhost@evil.example{path}", "//localhost{path}", "http://localhost/x{path}"),
    ],
)
def test_an_address_that_is_no_campaign_of_ours_is_not_found(
    french: CampaignPage, url: str
) -> None:
    assert ask(url.replace("{path}", french.url))[0] == 404


def test_a_page_that_is_not_public_is_not_found(french: CampaignPage) -> None:
    french.unpublish()
    assert ask(whole(french))[0] == 404


def test_json_is_the_only_format(french: CampaignPage) -> None:
    assert ask(whole(french), format="xml")[0] == 501
    assert ask(whole(french), format="json")[0] == 200


def test_a_campaign_page_says_where_its_card_is(french: CampaignPage, friends: Partner) -> None:
    for query, kind in (("", "link"), ("?s=friends", "rich"), ("?s=%22%3E", "link")):
        sheet = Sheet(Client().get(french.url + query))
        (found,) = [
            link.get("href") or ""
            for link in sheet.all("link")
            if link.get("type") == "application/json+oembed"
        ]
        parts = urlsplit(found)
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == "http://localhost/fr/oembed/"
        assert ask(parse_qs(parts.query)["url"][0])[1]["type"] == kind


def test_a_title_cannot_add_anything_to_the_code(french: CampaignPage, friends: Partner) -> None:
    french.title = HOSTILE
    code = str(snippet(french, friends))
    root = html5lib.HTMLParser(strict=True).parseFragment(code)
    (frame,) = root.iter(f"{HTML}iframe")
    (link,) = root.iter(f"{HTML}a")
    (script,) = root.iter(f"{HTML}script")
    assert frame.get("title") == HOSTILE
    assert frame.get("referrerpolicy") == "no-referrer"
    assert frame.get("src") == f"http://localhost/fr/campaigns/{french.pk}/embed/friends/"
    assert (link.get("href"), link.text) == (f"{whole(french)}?s=friends", HOSTILE)
    assert script.get("src") == "http://localhost/embed.js"
    assert "-->" not in code


def test_the_code_is_made_for_each_public_page_of_the_organisation(
    french: CampaignPage, english: CampaignPage, friends: Partner
) -> None:
    a_campaign_page()
    found = snippets_for(friends)
    assert [one.language for one in found] == ["en", "fr"]
    assert found[1].html == str(snippet(french, friends))
    assert found[1].wordpress == WORDPRESS.format(found[1].html)
    english.unpublish()
    assert [one.language for one in snippets_for(friends)] == ["fr"]
    friends.active = False
    assert snippets_for(friends) == []
