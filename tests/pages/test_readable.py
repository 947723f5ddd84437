"""Every page is light, and there for everybody: on a small screen, by keyboard, in the dark."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.pages.aside import Aside
from tests.pages.asking import Ask
from tests.pages.eyes import NAMES, RULES, faults, faults_in_other_colours
from tests.pages.walking import LANGUAGES, every_page
from tests.pages.weights import Line, open_weighed

WHOLE = ("en", "fr", "ug")
"""By all rules: the two in which the example is written, and one from right to left. The others: by
those about words; how wide and how high everything is differs in each."""
COLOURED = "en"
"""Colours are the same in every language: one is looked at in all of them."""


def look(page: Page, site: str, ask: Ask, *, language: str) -> tuple[Line, list[str]]:
    """What came over the line for a page, and what is wrong with it."""
    line = open_weighed(page, site, ask)
    found = faults(page, rules=RULES if language in WHOLE else NAMES)
    spoken = page.locator("html").get_attribute("lang")
    found += [] if spoken == language else [f"it says that it is in {spoken}"]
    return line, found + (faults_in_other_colours(page) if language == COLOURED else [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_light_and_everybody_can_read_and_use_it(
    site: str, aside: Aside, language: str
) -> None:
    """Both at one visit: to open each page in each language takes minutes."""
    found: dict[str, list[str]] = {}
    heavy: dict[str, dict[str, int]] = {}
    for name, ask, status in every_page(language):
        line, wrongs = aside.do(look, site, ask, language=language)
        assert line.statuses[0] == status, name
        assert set(line.statuses[1:]) == {200}, name
        assert line.hosts == {urlsplit(site).netloc}, name
        if excess := line.excess():
            heavy[name] = excess
        for wrong in wrongs:
            found.setdefault(wrong, []).append(name)
    assert heavy == {}
    assert found == {}
