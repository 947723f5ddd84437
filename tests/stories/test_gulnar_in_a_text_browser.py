"""Gulnar takes part in a text browser: what matters is words, in an order that makes sense."""

import re
import subprocess
import uuid
from pathlib import Path
from urllib.parse import urlencode, urljoin

import html5lib
import pytest

from tests.eml import link_in
from tests.lynx import REMEDY, find_lynx
from tests.stories.conftest import Demo

HTML = "{http://www.w3.org/1999/xhtml}"


class Lynx:
    """The browser, and its setting for pages in any script."""

    def __init__(self, program: str, home: Path) -> None:
        self._program, self._home = program, home

    def read(self, url: str, fields: list[tuple[str, str]] | None = None) -> str:
        """What somebody reads at an address, or after they sent a form there."""
        words = [self._program, "-dump", "-width=100", "-assume_charset=utf-8"]
        words += ["-display_charset=utf-8", "-nolist"]
        return self._say(words, url, fields)

    def source(self, url: str, fields: list[tuple[str, str]] | None = None) -> str:
        """The page behind it."""
        return self._say([self._program, "-source"], url, fields)

    def _say(self, words: list[str], url: str, fields: list[tuple[str, str]] | None) -> str:
        typed = None if fields is None else f"{urlencode(fields)}\n---\n"
        if typed:
            words = [*words, "-post_data"]
        done = subprocess.run(
            [*words, url],
            input=typed,
            capture_output=True,
            text=True,
            check=False,  # a page that asks for something again is an error to it
            timeout=60,
            env={"HOME": str(self._home), "LANG": "C.UTF-8", "TERM": "dumb"},
        )
        return done.stdout


@pytest.fixture
def lynx(tmp_path: Path) -> Lynx:
    """The browser; without it the test is skipped, and says so."""
    program = find_lynx()
    if program is None:
        pytest.skip(REMEDY)
    return Lynx(program, tmp_path)


def form_of(source: str, url: str) -> tuple[str, dict[str, list[str]]]:
    """Where the form of the page's own button goes, and what its fields may send."""
    [form] = [
        each
        for each in html5lib.parse(source).iter(f"{HTML}form")
        if any(button.get("class") == "button" for button in each.iter(f"{HTML}button"))
    ]
    found: dict[str, list[str]] = {}
    for tag in ("input", "button"):
        for each in form.iter(HTML + tag):
            if name := each.get("name"):
                found.setdefault(name, []).append(each.get("value") or "")
    for each in form.iter(f"{HTML}textarea"):
        found[each.get("name") or ""] = ["".join(each.itertext())]
    return urljoin(url, form.get("action") or ""), found


def test_from_the_page_to_the_thanks_in_a_text_browser(lynx: Lynx, demo: Demo) -> None:
    email = f"gulnar.{uuid.uuid4().hex}@mail.example"
    read = lynx.read(demo.campaign_url_en)
    order = ["Families", "What we ask for", "Given names", "E-mail address", "Take part"]
    places = [read.find(words) for words in order]
    assert -1 not in places, dict(zip(order, places, strict=True))
    assert places == sorted(places)
    goal, fields = form_of(lynx.source(demo.campaign_url_en), demo.campaign_url_en)
    sent = [
        ("issued", fields["issued"][0]),
        ("way", "open"),
        ("given", "Gulnar"),
        ("family", "Abdi"),
        ("email", email),
        ("country", "FR"),
        ("own", ""),
        ("letter", fields["letter"][0]),
        *(("send", each) for each in fields["send"]),
        ("news", next(each for each in fields["news"] if each.endswith("no"))),
        ("step", "send"),
    ]
    answer = lynx.source(goal, sent)
    while 'name="issued"' in answer:  # who is faster than a person is asked once more
        _goal, fields = form_of(answer, goal)
        sent[0] = ("issued", fields["issued"][0])
        answer = lynx.source(goal, sent)
    assert email in answer
    link = link_in(demo.mail(email))
    assert "Gulnar Abdi" in lynx.read(link)
    goal, _fields = form_of(lynx.source(link), link)
    assert re.search(r"[Tt]hank", lynx.read(goal, [("button", "")]))


def test_uyghur_is_read_in_a_text_browser_in_its_own_letters(lynx: Lynx, demo: Demo) -> None:
    assert "شىنجاڭ" in lynx.read(f"{demo.site}/ug/")
