"""Chiara, a campaigner, in the office: the page to edit, the lists to read."""

import uuid

import pytest
from playwright.sync_api import expect

from tests.stories.conftest import Demo, Visit
from tests.stories.typing import confirm, take_part
from tests.wait import until

LISTS = ("letters", "actions", "targets")


def enter(visit: Visit, demo: Demo) -> None:
    """Sign in with what the demo printed."""
    visit.page.goto(demo.office_url)
    visit.page.fill("[name=username]", demo.office_user)
    visit.page.fill("[name=password]", demo.office_password)
    visit.page.click("button[type=submit]")
    visit.page.wait_for_url(demo.office_url)


@pytest.mark.parametrize(("language", "welcome"), [("fr", "Tableau de bord"), ("en", "Dashboard")])
def test_the_office_speaks_the_language_of_chiara(
    desk: Visit, demo: Demo, language: str, welcome: str
) -> None:
    desk.context.set_extra_http_headers({"Accept-Language": language})
    enter(desk, demo)
    expect(desk.page.locator("h1").first).to_contain_text(
        {"fr": "Bienvenue", "en": "Welcome"}[language]
    )
    assert welcome in desk.page.title()


def test_the_lists_tell_where_the_letters_are_and_not_who_wrote(desk: Visit, demo: Demo) -> None:
    email = f"amina.{uuid.uuid4().hex}@mail.example"
    take_part(desk, demo, email=email)
    confirm(desk, demo, email=email)
    until(lambda: len(demo.letters_of(email)) == 2, what="two letters")
    desk.context.set_extra_http_headers({"Accept-Language": "en"})
    enter(desk, demo)
    for name in LISTS:
        desk.page.goto(f"{demo.office_url}{name}/")
        text = desk.page.locator("main").inner_text()
        assert "Amina" not in text
        assert email not in desk.page.content()
        assert desk.page.locator("tbody tr").count() >= 1, name
        assert desk.page.locator("a[href*='/new/'], a[href*='/edit/']").count() == 0, name
    desk.page.goto(f"{demo.office_url}letters/")
    expect(desk.page.locator("main")).to_contain_text("handed to the target's mail system")
    assert desk.strangers(demo.site) == []


def test_the_page_can_be_edited_and_previewed(desk: Visit, demo: Demo) -> None:
    desk.context.set_extra_http_headers({"Accept-Language": "en"})
    enter(desk, demo)
    home = desk.context.request.get(f"{demo.campaign_url}")
    assert home.ok
    desk.page.goto(f"{demo.office_url}pages/search/?q=")
    desk.page.goto(f"{demo.office_url}reports/site-history/")
    edit = edit_url(desk, demo)
    desk.page.goto(edit)
    expect(desk.page.locator("[name=title]")).to_have_count(1)
    with desk.context.expect_page() as opened:
        desk.page.locator("[data-side-panel-toggle=preview], [aria-label*=preview i]").first.click()
        desk.page.locator("a[href*='preview']").first.click()
    opened.value.wait_for_load_state()
    assert opened.value.locator("h1").count() == 1
    assert desk.strangers(demo.site) == []


def edit_url(visit: Visit, demo: Demo) -> str:
    """Where the first campaign page is edited, found by following the office's own links."""
    page = visit.page
    page.goto(f"{demo.office_url}pages/")
    page.locator("main a[href*='/pages/']:not([href*='edit'])").first.click()
    page.wait_for_load_state()
    links = page.locator("a[href*='/edit/']").all()
    hrefs = [str(link.get_attribute("href")) for link in links]
    return f"{demo.site}{hrefs[-1]}"
