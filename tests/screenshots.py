"""Take the pictures of docs/pictures anew: `make screenshots`."""

import io
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, ViewportSize

from tests.demo_in_browser import demo_in_browser, enter_office
from tests.eml import link_in
from tests.stories.conftest import DESK, PHONE, Demo
from tests.stories.typing import OWN, fill, press, send_when_it_may
from tests.wait import until

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
EMAIL, OTHER = "amina@mail.example", "gulnar@mail.example"
COLLECTIVE = "lend us their voice"  # in the subject of the collective letter to the ministry
COLOURS = 128


def main() -> None:
    """Run a demo, let Amina write, and keep what she and the others see."""
    PICTURES.mkdir(exist_ok=True)
    with demo_in_browser() as (demo, browser):
        phone = browser.new_page(viewport=PHONE, device_scale_factor=1.5)
        phone.emulate_media(reduced_motion="reduce")
        for name in visit(phone, demo):
            keep(name, phone.screenshot())
        desk = browser.new_page(viewport=DESK)
        both(phone, desk, demo)
        for name in look_around(desk, demo):
            keep(name, desk.screenshot())


def visit(page: Page, demo: Demo) -> Iterator[str]:
    """What Amina sees, on her phone."""
    page.goto(demo.campaign_url)
    to(page, "#form")
    yield "form"
    page.locator(".risk summary").click()
    page.locator(".risk [type=checkbox]").first.check()
    to(page, ".risk")
    yield "which-way"
    press(page, "send")
    yield "errors"
    fill(page, given="Amina", family="Yusuf", email=EMAIL, country="FR", own=OWN)
    press(page, "preview")
    to(page, "#preview")
    yield "preview"
    send_when_it_may(page)
    yield "check-mail"
    page.goto(link_in(demo.mail(EMAIL)))
    yield "confirm"
    page.click("form button.button")
    yield "thanks"
    page.goto(f"{demo.site}/fr/privacy/")
    yield "privacy"
    page.goto(f"{demo.site}/fr/your-data/")
    page.fill("[name=email]", EMAIL)
    page.click("main form button")
    page.goto(link_in(demo.mail(EMAIL, 2)))
    yield "your-data"
    lend_voice(page, demo)
    page.goto(f"{demo.site}/fr/letter/confirm/cut/")
    yield "link-cut"


def lend_voice(page: Page, demo: Demo) -> None:
    """Gulnar lends hers, so that there is a collective letter."""
    page.goto(demo.campaign_url)
    page.check("[name=way][value=lent]")
    page.fill("[name=email]", OTHER)
    page.select_option("[name=country]", "NO")
    page.locator(".permission [name=send]:visible").check()
    page.check("#id_news_no")
    send_when_it_may(page)
    page.goto(link_in(demo.mail(OTHER)))
    page.click("form button.button")


def look_around(page: Page, demo: Demo) -> Iterator[str]:
    """What the mail reader, the minister and Chiara see, on a wide screen."""
    until(lambda: len(demo.letters_of(EMAIL)) == 2, what="the letters")
    page.goto(demo.post_box_url)
    yield "post-box"
    page.get_by_role("link", name="Copie d’une lettre").click()
    yield "letter-arrived"
    until(lambda: demo.mails("protocol@ministry")[1:], within=180, what="the collective letter")
    page.goto(demo.post_box_url)
    page.get_by_role("link", name=COLLECTIVE).first.click()
    yield "collective-letter-arrived"
    enter_office(page, demo)
    page.goto(f"{demo.office_url}letters/")
    yield "office-letters"


def to(page: Page, place: str) -> None:
    """Scroll there."""
    page.locator(place).evaluate("element => element.scrollIntoView()")


def both(phone: Page, desk: Page, demo: Demo) -> None:
    """The campaign page on a phone and on a wide screen, side by side."""
    views: list[Image.Image] = []
    size: ViewportSize = {"width": 1180, "height": 740}
    desk.set_viewport_size(size)
    for page in (phone, desk):
        page.goto(demo.campaign_url)
        picture = Image.open(io.BytesIO(page.screenshot()))
        shape = page.viewport_size or size
        views.append(picture.resize((shape["width"], shape["height"])))
    desk.set_viewport_size(DESK)
    width = sum(view.width for view in views) + 24
    sheet = Image.new("RGB", (width, 740), "#d8d3ca")
    sheet.paste(views[0], (0, 0))
    sheet.paste(views[1], (views[0].width + 24, 0))
    out = io.BytesIO()
    sheet.save(out, "PNG")
    keep("campaign", out.getvalue())


def keep(name: str, picture: bytes) -> None:
    """Write a picture, small enough for a repository."""
    image = Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS)
    image.save(PICTURES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
