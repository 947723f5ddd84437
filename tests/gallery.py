"""Take every kind of public page in three languages, for docs/screenshots: `make screenshots`."""

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.browser import arguments, get_chromium
from tests.eml import link_in
from tests.stories.conftest import Demo, start_demo, stop_demo
from tests.stories.typing import fill, press, send_when_it_may

PLACE = Path(__file__).parent.parent / "docs" / "screenshots"
GALLERY = PLACE.parent / "screenshots.md"
LANGUAGES = ("fr", "en", "ug")
SIZES: dict[str, ViewportSize] = {
    "360": {"width": 360, "height": 740},
    "1280": {"width": 1280, "height": 900},
}
DARK = ("campaign", "errors")
LONGEST = 2400
"""Pixels: what comes below in a picture of a long page is cut off."""
QUALITY = 30
OPENING = """# Every public page, as it looks

In French, English and Uyghur, on a telephone (360 pixels) and on a wide screen (1280); some in
the dark. Taken anew by `make screenshots`, of the example campaign.
"""


def main() -> None:
    """Run a demo, go through its pages in each language, and write the gallery."""
    chromium = get_chromium()
    assert chromium, "there is no Chromium"
    PLACE.mkdir(exist_ok=True)
    taken: dict[str, list[str]] = {}
    with tempfile.TemporaryDirectory() as home:
        process, demo = start_demo(Path(home))
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium, args=arguments())
                for language in LANGUAGES:
                    for name, file in pictures(browser, demo, language):
                        taken.setdefault(name, []).append(file)
        finally:
            stop_demo(process)
    GALLERY.write_text(gallery(taken), encoding="utf-8")


def pictures(browser: Browser, demo: Demo, language: str) -> Iterator[tuple[str, str]]:
    """Which page, and the file of each picture of it."""
    page = browser.new_page(viewport=SIZES["1280"])
    page.emulate_media(reduced_motion="reduce")
    for name in visit(page, demo, language):
        for size, viewport in SIZES.items():
            page.set_viewport_size(viewport)
            for scheme in ("light", "dark") if name in DARK and language != "fr" else ("light",):
                page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
                file = f"{name}-{language}-{size}{'-dark' if scheme == 'dark' else ''}.webp"
                keep(file, page.screenshot(full_page=True))
                yield name, file
            page.emulate_media(color_scheme="light")
        page.set_viewport_size(SIZES["1280"])
    page.close()


def visit(page: Page, demo: Demo, language: str) -> Iterator[str]:
    """Each kind of page, once it is there."""
    site, email = f"{demo.site}/{language}", f"gulnar.{language}@mail.example"
    page.goto(f"{site}/")
    yield "home"
    page.click("main h3 a")
    address = page.url
    yield "campaign"
    press(page, "send")
    yield "errors"
    fill(page, given="Gulnar", family="Abdi", email=email, country="NO")
    press(page, "preview")
    yield "preview"
    send_when_it_may(page)
    yield "check-mail"
    page.goto(link_in(demo.mail(email)))
    yield "confirm"
    page.click("main form button.button")
    yield "thanks"
    page.goto(f"{site}/privacy/")
    yield "privacy"
    page.goto(f"{site}/your-data/")
    page.fill("[name=email]", email)
    yield "ask-data"
    page.click("main form button")
    page.goto(link_in(demo.mail(email, 2)))
    yield "your-data"
    page.click("a[href$='/erase/']")
    yield "erase-data"
    page.goto(f"{address}nothing/")
    yield "not-found"


def keep(file: str, picture: bytes) -> None:
    """Write a picture, small enough for a repository."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image = image.crop((0, 0, image.width, min(image.height, LONGEST)))
    if image.width > 640:
        image = image.resize((640, round(image.height * 640 / image.width)))
    image.save(PLACE / file, "WEBP", quality=QUALITY, method=6)


def gallery(taken: dict[str, list[str]]) -> str:
    """The page that shows them all."""
    parts = [OPENING]
    for name, files in taken.items():
        shown = " ".join(f"![{Path(file).stem}](screenshots/{file})" for file in files)
        parts.append(f"## {name.replace('-', ' ').capitalize()}\n\n{shown}\n")
    return "\n".join(parts)


if __name__ == "__main__":
    main()
