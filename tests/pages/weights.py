"""What a page weighs on the line, in a real browser, and what it may weigh."""

import re
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Page, Request

from tests.pages.asking import Ask
from tests.pages.walking import open_page

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


def open_weighed(page: Page, site: str, ask: Ask) -> Line:
    """Let a browser without history ask for a page and all that belongs to it."""
    line = Line()
    page.context.on("request", line.hear)
    open_page(page, site, ask)
    page.context.remove_listener("request", line.hear)
    line.weigh()
    return line
