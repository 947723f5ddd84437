"""Take every public page in every state, in three languages, for docs: `make screenshots`."""

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, ViewportSize

from tests.pages.aside import Aside
from tests.pages.asking import Ask
from tests.pages.every_page import PAGES
from tests.pages.walking import every_page, open_page

DOCS = Path(__file__).parent.parent.parent / "docs"
PLACE = DOCS / "screenshots"
LANGUAGES = ("fr", "en", "ug")
SIZES: dict[str, ViewportSize] = {
    "360": {"width": 360, "height": 740},
    "1280": {"width": 1280, "height": 900},
}
DARK = ("the_campaign", "errors")
LONGEST, LONG = 1400, 3600
"""Pixels: what comes below is cut off, later where the whole page is new to the reader."""
QUALITY = 25
OPENING = """# Every public page, as it looks

In every state, in French, English and Uyghur, on a telephone (360 pixels) and on a wide screen
(1280); some in the dark. Taken anew by `make screenshots`, of the example campaign.
"""


def test_take_the_pictures(site: str, aside: Aside) -> None:
    for old in PLACE.glob("*.webp"):
        old.unlink()
    taken: dict[str, list[str]] = {}
    for language in LANGUAGES:
        for name, ask, _status in every_page(language):
            dark = name in DARK and language != "fr"
            pictures = aside.do(
                look, site, ask, longest=LONG if name in DARK else LONGEST, dark=dark
            )
            for kind, picture in pictures.items():
                file = f"{name.replace('_', '-')}-{language}-{kind}.webp"
                (PLACE / file).write_bytes(picture)
                taken.setdefault(name, []).append(file)
    (DOCS / "screenshots.md").write_text(gallery(taken), encoding="utf-8")
    assert len(taken) == len(PAGES)


def look(page: Page, site: str, ask: Ask, *, longest: int, dark: bool) -> dict[str, bytes]:
    """The pictures of a page, each small enough for a repository."""
    page.emulate_media(reduced_motion="reduce")
    open_page(page, site, ask)
    found = {}
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)
        for scheme in ("", "-dark") if dark else ("",):
            page.emulate_media(color_scheme="dark" if scheme else "light")
            found[f"{size}{scheme}"] = small(page.screenshot(full_page=True), longest)
    return found


def small(picture: bytes, longest: int) -> bytes:
    """The picture, cut and compressed."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image = image.crop((0, 0, image.width, min(image.height, longest)))
    if image.width > 640:
        image = image.resize((640, round(image.height * 640 / image.width)))
    kept = io.BytesIO()
    image.save(kept, "WEBP", quality=QUALITY, method=6)
    return kept.getvalue()


def gallery(taken: dict[str, list[str]]) -> str:
    """The page that shows them all, each with what the list of pages says of it."""
    words = {show.__name__: (show.__doc__ or "").strip() for show, _status in PAGES}
    parts = [OPENING]
    for name, files in taken.items():
        shown = " ".join(f"![{Path(file).stem}](screenshots/{file})" for file in files)
        parts.append(f"## {name.replace('_', ' ').capitalize()}\n\n{words[name]}\n\n{shown}\n")
    return "\n".join(parts)
