"""Every public page: readable by everybody, watched by nobody."""

import gzip
import io
import uuid
from collections.abc import Iterator

import html5lib
import pytest

from tests.eml import link_in
from tests.stories.conftest import Demo, Visit
from tests.stories.typing import ask_for_data, fill, press, send_when_it_may, take_part

MOST_BYTES = 30 * 1024
"""Of a page with its style, as they travel."""


def walk(visit: Visit, demo: Demo, url: str) -> Iterator[str]:
    """Every public page in the language of `url`, one after the other; yields its name."""
    page = visit.page
    email = f"gulnar.{uuid.uuid4().hex}@mail.example"
    page.goto(url)
    yield "campaign"
    press(page, "yourself")
    yield "by yourself"
    page.select_option("#country", "CH")
    page.click("main form button")
    page.click("details.risk summary")
    yield "by yourself, with a letter to the embassy"
    page.goto(f"{page.url}written/")
    yield "thanks to who wrote by themselves"
    page.goto(url)
    press(page, "send")
    yield "errors"
    fill(page, given="Gulnar", family="Äbdi", email=email, country="CH", own="Ұлым қайда?")
    press(page, "preview")
    yield "preview"
    send_when_it_may(page)
    yield "check your mail"
    link = link_in(demo.mail(email))
    page.goto(link)
    yield "confirm"
    page.click("form button.button")
    yield "thanks"
    yield from walk_data(visit, demo, page.url.removeprefix(demo.site).split("/")[1], email)
    language = page.url.removeprefix(demo.site).split("/")[1]
    for name, path in {
        "home": "",
        "privacy": "privacy/",
        "erased": "letter/erased/",
        "a page that is not there": "nothing/",
        "a link that was cut": "letter/confirm/cut/",
        "a wrong method": "letter/take/1/",
    }.items():
        page.goto(f"{demo.site}/{language}/{path}")
        yield name


def walk_data(visit: Visit, demo: Demo, language: str, email: str) -> Iterator[str]:
    """The pages on which one sees and erases what is kept."""
    page = visit.page
    page.goto(f"{demo.site}/{language}/your-data/")
    yield "ask for your data"
    page.click("main form button")
    yield "ask for your data, without an address"
    ask_for_data(visit, demo, email=email, language=language)
    yield "the link is on its way"
    page.goto(link_in(demo.mail(email, 2)))
    yield "your data"
    page.click("a[href$='/erase/']")
    yield "erase everything?"
    page.click("main form button")
    yield "everything is erased"


@pytest.fixture(params=["fr", "en"])
def url(request: pytest.FixtureRequest, demo: Demo) -> str:
    """The campaign page in each language."""
    return demo.campaign_url if request.param == "fr" else demo.campaign_url_en


def test_no_page_keeps_or_asks_for_anything(phone: Visit, demo: Demo) -> None:
    for name in walk(phone, demo, demo.campaign_url):
        assert phone.kept() == ([], []), name
        assert phone.strangers(demo.site) == [], name


def test_the_campaign_page_is_valid_html(desk: Visit, demo: Demo, url: str) -> None:
    source = desk.context.request.get(url).body()
    html5lib.HTMLParser(strict=True).parse(io.BytesIO(source))


def test_a_page_is_light_enough_for_a_bad_line(desk: Visit, demo: Demo, url: str) -> None:
    desk.page.goto(url)
    asked = [desk.context.request.get(each).body() for each in dict.fromkeys(desk.asked)]
    assert len(asked) >= 2
    assert sum(len(gzip.compress(body)) for body in asked) <= MOST_BYTES


def test_the_headers_of_a_public_page_give_nothing_away(desk: Visit, demo: Demo, url: str) -> None:
    headers = desk.context.request.get(url).headers
    assert headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in headers
    take_part(desk, demo, email=f"{uuid.uuid4().hex}@mail.example")
    secret = desk.context.request.get(desk.page.url).headers
    assert "no-store" in secret["cache-control"]
    assert "set-cookie" not in secret
