"""Chiara, a campaigner, in the office: the page to edit, the lists to read."""

import uuid

import pytest
from playwright.sync_api import expect

from tests.demo_in_browser import enter_office
from tests.stories.conftest import Demo, Visit
from tests.stories.typing import confirm, take_part
from tests.wait import until

LISTS = ("letters", "actions", "targets")


def enter(visit: Visit, demo: Demo) -> None:
    """Sign in with what the demo printed."""
    enter_office(visit.page, demo)


@pytest.mark.parametrize(("language", "welcome"), [("fr", "Tableau de bord"), ("en", "Dashboard")])
def test_the_office_speaks_the_language_of_chiara(
    desk: Visit, demo: Demo, language: str, welcome: str
) -> None:
    desk.context.set_extra_http_headers({"Accept-Language": language})
    enter(desk, demo)
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
        # The directory of targets is looked after, and nothing else.
        links = desk.page.locator("main").locator("a[href*='/new/'], a[href*='/edit/']")
        assert (links.count() > 0) is (name == "targets"), name
    desk.page.goto(f"{demo.office_url}letters/")
    expect(desk.page.locator("main")).to_contain_text("handed to the target's mail system")
    assert desk.strangers(demo.site) == []


def test_the_page_is_edited_and_previewed_before_anybody_sees_it(desk: Visit, demo: Demo) -> None:
    desk.context.set_extra_http_headers({"Accept-Language": "fr"})
    enter(desk, demo)
    page = desk.page
    page.goto(edit_url(desk, demo))
    lead = f"Un chapeau tout neuf, {uuid.uuid4().hex}."
    page.fill("[name=lead]", lead)
    page.click("[data-side-panel-toggle=preview]")
    shown = page.frame_locator("[data-side-panel=preview] iframe").last
    expect(shown.locator(".lead").first).to_have_text(lead, timeout=20_000)
    with desk.context.expect_page() as opened:
        page.click("[data-side-panel=preview] a[href$='/preview/']")
    expect(opened.value.locator(".lead").first).to_have_text(lead)
    assert lead not in desk.context.request.get(demo.campaign_url).text()
    assert desk.strangers(demo.site) == []


def edit_url(visit: Visit, demo: Demo) -> str:
    """Where the first campaign page is edited, found by following the office's own links."""
    page = visit.page
    page.goto(f"{demo.office_url}pages/")
    for _ in range(2):
        edit = str(page.locator("tbody a[href*='/edit/']").first.get_attribute("href"))
        page.goto(demo.site + edit.removesuffix("edit/"))
    return demo.site + edit
