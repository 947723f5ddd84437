"""What a person does on the pages, step by step."""

from playwright.sync_api import Page

from tests.eml import link_in
from tests.stories.conftest import Demo, Visit

OWN = "Ma sœur attend des nouvelles depuis 2017. ئايگۈل"


def fill(page: Page, *, given: str, family: str, email: str, country: str, own: str = "") -> None:
    """Fill the form as somebody would who writes openly and wants no news."""
    page.check("[name=way][value=open]")
    page.fill("[name=given]", given)
    page.fill("[name=family]", family)
    page.fill("[name=email]", email)
    page.select_option("[name=country]", country)
    page.fill("[name=own]", own)
    page.locator(".permission [name=send]:visible").check()
    page.check("#id_news_no")


def press(page: Page, step: str) -> None:
    """Press the button of the form that stands for this step, and see what comes of it."""
    with page.expect_navigation():
        page.click(f"button[name=step][value={step}]")


def shown_letters(page: Page) -> list[tuple[str, str, str]]:
    """To whom, subject and text of each letter that the page shows."""
    return [
        (
            each.locator("dd").nth(1).inner_text(),
            each.locator("dd").nth(2).inner_text(),
            str(each.locator(".text").text_content()),
        )
        for each in page.locator(".draft").all()
    ]


def take_part(visit: Visit, demo: Demo, *, email: str, country: str = "FR", own: str = "") -> None:
    """Amina reads, waits as long as a person does, fills the form, sends it."""
    visit.page.goto(demo.campaign_url)
    fill(visit.page, given="Amina", family="Yusuf", email=email, country=country, own=own)
    send_when_it_may(visit.page)


def send_when_it_may(page: Page) -> None:
    """Press send; who is faster than a person is asked to press again, and does."""
    press(page, "send")
    while page.locator("[role=alert]").count():
        assert page.locator("[role=alert] li").count() == 0, page.locator(
            "[role=alert]"
        ).inner_text()
        press(page, "send")


def confirm(visit: Visit, demo: Demo, *, email: str) -> None:
    """Open the link in the mail, press the one button."""
    visit.page.goto(link_in(demo.mail(email)))
    visit.page.click("form button.button")


def ask_for_data(visit: Visit, demo: Demo, *, email: str, language: str = "fr") -> None:
    """From the privacy page: ask for the link to what is kept about an address."""
    visit.page.goto(f"{demo.site}/{language}/privacy/")
    visit.page.click("main a[href$='/your-data/']")
    visit.page.fill("[name=email]", email)
    visit.page.click("main form button")
    assert visit.page.url.endswith("/your-data/asked/")
