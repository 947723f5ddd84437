"""Gulnar, whose telephone may be looked at: nothing is kept, nothing refused, and a way out."""

import uuid

import pytest
from playwright.sync_api import Page, Route, expect

from tests.stories.conftest import Demo, Visit
from tests.stories.test_chiara_at_the_mail_desk import places
from tests.stories.test_chiara_looks_after_it import edit_url, enter
from tests.stories.test_nobody_is_watched import walk
from tests.stories.typing import take_part

ELSEWHERE = "https://www.wikipedia.org/"
TOUCH = 44
PROBE = """() => {
    const box = document.createElement("div");
    document.addEventListener("securitypolicyviolation", () => { document.title = "refused" });
    try { box.innerHTML = "<img src='https://elsewhere.example/x.png'>" } catch { return "caught" }
    return "let through";
}"""


def elsewhere(visit: Visit) -> None:
    """The world outside, of which only the page to leave for is there."""

    def answer(route: Route) -> None:
        assert "referer" not in route.request.headers
        route.fulfill(body="<title>Elsewhere</title>", content_type="text/html")

    visit.context.route(ELSEWHERE, answer)


def test_no_page_breaks_its_own_policy_or_keeps_anything(phone: Visit, demo: Demo) -> None:
    for name in walk(phone, demo, demo.campaign_url):
        assert phone.refused == [], name
        assert phone.kept() == ([], []), name
        assert phone.strangers(demo.site) == [], name


def test_no_page_hides_anything_in_the_browser(desk: Visit, demo: Demo) -> None:
    for name in walk(desk, demo, demo.campaign_url_en):
        assert desk.hidden() == [0, 0, 0, 0], name


def test_what_a_policy_refuses_would_be_seen(desk: Visit, demo: Demo) -> None:
    desk.page.goto(demo.campaign_url)
    assert desk.page.evaluate(PROBE) == "caught"
    assert desk.refused != []


def test_the_office_works_within_its_own_policy(desk: Visit, demo: Demo) -> None:
    desk.context.set_extra_http_headers({"Accept-Language": "en"})
    enter(desk, demo)
    edit = edit_url(desk, demo)
    assert desk.refused == []
    desk.page.goto(edit)
    desk.page.click("[data-side-panel-toggle=preview]")
    shown = desk.page.frame_locator("[data-side-panel=preview] iframe").last
    expect(shown.locator(".lead").first).to_be_visible(timeout=20_000)
    assert desk.refused == []
    for place in places(desk.page, demo):
        desk.page.goto(place)
        assert desk.refused == [], place
    for name in ("pages", "letters", "actions", "targets", "images", "documents", "account"):
        desk.page.goto(f"{demo.office_url}{name}/")
        assert desk.refused == [], name
    assert desk.strangers(demo.site) == []


def test_the_way_out_takes_the_page_out_of_the_history(desk: Visit, demo: Demo) -> None:
    elsewhere(desk)
    page = desk.page
    page.goto(f"{demo.site}/en/")
    page.goto(demo.campaign_url_en)
    page.locator("a.exit").first.click()
    page.wait_for_url(ELSEWHERE)
    page.go_back()
    assert page.url == f"{demo.site}/en/"


def test_escape_three_times_leaves_at_once_and_twice_does_not(desk: Visit, demo: Demo) -> None:
    elsewhere(desk)
    page = desk.page
    page.goto(demo.campaign_url_en)
    page.locator("[name=given]").focus()
    for key in ("Escape", "Escape", "a", "Escape", "Escape"):
        page.keyboard.press(key)
    assert not page.evaluate("document.documentElement.hidden")
    assert page.url == demo.campaign_url_en
    page.keyboard.press("Escape")
    page.wait_for_url(ELSEWHERE)


def test_the_way_out_is_a_plain_link_on_every_page(phone: Visit, demo: Demo) -> None:
    for name in walk(phone, demo, demo.campaign_url):
        for way in phone.page.locator("a.exit").all():
            assert way.get_attribute("href") == ELSEWHERE, name
            assert way.get_attribute("rel") == "noreferrer noopener"
    elsewhere(phone)
    phone.page.locator("a.exit").last.click()
    phone.page.wait_for_url(ELSEWHERE)


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_the_way_out_is_wide_enough_for_a_thumb_and_covers_nothing(
    desk: Visit, demo: Demo, direction: str
) -> None:
    page = desk.page
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(demo.campaign_url)
    page.evaluate("direction => { document.documentElement.dir = direction }", direction)
    way = page.locator("a.exit").first.bounding_box()
    brand = page.locator("a.brand").bounding_box()
    assert way is not None
    assert brand is not None
    assert way["height"] >= TOUCH
    assert (way["x"], way["width"]) == (0, 320)
    assert way["y"] + way["height"] <= brand["y"]


def test_the_way_out_is_the_second_stop_of_the_keyboard(desk: Visit, demo: Demo) -> None:
    elsewhere(desk)
    page: Page = desk.page
    page.goto(demo.campaign_url)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator("a.exit").first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(ELSEWHERE)


def test_a_page_of_ones_own_is_kept_by_no_cache_and_says_no_address(
    desk: Visit, demo: Demo
) -> None:
    take_part(desk, demo, email=f"gulnar.{uuid.uuid4().hex}@mail.example")
    headers = desk.context.request.get(desk.page.url).headers
    assert headers["cache-control"] == "no-store"
    assert headers["content-security-policy"].startswith("default-src 'none'; ")
