"""What a page weighs on the line, in a real browser: every page, every state, every language."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from django.conf import settings as of_the_run
from django.db import transaction
from playwright.sync_api import Page, Request, Route

from tests.pages.aside import Aside, browser_aside
from tests.pages.asking import Ask
from tests.pages.every_page import PAGES, in_language
from tests.pages.filling import FORM
from tests.pages.serving import served
from tests.readers.cast import let_read
from tests.stories.conftest import need_chromium
from tocsin.demo.sample import load_example
from tocsin.pages.models import CampaignPage

KB = 1024
BUDGETS = {
    "HTML and CSS": 30 * KB,
    "JavaScript": 10 * KB,
    "fonts": 40 * KB,
    "images": 80 * KB,
    "the icon of the tab": 1 * KB,
    "anything else": 0,
    "requests": 10,
}
"""What may come over the line for one page, compressed, without headers."""

KINDS = {
    "document": "HTML and CSS",
    "stylesheet": "HTML and CSS",
    "script": "JavaScript",
    "font": "fonts",
    "image": "images",
}
ICON = re.compile(r"/bell\.\w+\.svg$")
"""Chromium calls it neither an image nor anything else."""


@dataclass
class Line:
    """What came over the line for one page."""

    asked: list[Request] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    weights: Counter[str] = field(default_factory=Counter)

    def hear(self, request: Request) -> None:
        """The browser asks for something."""
        self.asked.append(request)

    def weigh(self) -> None:
        """Once all has come: how much it was."""
        for request in self.asked:
            answer = request.response()
            assert answer, request.url
            self.statuses.append(answer.status)
            self.weights["requests"] += 1
            self.weights[kind_of(request)] += request.sizes()["responseBodySize"]

    @property
    def hosts(self) -> set[str]:
        """Who was asked."""
        return {urlsplit(request.url).netloc for request in self.asked}

    def excess(self) -> dict[str, int]:
        """What is more than may be."""
        return {what: much for what, much in self.weights.items() if much > BUDGETS[what]}


def kind_of(request: Request) -> str:
    """Under which budget it falls."""
    if ICON.search(request.url):
        return "the icon of the tab"
    return KINDS.get(request.resource_type, "anything else")


def look(page: Page, site: str, ask: Ask) -> Line:
    """Let a browser without history ask for a page and all that belongs to it."""
    line = Line()
    page.context.on("request", line.hear)
    if ask.body is not None:
        page.route(f"{site}{ask.path}", lambda route: send_form(route, ask), times=1)
    page.goto(f"{site}{ask.path}", wait_until="load")
    line.weigh()
    return line


def send_form(route: Route, ask: Ask) -> None:
    """Send the form in place of the plain request."""
    headers = {**route.request.headers, "content-type": FORM}
    route.continue_(method="POST", post_data=ask.body, headers=headers)


@pytest.fixture
def site(db: None, static: None) -> Iterator[str]:
    """The example campaign, served."""
    let_read(load_example().organisation.slug)
    with served() as address:
        yield address


@pytest.fixture(scope="module")
def aside() -> Iterator[Aside]:
    """One browser for all that is looked at here."""
    with browser_aside(need_chromium()) as found:
        yield found


@pytest.mark.parametrize("language", [code for code, _name in of_the_run.LANGUAGES])
def test_no_page_weighs_more_than_a_bad_line_can_bear(
    site: str, aside: Aside, language: str
) -> None:
    pages = CampaignPage.objects.filter(locale__language_code=language)
    page = pages.first() or in_language(
        CampaignPage.objects.get(locale__language_code="en"), language
    )
    found = {}
    for show, status in PAGES:
        with transaction.atomic():
            line = aside.do(look, site, show(page))
            transaction.set_rollback(True)
        assert line.statuses[0] == status, show.__name__
        assert set(line.statuses[1:]) == {200}, show.__name__
        assert line.hosts == {urlsplit(site).netloc}, show.__name__
        found[show.__name__] = line
    assert {name: line.excess() for name, line in found.items() if line.excess()} == {}
