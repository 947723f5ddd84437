"""What a browser has to say about a page, in the place where developers look: nothing."""

import pytest
from playwright.sync_api import Page

from tests.pages.aside import Aside


def said_of(page: Page, address: str) -> list[str]:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address, wait_until="networkidle")
    return said


@pytest.mark.parametrize("path", ["/fr/", "/fr/sans-nouvelles/", "/fr/sans-nouvelles/yourself/"])
def test_no_page_gives_a_browser_cause_to_complain(site: str, aside: Aside, path: str) -> None:
    assert aside.do(said_of, site + path) == []
