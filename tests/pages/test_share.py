"""Passing a page on: links that say by which channel, and nothing of anybody."""

from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page

from tests.factories import AMINA, an_action
from tests.pages.aside import Aside
from tests.pages.filling import everything_kept
from tests.pages.reading import Sheet
from tocsin.actions.links import make_thanks_link
from tocsin.actions.release import confirm_action
from tocsin.campaigns.models import Campaign
from tocsin.outcomes.sources import CHANNELS
from tocsin.pages.models import CampaignPage
from tocsin.pages.shares import mastodon_link, shares_of

BASE = "http://localhost"
ADDRESS = f"{BASE}/fr/families/"
TITLE = "Où sont-ils ? 100 % & <plus> ئۇيغۇر"


def test_every_link_carries_the_title_and_an_address_of_its_own() -> None:
    shares = shares_of(address=ADDRESS, title=TITLE)
    assert shares is not None
    seen = {shares.device.partition("?s=")[2], shares.copy.partition("?s=")[2]}
    for share in shares.links:
        text = unquote(share.url.partition(":")[2])
        assert ADDRESS in text, share
        if share.name != "Facebook":  # which reads the title from the page
            assert TITLE in text
        seen.add(text.partition(f"{ADDRESS}?s=")[2].partition("&")[0])
    assert len(seen) == len(shares.links) + 2
    assert seen <= {*CHANNELS}


def test_a_title_cannot_add_anything_to_a_link() -> None:
    shares = shares_of(address=ADDRESS, title="a&url=https://evil.example#?\r\nBcc: x")
    assert shares is not None
    for share in shares.links:
        assert "\n" not in share.url
        assert "evil.example#" not in share.url
    telegram = parse_qs(urlsplit(shares.links[1].url).query)
    assert telegram["url"] == [f"{ADDRESS}?s=telegram"]


def test_a_page_without_an_address_cannot_be_passed_on() -> None:
    assert shares_of(address="", title=TITLE) is None


@pytest.mark.parametrize("state", ["open", "closed"])
def test_every_campaign_page_can_be_passed_on(french: CampaignPage, state: str) -> None:
    Campaign.objects.update(state=state)
    sheet = Sheet(Client().get(french.url))
    assert sheet.by_id("share") is not None
    assert f"{BASE}{french.url}?s=copy" in sheet.text()
    assert [button.get("hidden") for button in sheet.all("button") if button.get("type")] == [
        ""
    ] * 2
    assert (sheet.dead_anchors(), sheet.repeated_ids(), sheet.inline_code()) == ([], [], [])


def test_the_page_that_thanks_gives_nothing_of_the_person_away(french: CampaignPage) -> None:
    action = an_action(french.campaign, now=timezone.now())
    confirm_action(action_id=action.pk, revision=1)
    sheet = Sheet(
        Client().get(f"/fr/letter/thanks/{make_thanks_link(action.pk, now=timezone.now())}/")
    )
    (place,) = [each for each in sheet.root.iter() if each.get("class") == "share"]
    told = " ".join(unquote(" ".join(each.attrib.values())) for each in place.iter())
    assert f"{BASE}{french.url}?s=device" in told
    for secret in (str(action.pk), AMINA.given, AMINA.family, AMINA.address.text, "thanks"):
        assert secret not in told


def test_the_share_sheet_is_allowed_to_our_own_pages_alone(french: CampaignPage) -> None:
    """Which is what a browser does by itself, as long as no word is said about it."""
    assert "web-share" not in Client().get(french.url)["Permissions-Policy"]


def test_with_javascript_the_address_is_copied_at_a_button(site: str, aside: Aside) -> None:
    def sees_the_button(page: Page) -> bool:
        page.goto(f"{site}/fr/sans-nouvelles/", wait_until="load")
        return page.locator(".share .copy").is_visible()

    assert aside.do(sees_the_button)


# -- Mastodon -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("mastodon.social", "mastodon.social"),
        ("  HTTPS://Mastodon.Social/ ", "mastodon.social"),
        ("@amina@piaille.fr", "piaille.fr"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
    ],
)
def test_a_server_is_taken_by_its_name(typed: str, host: str) -> None:
    link = mastodon_link(typed, address=ADDRESS, title=TITLE)
    assert link.startswith(f"https://{host}/share?text=")
    assert unquote(link).endswith(f"{TITLE} {ADDRESS}?s=mastodon")


@pytest.mark.parametrize(
    "typed",
    [
        *("", "localhost", "127.0.0.1", "[::1]", "mastodon", "a..b", "-a.example", "a-.example"),
        *("evil.example/x", "evil.example:8080", "evil.example?x", "evil.example#", "a.b\\c"),
        *(
            "javascript:alert(1)",
            "//evil.example",
            "http://evil.example",
            "a.example\n",
            "é.example",
        ),
        *("a.example\x00", "x" * 64 + ".example", "a." * 130 + "example", "a b.example"),
    ],
)
def test_what_is_no_name_leads_nowhere(typed: str) -> None:
    link = mastodon_link(typed, address=ADDRESS, title=TITLE)
    if typed.strip() != typed and typed.strip() == "a.example":
        assert link.startswith("https://a.example/share?")  # white space around it is nothing
    else:
        assert link == ""


def test_nobody_is_sent_to_a_server_unasked_and_nothing_is_kept(french: CampaignPage) -> None:
    before = everything_kept()
    url = f"/fr/campaigns/{french.pk}/mastodon/"
    answer = Client().get(url, {"host": "mastodon.social"})
    sheet = Sheet(answer)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    (link,) = [a for a in sheet.all("a") if (a.get("href") or "").startswith("https://mastodon")]
    assert link.get("rel") == "noopener noreferrer"
    assert everything_kept() == before
    assert not answer.cookies


def test_what_is_no_server_is_said_and_can_be_mended(french: CampaignPage) -> None:
    url = f"/fr/campaigns/{french.pk}/mastodon/"
    answer = Client().get(url, {"host": '"><script>alert(1)</script>'})
    sheet = Sheet(answer)
    assert answer.status_code == 422
    assert sheet.title.startswith("Erreur")
    assert sheet.by_id("mastodon-host").get("value") == '"><script>alert(1)</script>'
    assert not sheet.dead_anchors()
    assert Client().get(url).status_code == 200
    assert Client().post(url, {"host": "x.example"}).status_code == 405
    french.unpublish()
    assert Client().get(url, {"host": "mastodon.social"}).status_code == 404
