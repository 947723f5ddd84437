"""The widget on a partner's site, in a real browser: two origins, and no cookie of others."""

from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import LazySettings
from playwright.sync_api import Frame, Page

from tests.factories import a_partner
from tests.mail import mails_to
from tests.pages.aside import Aside, browser_aside
from tests.pages.partner_site import PartnerSite, partner_site
from tests.pages.serving import served
from tests.stories.conftest import need_chromium
from tocsin.actions.models import Action
from tocsin.organisations.partners import Partner
from tocsin.outcomes.sources import sources_of
from tocsin.pages.models import CampaignPage
from tocsin.pages.snippets import snippet

NO_THIRD_PARTY_COOKIES = "--test-third-party-cookie-phaseout"
READ = 4000
"""Milliseconds after which a form is not too young any more, on the clock of the page around it."""


@pytest.fixture(scope="module")
def aside() -> Iterator[Aside]:
    """One browser for all that is looked at here."""
    with browser_aside(need_chromium(), NO_THIRD_PARTY_COOKIES) as found:
        yield found


@pytest.fixture
def site(french: CampaignPage, static: None, settings: LazySettings) -> Iterator[str]:
    """Our own site, at http://localhost and some port."""
    with served() as address:
        settings.BASE_URL = address
        yield address


@pytest.fixture
def friends() -> Iterator[PartnerSite]:
    """The partner's, at another origin."""
    with partner_site() as found:
        yield found


@pytest.fixture
def partner(site: str, friends: PartnerSite, french: CampaignPage) -> Partner:
    """The partner, with the code on its page."""
    found = a_partner(
        french.campaign.organisation, origins=friends.origin, slug="friends", accent="#0b5d3b"
    )
    friends.code = str(snippet(french, found))
    return found


def the_frame(page: Page) -> Frame:
    """What is in the frame, once it is there."""
    inside = page.query_selector("iframe")
    assert inside
    frame = inside.content_frame()
    assert frame
    return frame


def height_other_than(page: Page, before: str) -> str:
    """The height that the partner's page gave the frame, once it is another one."""
    page.wait_for_function(
        "before => document.querySelector('iframe').style.height !== before", arg=before
    )
    return str(page.evaluate("document.querySelector('iframe').style.height"))


def fits(page: Page) -> bool:
    """Whether nothing of the frame is cut off, and it does not scroll by itself."""
    inner = the_frame(page)
    return bool(
        inner.evaluate("document.documentElement.scrollHeight <= innerHeight + 1")
        and inner.evaluate("document.documentElement.scrollWidth <= innerWidth")
    )


def opened(page: Page, url: str) -> str:
    """Open the partner's page on a telephone; the height that the frame was given."""
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(url, wait_until="load")
    return height_other_than(page, "")


def pixels(height: str) -> float:
    """The number in a height."""
    return float(height.removesuffix("px"))


def in_sight(page: Page, what: str) -> bool:
    """Whether the head of that part of the frame comes into the window of the partner's page."""
    inner = the_frame(page).locator(what).evaluate("e => e.getBoundingClientRect().top")
    page.wait_for_function(
        "inner => { const frame = document.querySelector('iframe').getBoundingClientRect();"
        "return frame.top + inner > -5 && frame.top + inner < innerHeight }",
        arg=inner,
    )
    return True


def takes_part(page: Page, url: str) -> dict[str, object]:
    """Amina on the partner's page: errors first, then all that is asked for."""
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    first = opened(page, url)
    seen: dict[str, object] = {"fits": fits(page)}
    frame = the_frame(page)
    frame.locator("button.button").click()
    frame.locator(".summary").wait_for()
    longer = height_other_than(page, first)
    seen["grew"] = pixels(longer) > pixels(first)
    seen["fits with errors"] = fits(page)
    seen["errors are in sight"] = in_sight(page, ".summary")
    frame.locator("#id_given").fill("Amina")
    frame.locator("#id_email").fill("amina@mail.example")
    frame.locator("#id_country").select_option("FR")
    frame.locator("#id_send").check()
    frame.locator("#id_news_no").check()
    page.wait_for_function("least => performance.now() > least", arg=READ)
    frame.locator("button.button").click()
    frame.locator("p.address").wait_for()
    shorter = height_other_than(page, longer)
    seen["shrank"] = pixels(shorter) < pixels(first)
    seen["told where to look"] = frame.locator("p.address").inner_text()
    seen["the mailbox is in sight"] = in_sight(page, "h1")
    seen["address bar"] = page.url
    seen["cookies"] = page.context.cookies()
    seen["storage"] = frame.evaluate(
        "(() => { try { return localStorage.length } catch { return 'denied' } })()"
    )
    seen["faults"] = [fault for fault in faults if "422" not in fault]
    return seen


def test_amina_takes_part_on_a_partner_s_page_and_is_counted_for_it(
    aside: Aside, friends: PartnerSite, partner: Partner, french: CampaignPage
) -> None:
    seen = aside.do(takes_part, f"{friends.origin}/page")
    assert seen == {
        "fits": True,
        "grew": True,
        "fits with errors": True,
        "errors are in sight": True,
        "shrank": True,
        "told where to look": "amina@mail.example",
        "the mailbox is in sight": True,
        "address bar": f"{friends.origin}/page",
        "cookies": [],
        "storage": "denied",
        "faults": [],
    }
    assert sources_of(french.campaign) == [("friends", 1, 0)]
    assert Action.objects.get().campaign == french.campaign
    body = mails_to("amina@mail.example")[-1].get_body(("plain",))
    assert body
    assert "/?s=friends" in body.get_content()


