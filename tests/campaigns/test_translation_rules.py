"""What a translation may not lose, and not bring along."""

import time

import pytest

from tocsin.campaigns.translation_rules import Broken, broken, without_keys

LINKED = '<p>Read <a linktype="page" id="3">this</a>.</p>'


@pytest.mark.parametrize(
    ("original", "translation", "fault"),
    [
        ("Voices: {voices}", "Voix : {voices}", None),
        ("Voices: {voices}", "Voix", Broken.MERGED),
        ("Voices: {voices}", "Voix : {voix}", Broken.MERGED),
        ("Voices: {voices}", "Voix : {voices} {", Broken.MERGED),
        ("Dear [name]", "Cher [nom]", Broken.MERGED),
        ("Dear", "Cher [nom]", Broken.MERGED),
        ("Of [my country]", "De [Mon pays]", None),
        ("Of [my country]", "De [my country]", None),
        ("Of [my country]", "De [nom du destinataire]", Broken.MERGED),
        ("Three < five", "Trois < cinq", None),
        ("I love you", "Je t’aime <3", None),
        ("Plain", "<b>Plain</b>", Broken.TAG),
        ("Plain", "<script>alert(1)</script>", Broken.TAG),
        ("Plain", "<img src=x onerror=alert(1)>", Broken.TAG),
        ("Plain", "<!-- hidden -->", Broken.TAG),
    ],
)
def test_a_plain_text(original: str, translation: str, fault: Broken | None) -> None:
    assert broken(original, translation, is_markup=False) == fault


@pytest.mark.parametrize(
    ("translation", "fault"),
    [
        ('<p>Lisez <a linktype="page" id="3">ceci</a>.</p>', None),
        ('<p><a linktype="page" id="3">Ceci</a> !</p><p>Encore.</p>', None),
        ("<p>Lisez ceci.</p>", Broken.LINK),
        (LINKED + LINKED, Broken.LINK),
        ('<p>Lisez <a linktype="page" id="4">ceci</a>.</p>', Broken.TAG),
        ('<p>Lisez <a href="javascript:alert(1)">ceci</a>.</p>', Broken.TAG),
        ('<p onclick="x()">Lisez <a linktype="page" id="3">ceci</a>.</p>', Broken.TAG),
        (LINKED + "<script>alert(1)</script>", Broken.TAG),
        (LINKED + "<script src=//evil.example", Broken.OPEN),
        (LINKED + "<p>", Broken.OPEN),
        ('<p>Lisez <a linktype="page" id="3">ceci</p></a>', Broken.OPEN),
        (LINKED + "</p>", Broken.OPEN),
        (LINKED + " 3 < 5", Broken.OPEN),
        (LINKED + "&lt;script&gt;", None),
    ],
)
def test_a_text_with_tags(translation: str, fault: Broken | None) -> None:
    assert broken(LINKED, translation, is_markup=True) == fault


def test_a_long_text_of_signs_takes_no_time() -> None:
    began = time.monotonic()
    for signs in ("<\"<'", "<a '", '<a "x', "{[" * 2, "<" * 4):
        broken(LINKED, signs * 5000, is_markup=True)
    assert time.monotonic() - began < 2


def test_the_keys_of_the_editor_are_no_part_of_the_text() -> None:
    assert without_keys('<p data-block-key="a1b2">Text</p>') == "<p>Text</p>"
