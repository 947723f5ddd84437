"""Every page is there for everybody: on a small screen, enlarged, by keyboard, in the dark."""

import pytest
from playwright.sync_api import Page

from tests.pages.aside import Aside
from tests.pages.asking import Ask
from tests.pages.eyes import faults, faults_in_other_colours
from tests.pages.walking import LANGUAGES, every_page, open_page

COLOURED = "en"
"""Colours are the same in every language: one is looked at in all of them."""


def look(page: Page, site: str, ask: Ask, *, colours: bool) -> list[str]:
    """What is wrong with a page."""
    open_page(page, site, ask)
    return faults(page) + (faults_in_other_colours(page) if colours else [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_everybody_can_read_and_use_every_page(site: str, aside: Aside, language: str) -> None:
    found: dict[str, list[str]] = {}
    for name, ask, _status in every_page(language):
        for wrong in aside.do(look, site, ask, colours=language == COLOURED):
            found.setdefault(wrong, []).append(name)
    assert found == {}
