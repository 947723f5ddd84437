"""Chiara is interrupted: signed out in the middle of writing, or another one writes there too."""

import re
import uuid

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.stories.conftest import DESK, Demo, Visit
from tests.stories.hand import Hand
from tests.stories.test_chiara_looks_after_it import enter
from tests.stories.test_chiara_opens_a_campaign import LETTER


def sign_in_here(page: Page, demo: Demo) -> None:
    """Where the page asks for it."""
    page.fill("[name=username]", demo.office_user)
    page.fill("[name=password]", demo.office_password)
    page.click("button[type=submit]")


def begin(page: Page, demo: Demo) -> str:
    """A new campaign; returns the address of its overview. Wagtail's menu needs its script."""
    page.goto(f"{demo.office_url}campaign/new/")
    page.fill("[name=title]", "Où sont-ils ?")
    page.fill("[name=slug]", f"perdue-{uuid.uuid4().hex[:8]}")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/office/campaign/*/?saved")
    return page.url.removesuffix("?saved")


def to_the_editor(page: Page) -> str:
    """From the overview of a campaign to the editor of its page; returns its address."""
    page.click(".guide .mail-more a")
    page.wait_for_url("**/office/pages/*/edit/")
    return page.url


@pytest.mark.parametrize(
    "scripts", ["with", "without"], ids=["with JavaScript", "without JavaScript"]
)
def test_a_letter_is_there_after_a_lost_session(
    chromium: Browser, demo: Demo, scripts: str
) -> None:
    visit = Visit(
        chromium.new_context(viewport=DESK, java_script_enabled=scripts == "with", locale="fr")
    )
    enter(visit, demo)
    page = visit.page
    url = begin(page, demo)
    page.goto(f"{url}letter/fr/")
    page.fill("[name=subject]", "Un objet")
    page.fill("[name=body]", LETTER)
    page.fill("[name=closing]", "Merci,")
    visit.context.clear_cookies(name="sessionid")
    page.click("button[value=save]")
    expect(page.locator("main")).to_contain_text("gardé dans cette fenêtre")
    sign_in_here(page, demo)
    page.click("main form button")
    expect(page.locator(".messages .success")).to_be_visible()
    page.goto(f"{url}letter/fr/")
    expect(page.locator("[name=body]")).to_have_value(LETTER)
    expect(page.locator("[name=subject]")).to_have_value("Un objet")
    expect(page.locator("[data-kept]")).to_be_hidden()
    assert visit.strangers(demo.site) == []
    visit.context.close()


def test_what_was_typed_is_there_though_it_was_never_sent(desk: Visit, demo: Demo) -> None:
    enter(desk, demo)
    page = desk.page
    url = begin(page, demo)
    page.goto(f"{url}letter/fr/")
    page.fill("[name=body]", LETTER)
    page.goto(demo.office_url)
    page.goto(f"{url}letter/fr/")
    expect(page.locator("[name=body]")).to_have_value(LETTER)
    expect(page.locator("[data-kept]")).to_be_visible()


def test_a_story_is_there_after_a_lost_session(desk: Visit, demo: Demo) -> None:
    enter(desk, demo)
    page = desk.page
    begin(page, demo)
    edit = to_the_editor(page)
    story = page.locator("[data-contentpath=story]")
    story.locator(".c-sf-add-button").first.click()
    Hand(page).pick(".w-combobox input", "part of the story")
    desk.context.clear_cookies(name="sessionid")
    story.locator("[contenteditable=true]").first.click()
    page.keyboard.insert_text(LETTER)
    page.fill("[name=lead]", "Un chapeau.")
    # Wagtail’s editor hands over what is typed a moment later.
    expect(story.locator("[name$='-text']")).to_have_value(re.compile("personnes"))
    page.click("footer button.action-save")
    expect(page.locator("main")).to_contain_text("kept in this window")
    sign_in_here(page, demo)
    expect(page.locator("main")).to_contain_text("Nothing of it is saved yet")
    page.click("main form button")
    expect(page.locator(".messages .success")).to_be_visible()
    page.goto(edit)
    expect(story.locator("[contenteditable=true]").first).to_have_text(LETTER)
    expect(page.locator("[name=lead]")).to_have_value("Un chapeau.")


def test_another_one_writes_on_the_same_page(desk: Visit, demo: Demo, chromium: Browser) -> None:
    enter(desk, demo)
    page = desk.page
    begin(page, demo)
    edit = to_the_editor(page)
    other = Visit(chromium.new_context(viewport=DESK))
    enter(other, demo)
    other.page.goto(edit)
    other.page.fill("[name=lead]", "Ses mots.")
    other.page.click("footer button.action-save")
    expect(other.page.locator(".messages .success")).to_be_visible()
    page.fill("[name=lead]", "Les miens.")
    expect(page.locator("footer")).to_contain_text("Autosave is paused")
    page.click("footer button.action-save")
    asked = page.locator("[role=dialog]:visible")
    expect(asked).to_contain_text("saved a new version")
    expect(page.locator("[name=lead]")).to_have_value("Les miens.")
    asked.locator("button", has_text="Save draft").click()
    expect(page.locator(".messages .success")).to_be_visible()
    expect(page.locator("[name=lead]")).to_have_value("Les miens.")
    page.goto(edit.replace("/edit/", "/revisions/compare/earliest...latest/"))
    expect(page.locator("main")).to_contain_text("Les miens.")
    other.context.close()
