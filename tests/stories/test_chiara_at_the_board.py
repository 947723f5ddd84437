"""Chiara looks at the board: on a telephone, in the dark, on paper, and while it changes."""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.pages.eyes import RULES, WIDTHS
from tests.stories.conftest import Demo, Visit
from tests.stories.test_chiara_looks_after_it import enter

ADD = """
    INSERT INTO tocsin_daycount (campaign_id, by, day, name, number)
    SELECT campaign.id, known.by, current_date - ago, known.name,
        1 + (ago * 7 + weight) % 30 * weight
    FROM tocsin_campaign AS campaign CROSS JOIN generate_series(400, 430) AS ago
    CROSS JOIN (VALUES ('country', 'FR', 9), ('country', 'KZ', 4), ('country', 'DE', 1),
        ('language', 'fr', 9), ('language', 'ug', 5), ('way', 'open', 9), ('way', 'lent', 5),
        ('variant', '1', 8)) AS known (by, name, weight)
"""
TAKE = "DELETE FROM tocsin_daycount WHERE day < current_date - 399"
PAGES = ("board/", "board/?span=all", "exports/", "actions/", "letters/")


@pytest.fixture
def counted(demo: Demo) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """Some weeks, long ago, in which many came."""
    with psycopg.connect(demo.database_url, autocommit=True) as database:
        database.execute(ADD)
        yield database
        database.execute(TAKE)


def campaign_page(desk: Visit, demo: Demo) -> str:
    """The board of the first campaign, found by its link."""
    desk.page.goto(f"{demo.office_url}board/")
    return str(desk.page.locator(".board tbody a").first.get_attribute("href")).split("?")[0]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_board_is_there_for_everybody(
    desk: Visit, demo: Demo, counted: object, language: str
) -> None:
    desk.context.set_extra_http_headers({"Accept-Language": language})
    enter(desk, demo)
    own = campaign_page(desk, demo)
    found: list[str] = []
    for url in (*(f"{demo.office_url}{page}" for page in PAGES), f"{demo.site}{own}paper/"):
        desk.page.goto(url)
        for width in WIDTHS:
            desk.page.set_viewport_size({"width": width, "height": 740})
            wide = desk.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            found += [f"{url}: {wide} too wide at {width}"] if wide > 0 else []
        for scheme in ("dark",):  # by day it is looked at with every screen of the office
            desk.page.emulate_media(color_scheme=scheme)
            seen = Axe().run(desk.page, context=".mail-desk, .mail-filter", options=RULES)
            found += [
                f"{url} {scheme}: {each['id']} {each['nodes'][0]['html'][:200]}"
                for each in seen.response["violations"]
            ]
            keep(desk, url, language, scheme)
        desk.page.emulate_media(color_scheme="light")
    assert found == []
    assert desk.strangers(demo.site) == []


def keep(desk: Visit, url: str, language: str, scheme: str) -> None:
    place = os.environ.get("BOARD_PICTURES")
    if place:
        name = url.split("/office/")[1].replace("/", "-").replace("?", "-")
        file = Path(place) / f"{name}{language}-{scheme}.png"
        desk.page.locator(".mail-desk, #listing-results").first.screenshot(path=file)


def test_it_changes_while_it_is_open_and_a_table_stays_open(
    desk: Visit, demo: Demo, counted: psycopg.Connection[tuple[object, ...]]
) -> None:
    desk.context.set_extra_http_headers({"Accept-Language": "en"})
    enter(desk, demo)
    desk.page.clock.install()
    desk.page.goto(f"{demo.office_url}board/?span=all")
    chart = desk.page.locator("#country-table")
    chart.locator("summary").click()
    before = chart.locator("td").first.inner_text()
    desk.page.evaluate("document.activeElement.blur()")
    counted.execute("UPDATE tocsin_daycount SET number = number + 100000 WHERE name = 'FR'")
    desk.page.clock.fast_forward(21_000)
    expect(chart.locator("td").first).not_to_have_text(before)
    expect(chart).to_have_attribute("open", "")


def test_on_paper_every_table_is_open_and_the_menu_is_gone(
    desk: Visit, demo: Demo, counted: object
) -> None:
    enter(desk, demo)
    desk.page.goto(f"{demo.office_url}board/?span=all")
    desk.page.emulate_media(media="print")
    assert desk.page.locator("#country-table table").is_visible()
    assert not desk.page.locator(".board .mail-places").is_visible()
    assert not desk.page.locator("[data-wagtail-sidebar], .sidebar").first.is_visible()
    keep(desk, "/office/print", "", "light")
