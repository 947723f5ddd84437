"""Every public page: readable by everybody, watched by nobody."""

import io
import uuid
from collections.abc import Iterator

import html5lib
import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.mail import link_in
from tests.stories.conftest import Demo, Visit
from tests.stories.typing import fill, press, send_when_it_may, take_part

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def walk(visit: Visit, demo: Demo, url: str) -> Iterator[str]:
    """Every public page in the language of `url`, one after the other; yields its name."""
    page = visit.page
    email = f"gulnar.{uuid.uuid4().hex}@mail.example"
    page.goto(url)
    yield "campaign"
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


@pytest.fixture(params=["fr", "en"])
def url(request: pytest.FixtureRequest, demo: Demo) -> str:
    """The campaign page in each language."""
    return demo.campaign_url if request.param == "fr" else demo.campaign_url_en


def test_no_page_keeps_or_asks_for_anything(phone: Visit, demo: Demo, url: str) -> None:
    for name in walk(phone, demo, url):
        assert phone.kept() == ([], []), name
        assert phone.strangers(demo.site) == [], name


def test_axe_finds_nothing_on_a_phone(phone: Visit, demo: Demo, url: str) -> None:
    if phone.page.evaluate("true") is None:
        pytest.skip("axe is a script")
    for name in walk(phone, demo, url):
        found = Axe().run(phone.page, options=RULES).response["violations"]
        assert [(each["id"], [n["html"] for n in each["nodes"]]) for each in found] == [], name


def test_axe_finds_nothing_on_a_wide_screen_in_the_dark(desk: Visit, demo: Demo, url: str) -> None:
    desk.page.emulate_media(color_scheme="dark")
    for name in walk(desk, demo, url):
        found = Axe().run(desk.page, options=RULES).response["violations"]
        assert [(each["id"], [n["html"] for n in each["nodes"]]) for each in found] == [], name


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_no_page_scrolls_sideways(desk: Visit, demo: Demo, width: int) -> None:
    desk.page.set_viewport_size({"width": width, "height": 740})
    for name in walk(desk, demo, demo.campaign_url):
        wide = desk.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, name


def test_every_page_is_valid_html_in_its_language(desk: Visit, demo: Demo, url: str) -> None:
    desk.page.goto(url)
    language = desk.page.locator("html").get_attribute("lang")
    for name in walk(desk, demo, url):
        assert desk.page.locator("html").get_attribute("lang") == language, name
    source = desk.context.request.get(url).body()
    parser = html5lib.HTMLParser(strict=True)
    parser.parse(io.BytesIO(source))


def test_a_page_is_light_enough_for_a_bad_line(desk: Visit, demo: Demo, url: str) -> None:
    import gzip

    sizes = []
    desk.page.on("response", lambda r: sizes.append(len(gzip.compress(r.body()))))
    desk.page.goto(url, wait_until="networkidle")
    assert sum(sizes) <= 30 * 1024


def test_the_headers_of_a_public_page_give_nothing_away(desk: Visit, demo: Demo, url: str) -> None:
    headers = desk.context.request.get(url).headers
    assert headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in headers
    take_part(desk, demo, email=f"{uuid.uuid4().hex}@mail.example")
    answer = desk.page.goto(desk.page.url)
    assert answer is not None
    assert "no-store" in answer.headers["cache-control"]
