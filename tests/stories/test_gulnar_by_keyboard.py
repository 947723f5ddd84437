"""Gulnar takes part by keyboard alone, without JavaScript, from right to left, on 320 pixels."""

import uuid

from playwright.sync_api import Browser, Page, expect

from tests.eml import link_in
from tests.stories.conftest import Demo, Visit

MOST_STOPS = 120
HERE = "selector => document.activeElement.matches(selector)"
OUTLINED = "() => parseFloat(getComputedStyle(document.activeElement).outlineWidth) >= 2"


def reach(page: Page, selector: str) -> None:
    """Press Tab until the keyboard is there, and see that one sees it on the way."""
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement === document.body"):
            continue  # around the end of the page
        assert page.evaluate(OUTLINED), page.evaluate("() => document.activeElement.outerHTML")
        if page.evaluate(HERE, selector):
            return
    raise AssertionError(f"the keyboard does not come to {selector}")


def write(page: Page, name: str, words: str) -> None:
    """Go to a field, and type."""
    reach(page, f"[name={name}]")
    page.keyboard.type(words)


def press_when_it_may(page: Page) -> None:
    """Send; who is faster than a person is asked to press again, and does."""
    reach(page, "button[name=step][value=send]")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    while page.locator("[role=alert]").count():
        expect(page.locator("[role=alert] li")).to_have_count(0)
        reach(page, "button[name=step][value=send]")
        with page.expect_navigation():
            page.keyboard.press("Enter")


def test_from_the_page_to_the_thanks_by_keyboard_alone(chromium: Browser, demo: Demo) -> None:
    context = chromium.new_context(
        viewport={"width": 320, "height": 640}, java_script_enabled=False
    )
    page = Visit(context).page
    email = f"gulnar.{uuid.uuid4().hex}@mail.example"
    page.goto(f"{demo.site}/ug/")
    reach(page, "main h3 a")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("html").get_attribute("dir") == "rtl"
    reach(page, "[name=way]")
    page.keyboard.press("Space")
    for _way in range(3):  # the arrows go round, to the way that is open
        if page.locator("[name=way][value=open]").is_checked():
            break
        page.keyboard.press("ArrowDown")
    write(page, "given", "Gulnar")
    write(page, "family", "Abdi")
    write(page, "email", email)
    reach(page, "[name=country]")
    page.keyboard.press("ArrowDown")
    reach(page, ".permission [name=send]")
    page.keyboard.press("Space")
    reach(page, "[name=news]")
    page.keyboard.press("Space")
    press_when_it_may(page)
    page.goto(link_in(demo.mail(email)))
    reach(page, "main form button.button")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "/letter/thanks/" in page.url
    assert page.locator("html").get_attribute("dir") == "rtl"
    context.close()
