"""The guide for editors: whole in both languages, of this office, and inside of it."""

import re

import pytest
from PIL import Image

from tests.catalogues import strings, wagtails, wanted, written
from tests.editors_guide import LANGUAGES, PICTURE, PLACE, STATIC, laid_out, lines_of, source
from tests.office.desk import a_clerk, chiara

HEAVIEST = 60_000
"""Bytes of a picture."""

every_language = pytest.mark.parametrize("language", LANGUAGES)


def on_the_screen(language: str) -> set[str]:
    """All that the office may say in a language, its capitals set aside."""
    if language == "en":
        return {each.lower() for each in {*wanted("fr"), *wagtails()}}
    ours = {text.lower() for each in written(language).values() for text in strings(each)}
    return ours | {text.lower() for text in wagtails(language)}


def test_both_are_built_alike() -> None:
    en, fr = ([kind for kind, _line in lines_of(source(language))] for language in LANGUAGES)
    assert en == fr
    assert en.count("heading") > 15


@every_language
def test_every_button_that_it_names_is_there(language: str) -> None:
    named = set(re.findall(r"\*\*(.+?)\*\*", source(language)))
    assert len(named) > 40
    assert {each for each in named if each.lower() not in on_the_screen(language)} == set()


@every_language
def test_every_picture_is_there_in_its_language_and_light(language: str) -> None:
    found = PICTURE.findall(source(language))
    assert len(found) > 5
    for said, name in found:
        assert len(said) > 4
        assert name.endswith(f".{language}.webp")
        assert (STATIC / name).stat().st_size < HEAVIEST
        with Image.open(STATIC / name) as picture:
            assert picture.width > 900


@every_language
def test_the_office_shows_it_as_it_is_written(language: str) -> None:
    assert (PLACE / f"{language}.html").read_text() == laid_out(source(language)), "make guide"


@every_language
@pytest.mark.django_db
def test_whoever_may_enter_can_read_it(language: str) -> None:
    answer = a_clerk().get("/office/help/", headers={"accept-language": language})
    titles = [line[3:] for kind, line in lines_of(source(language)) if kind == "heading"]
    text = answer.content.decode()
    assert all(f">{title}</h2>" in text for title in titles)
    assert "**" not in text


@pytest.mark.django_db
def test_the_help_of_the_office_leads_there_and_not_to_strangers() -> None:
    page = chiara().get("/office/").content.decode()
    assert "/office/help/" in page
    assert "guide.wagtail.org" not in page
