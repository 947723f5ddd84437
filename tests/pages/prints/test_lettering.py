"""A text is drawn by a font that has all of it, or not at all: never as a row of boxes."""

import pytest
from django.conf import settings

from tests.names import REAL_NAMES
from tests.pages.prints.covers import LANGUAGES, a_cover
from tocsin.kit.countries import ALPHABETS
from tocsin.pages.prints.lettering import MOST_SIGNS, clean, cut, letter, signs_of

FONT = {"ug": "naskh", "zh-hans": "chinese"}
"""Where the letters of a language are not in the font of the headings."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_of_the_site_is_drawn_whole(language: str) -> None:
    cover = a_cover(language)
    for text in (cover.title, cover.demand, cover.call, dict(settings.LANGUAGES)[language]):
        drawn = letter(text, wish="serif")
        assert drawn is not None, text
        assert drawn.font == FONT.get(language, "serif")
        assert drawn.text == clean(text)
        assert {ord(sign) for sign in drawn.text} <= signs_of(drawn.font)


@pytest.mark.parametrize("language", ["ug", "kk"])
def test_all_letters_of_an_alphabet_are_there(language: str) -> None:
    letters = ALPHABETS[language]
    drawn = letter(letters + ("" if language == "ug" else letters.upper()))
    assert drawn is not None
    assert drawn.font == FONT.get(language, "sans")


def test_the_chinese_characters_of_everyday_are_there() -> None:
    # GB 2312 has 6763, of which the packaged font lacks 33 of the rarest.
    assert sum(0x4E00 <= sign <= 0x9FFF for sign in signs_of("chinese")) == 6730


def test_a_name_from_elsewhere_is_drawn_whole_or_not_at_all() -> None:
    texts = [f"{given} {family}".strip() for _language, given, family in REAL_NAMES]
    found = [letter(text) for text in texts]
    for text, drawn in zip(texts, found, strict=True):
        bare = clean(text).replace("\u200c", "").replace("\u200d", "")
        assert drawn is None or drawn.text.replace("\u200c", "").replace("\u200d", "") == bare
    assert sum(drawn is not None for drawn in found) > len(found) / 2
    assert letter("ການທົດສອບ") is None


def test_words_of_two_scripts_that_no_font_has_are_left_out() -> None:
    assert letter("家庭 ئۇيغۇر") is None
    mixed = letter("ئۇيغۇر (Ouïghours) 2026")
    assert mixed is not None
    assert mixed.font == "naskh"


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("Où sont-ils\u202f?", "Où sont-ils\u00a0?"),
        ("  a \n\t b\u2028c\u3000d ", "a b c d"),
        ("Where 😢 are they? ❤️ 1️⃣", "Where are they? 1"),
        ("👩‍👧‍👦 Families", "Families"),
        ("abc \u202egnp.exe\u202c \u2066x\u2069", "abc gnp.exe x"),
        ("a\x00b\x1b[31mc\x7f\ufeff", "ab[31mc"),
        ("e\u0301le\u0300ve", "élève"),
        ("<script>alert(1)</script>&amp;", "<script>alert(1)</script>&amp;"),
        ("\ud800broken\udfff", "broken"),
    ],
)
def test_what_draws_nothing_and_what_is_an_ornament_is_left_out(typed: str, drawn: str) -> None:
    found = letter(typed)
    assert found is not None
    assert found.text == drawn


@pytest.mark.parametrize("typed", ["", " ", "\u200d", "😢😢😢", "…", "?!", "\u202e"])
def test_where_nothing_is_said_nothing_is_drawn(typed: str) -> None:
    assert letter(typed) is None


def test_a_text_without_end_is_cut_and_says_so() -> None:
    for text in ("x" * 10_000, "ئۇ " * 10_000, "e\u0301" * 10_000, "家" * 10_000):
        found = letter(text)
        assert found is not None
        assert len(found.text) <= MOST_SIGNS
        assert found.text.endswith("…")


def test_no_letter_loses_its_marks_where_it_is_cut() -> None:
    text = "a" * (MOST_SIGNS - 3) + "ئ\u064e\u064b" + "b" * 10
    assert cut(text) == "a" * (MOST_SIGNS - 3) + "…"