# -- only there -----------------------------------------------------------------------------------


def is_shown(page: Page, url: str) -> tuple[bool, list[str]]:
    """Whether there is a form in the frame of that page; what the browser said."""
    said: list[str] = []
    page.on("console", lambda one: said.append(one.text))
    page.goto(url, wait_until="load")
    return the_frame(page).locator("form").count() > 0, said


def test_the_browser_refuses_the_frame_on_any_other_site(
    aside: Aside, friends: PartnerSite, partner: Partner
) -> None:
    with partner_site() as thief:
        thief.code = friends.code
        shown, said = aside.do(is_shown, f"{thief.origin}/page")
        assert not shown
        assert [text for text in said if "frame-ancestors" in text]
    shown, said = aside.do(is_shown, f"{friends.origin}/page")
    assert shown
    assert not [text for text in said if "frame-ancestors" in text]


def test_no_other_page_of_ours_can_be_framed_by_the_partner(
    aside: Aside, friends: PartnerSite, partner: Partner, french: CampaignPage, site: str
) -> None:
    friends.code = f'<iframe src="{site}{french.url}"></iframe>'
    assert not aside.do(is_shown, f"{friends.origin}/page")[0]


def test_a_partner_that_is_not_active_has_no_frame_any_more(
    aside: Aside, friends: PartnerSite, partner: Partner
) -> None:
    Partner.objects.update(active=False)
    assert not aside.do(is_shown, f"{friends.origin}/page")[0]


def listens(page: Page, url: str) -> bool:
    """Whether the frame keeps its height while others say what theirs is."""
    before = opened(page, url)
    page.evaluate("""() => {
        window.heard = [];
        addEventListener("message", ({ data }) => window.heard.push(data.height));
        postMessage({ height: 7, top: 0 }, "*");
        const stranger = document.createElement("iframe");
        document.body.append(stranger);
        const script = stranger.contentDocument.createElement("script");
        script.textContent = "parent.postMessage({ height: 9, top: 0 }, '*')";
        stranger.contentDocument.body.append(script);
    }""")
    page.wait_for_function("heard.includes(7) && heard.includes(9)")
    return bool(before == page.evaluate("document.querySelector('iframe').style.height"))


def test_the_height_is_taken_from_our_frame_alone(
    aside: Aside, friends: PartnerSite, partner: Partner
) -> None:
    assert aside.do(listens, f"{friends.origin}/page")


def answers_to_strangers(page: Page, frame_url: str) -> object:
    """A page that is not listed cannot make our frame speak, even if it got it into a window."""
    page.goto(frame_url, wait_until="load")
    return page.evaluate("""() => new Promise(done => {
        const heard = [];
        addEventListener("message", ({ data }) => {
            if (data !== "tocsin") heard.push(data);
            else setTimeout(() => done(heard), 0);
        });
        postMessage("tocsin", "*");
    })""")


def test_the_frame_does_not_speak_to_a_page_that_is_not_listed(
    aside: Aside, partner: Partner, french: CampaignPage, site: str
) -> None:
    frame = f"{site}/fr/campaigns/{french.pk}/embed/friends/"
    assert aside.do(answers_to_strangers, frame) == []


def leaves(page: Page, url: str) -> str:
    """Press the way out in the frame; where the browser goes, all of the page and not the frame."""
    opened(page, url)
    with page.expect_request(lambda asked: "wikipedia" in asked.url) as asked:
        the_frame(page).locator("a.exit").first.click()
    return "the page" if asked.value.frame == page.main_frame else "the frame"


def test_the_way_out_leads_out_of_the_partner_s_page_too(
    aside: Aside, friends: PartnerSite, partner: Partner
) -> None:
    assert aside.do(leaves, f"{friends.origin}/page") == "the page"


def test_a_campaign_with_more_than_one_way_leads_to_its_own_page(
    aside: Aside, friends: PartnerSite, partner: Partner, french: CampaignPage
) -> None:
    type(french.campaign).objects.update(offers_shielded=True)
    shown, said = aside.do(is_shown, f"{friends.origin}/page")
    assert not shown
    assert not [text for text in said if "frame-ancestors" in text]


RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def barriers(page: Page, url: str, scheme: Literal["light", "dark"]) -> list[str]:
    """What axe finds in the frame, seen by itself."""
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 320, "height": 740})
    page.goto(url, wait_until="load")
    found = [each["id"] for each in Axe().run(page, options=RULES).response["violations"]]
    if page.evaluate("document.documentElement.scrollWidth - innerWidth") > 0:
        found.append("wider than 320 px")
    return found


def test_nothing_in_the_frame_stands_in_anybody_s_way(
    aside: Aside, partner: Partner, french: CampaignPage, site: str
) -> None:
    url = f"{site}/fr/campaigns/{french.pk}/embed/friends/"
    assert aside.do(barriers, url, "light") == []
    assert aside.do(barriers, url, "dark") == []
