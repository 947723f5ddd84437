"""While the database is away: a calm page in the visitor's language, and when to come back."""

import json
import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings as of_the_run
from django.utils import translation

from tests.checkers.tools import Checkers
from tocsin.demo.ports import claim_port
from tocsin.pages.away import write_away
from tocsin.pages.errors import AWAY

LANGUAGES = [code for code, _name in of_the_run.LANGUAGES]
ASK = """
import json, logging, sys, django
django.setup()
logging.disable()
from django.test import Client
told = []
for method, path in json.loads(sys.argv[1]):
    form = {"data": "a=b", "content_type": "application/x-www-form-urlencoded"}
    answer = Client(raise_request_exception=False).generic(method, path, **form)
    told.append([answer.status_code, answer.headers.get("Retry-After"), answer.content.decode()])
print(json.dumps(told))
"""
"""Asks in a process of its own, whose database has never been there."""


def answers(*asked: tuple[str, str]) -> list[tuple[int, str | None, str]]:
    """Status, when to come back, and page, where a closed port is all there is of the database."""
    closed = f"postgresql://nobody@127.0.0.1:{claim_port(0, option='')}/tocsin"
    done = subprocess.run(
        [sys.executable, "-c", ASK, json.dumps(asked)],
        env={**os.environ, "DATABASE_URL": closed},
        capture_output=True,
        text=True,
        check=True,
    )
    return [(status, again, page) for status, again, page in json.loads(done.stdout)]


def words(language: str) -> tuple[str, str]:
    """What is said in that language."""
    with translation.override(language):
        return str(AWAY.title), str(AWAY.text)


def test_pages_say_when_to_come_back_in_every_language() -> None:
    asked = [("GET", f"/{language}/") for language in LANGUAGES]
    for language, (status, again, page) in zip(LANGUAGES, answers(*asked), strict=True):
        title, text = words(language)
        assert (status, again) == (503, "120"), language
        assert f'lang="{language}"' in page
        assert title in page
        assert text in page


def test_nothing_but_that_is_said_whatever_was_asked() -> None:
    asked = [
        ("GET", "/fr/families-without-news/"),
        ("GET", "/en/campaigns.atom"),
        ("POST", "/fr/letter/take/1/"),
        ("POST", "/fr/your-data/"),
    ]
    for status, again, page in answers(*asked):
        # What needs no database, as an address that cannot be one, is answered as ever.
        assert (status, again) in {(422, None), (503, "120")}
        assert "OperationalError" not in page
        assert "127.0.0.1" not in page


def test_the_file_for_the_proxy_says_it_in_all_languages(tmp_path: Path) -> None:
    page = write_away(tmp_path).read_text(encoding="utf-8")
    for language in LANGUAGES:
        assert all(said in page for said in words(language)), language
    assert 'dir="rtl"' in page
    assert "<script" not in page


def test_the_file_for_the_proxy_is_valid(checkers: Checkers, tmp_path: Path) -> None:
    write_away(tmp_path)
    assert checkers.vnu(tmp_path) == []
    assert checkers.html_validate(tmp_path) == []
