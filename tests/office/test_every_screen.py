"""Every screen of the office, on a telephone and a desk: axe finds nothing, nothing is cut off."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import ConsoleMessage, Page, Request, ViewportSize

from tests.office.desk import chiara
from tests.office.every_screen import a_full_office, opened
from tests.pages.aside import Aside, browser_aside
from tests.pages.eyes import RULES, TOO_WIDE
from tests.pages.serving import served
from tests.stories.conftest import DESK, PHONE, need_chromium

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
OF_SIZE = {
    "runOnly": {"type": "rule", "values": ["target-size", "scrollable-region-focusable"]},
}
"""What may be another matter on a small screen; the rest is the same page."""

SIZES: tuple[tuple[ViewportSize, dict[str, Any]], ...] = (
    (DESK, RULES),
    ({"width": 320, "height": 740}, {}),
    (PHONE, OF_SIZE),
)

WAGTAILS_OWN = (
    # The fields of blocks have their names in the headings above them, and no labels.
    "[data-streamfield-child] textarea",
    ".public-DraftEditor-content",
)
"""What axe finds in Wagtail's own editor of pages, and we cannot mend."""

CUT_OFF = """() => {
    const scrolls = (each) => each && (/auto|scroll/.test(getComputedStyle(each).overflowX)
        || scrolls(each.parentElement));
    return [...document.querySelectorAll(".mail-desk *")]
        .filter((each) => each.checkVisibility() && !each.closest(".w-sr-only, svg"))
        .filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
        .filter((each) => !scrolls(each.parentElement))
        .slice(0, 1).map((each) => `cut off: ${each.outerHTML.slice(0, 90)}`);
}"""
"""What reaches beyond the screen, where nobody can scroll to it."""

SQUEEZED = """() => [...document.querySelectorAll(".mail-desk td, .mail-desk th")]
    .filter((each) => /[a-z]{4}/i.test(each.innerText) && each.clientWidth < 48)
    .slice(0, 1).map((each) => `squeezed: ${each.outerHTML.slice(0, 90)}`)"""
"""Cells of a table in which words stand letter below letter."""

WRONG = f"""async () => {{
    const found = () => [{", ".join(f"...({each})()" for each in (TOO_WIDE, CUT_OFF, SQUEEZED))}];
    for (let tries = 0; tries < 30 && found().length; tries++)
        await new Promise((done) => setTimeout(done, 50));
    return found();
}}"""
"""All of that, once the menu has made room: it takes a moment when a screen becomes small."""

PICTURES = os.environ.get("OFFICE_PICTURES")
"""A directory, for who wants to look at the screens: every one is put into it."""


@pytest.fixture(scope="module")
def aside() -> Iterator[Aside]:
    """The browser."""
    with browser_aside(need_chromium()) as found:
        yield found


class Walk:
    """One person who signed in once, and goes from screen to screen."""

    def __init__(self, page: Page, site: str, cookie: str) -> None:
        self.page, self.site, self.found = page, site, list[str]()
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": site}])
        page.set_extra_http_headers({"Accept-Language": "fr"})
        page.emulate_media(reduced_motion="reduce")
        page.on("console", self._listen)
        page.on("request", self._watch)
        self._axe = AXE.read_text(encoding="utf-8")

    def look_at(self, path: str) -> None:
        """On a desk with all rules, on a telephone with those that may find something else."""
        self.page.set_viewport_size(DESK)
        self.page.goto(f"{self.site}{path}", wait_until="load")
        self.page.evaluate(self._axe)
        for size, rules in SIZES:
            self.page.set_viewport_size(size)
            faults = self.page.evaluate(WRONG)
            faults += self._seen_by_axe(rules) if rules else []
            self.found += [f"{path} at {size['width']}: {each}" for each in faults]
            self._keep(path, size["width"])

    def _seen_by_axe(self, rules: dict[str, Any]) -> list[str]:
        context = {"include": [["body"]], "exclude": [[each] for each in WAGTAILS_OWN]}
        seen = self.page.evaluate(
            "([context, rules]) => axe.run(context, rules)",
            [context, {**rules, "resultTypes": ["violations"]}],
        )
        return [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in seen["violations"]]

    def _keep(self, path: str, width: int) -> None:
        if PICTURES:
            name = re.sub(r"[^a-z0-9]+", "-", path.removeprefix("/office/")).strip("-") or "home"
            self.page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)

    def _listen(self, said: ConsoleMessage) -> None:
        if said.type == "error":
            self.found.append(f"console: {said.text[:300]}")

    def _watch(self, asked: Request) -> None:
        if not asked.url.startswith((self.site, "data:", "blob:")):
            self.found.append(f"asked a stranger: {asked.url}")


def walk(page: Page, site: str, cookie: str, paths: list[str]) -> list[str]:
    """What is wrong with these screens."""
    one = Walk(page, site, cookie)
    for path in paths:
        one.look_at(path)
    return one.found


@pytest.mark.django_db
def test_every_screen_can_be_seen_and_heard(aside: Aside) -> None:
    client = chiara("fr")
    paths = [path for path, _source in opened(client, a_full_office())]
    with served() as site:
        found = aside.do(walk, site, client.cookies["sessionid"].value, paths)
    assert not found, "\n".join(found)
