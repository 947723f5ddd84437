"""A demo that runs, and a browser to look at it with, for those who take its pictures."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import arguments, get_chromium
from tests.stories.conftest import Demo, start_demo, stop_demo


@contextmanager
def demo_in_browser() -> Iterator[tuple[Demo, Browser]]:
    """Both, for as long as it takes."""
    chromium = get_chromium()
    assert chromium, "there is no Chromium"
    with tempfile.TemporaryDirectory() as home:
        process, demo = start_demo(Path(home))
        try:
            with sync_playwright() as playwright:
                launch = playwright.chromium.launch
                yield demo, launch(executable_path=chromium, args=arguments())
        finally:
            stop_demo(process)


def enter_office(page: Page, demo: Demo) -> None:
    """Sign in with what the demo printed."""
    page.goto(demo.office_url)
    page.fill("[name=username]", demo.office_user)
    page.fill("[name=password]", demo.office_password)
    page.click("button[type=submit]")
    page.wait_for_url(demo.office_url)
