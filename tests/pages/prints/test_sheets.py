"""Pictures and posters: every language is drawn whole, joined, light, and from the right side."""

import io
import re
import zlib
from collections.abc import Iterator
from itertools import pairwise

import pytest
from PIL import Image
from pypdfium2 import PdfDocument
from zxingcpp import read_barcode

from tests.pages.prints.covers import ADDRESS, LANGUAGES, a_cover
from tocsin.pages.prints import codes
from tocsin.pages.prints.lettering import clean
from tocsin.pages.prints.picture import picture_of, sheet_of
from tocsin.pages.prints.poster import poster_of
from tocsin.pages.prints.sheet import Sheet

KB = 1024
HOSTILE = "</script><script>alert(1)</script> & \u202egnp.exe\u202c 😢 \x00 ئ ي"
SPAN = re.compile(rb"/Span <</ActualText <([0-9A-Fa-f]+)>>> BDC")

every_language = pytest.mark.parametrize("language", LANGUAGES)


def opened(picture: bytes) -> Image.Image:
    return Image.open(io.BytesIO(picture))


def streams(pdf: bytes) -> Iterator[bytes]:
    """What a PDF is made of, unpacked."""
    for found in re.findall(rb"stream\r?\n(.*?)endstream", pdf, flags=re.DOTALL):
        try:
            yield zlib.decompress(found)
        except zlib.error:
            yield found


def lines_of(pdf: bytes) -> list[str]:
    """What is read aloud, in the order of its letters: the replacement text of each line."""
    found = [each for stream in streams(pdf) for each in SPAN.findall(stream)]
    return [bytes.fromhex(each.decode()).decode("utf-16").strip() for each in found]


def bare(text: str) -> str:
    return "".join(text.split())


def drawn_area(picture: bytes) -> tuple[int, int, int, int]:
    """The box of all that is as dark as letters, in the upper middle of the picture."""
    grey = opened(picture).convert("L").crop((20, 110, 1180, 510))
    box = grey.point(lambda value: 255 if value < 60 else 0).getbbox()
    assert box is not None
    return box


@every_language
def test_a_picture_is_as_large_as_it_says_and_light(language: str) -> None:
    drawn = picture_of(a_cover(language))
    assert opened(drawn).size == (1200, 630)
    assert opened(drawn).format == "PNG"
    assert len(drawn) <= 60 * KB
    left, _above, right, _below = drawn_area(drawn)
    assert right - left > 200
    assert (left < 100) == (language != "ug")  # where lines begin
    assert (right > 1080) == (language == "ug")


@every_language
def test_no_letter_is_missing_in_picture_or_poster(language: str) -> None:
    cover = a_cover(language)
    for sheet in (sheet_of(cover), poster_of(cover)):
        read = bare("".join(lines_of(sheet)))
        for text in (cover.title, cover.organisation, cover.address):
            assert bare(clean(text)) in read, text
    assert bare(clean(cover.demand)) in read
    assert bare(clean(cover.call)) in read


@every_language
def test_a_poster_says_its_language_and_its_title_and_weighs_little(language: str) -> None:
    cover = a_cover(language)
    poster = poster_of(cover)
    assert len(poster) <= 60 * KB
    assert f"/Lang ({language})".encode() in poster
    found = PdfDocument(poster)
    assert len(found) == 1
    assert found[0].get_size() == pytest.approx((595.28, 841.89), abs=0.1)
    assert found.get_metadata_value("Title") == cover.title
    if language != "ug":  # readers turn round what is joined and right to left
        assert bare(cover.title) in bare(found[0].get_textpage().get_text_range())


@every_language
def test_the_code_on_a_poster_is_read_again(language: str) -> None:
    cover = a_cover(language)
    page = PdfDocument(poster_of(cover))[0].render(scale=1).to_pil()
    found = read_barcode(page)
    assert found is not None
    assert found.text == cover.code == f"https://{ADDRESS}/?s=poster"


def test_uyghur_letters_are_joined_as_they_are_written() -> None:
    sheet = Sheet(width=100, height=100, language="ug", direction="rtl", title="")
    measure = sheet.measure("naskh")
    word = "ئائىلىلەر"
    apart = sum(measure(letter) for letter in word)
    assert measure(word) < 0.75 * apart
    assert measure("\u200c".join(word)) == pytest.approx(apart, rel=0.02)
    assert sheet.finished()


def test_uyghur_runs_from_right_to_left_with_latin_words_as_they_are() -> None:
    """What stands first in the line stands furthest to the right."""
    places = {}
    for title in ("ئى", "ئى WWWW"):
        picture = picture_of(a_cover("ug", title=title, headings="sans"))
        places[title] = drawn_area(picture)
    short, long = places.values()
    assert short[2] == pytest.approx(long[2], abs=2)
    assert long[0] < short[0] - 150


@pytest.mark.parametrize("language", ["fr", "ug", "zh-hans"])
@pytest.mark.parametrize(
    "title",
    [
        HOSTILE,
        "x" * 10_000,
        "ئۇيغۇر " * 2_000,
        "家" * 10_000,
        "a\u0301\u0323" * 5_000,
        "😢" * 10_000,
        "ກ" * 100,
        "",
        " \n\u2028",
    ],
    ids=range(9),
)
def test_no_title_breaks_a_picture_or_a_poster(language: str, title: str) -> None:
    cover = a_cover(language, title=title, demand=title, call=title[:40], organisation=title[:120])
    assert opened(picture_of(cover)).size == (1200, 630)
    assert len(picture_of(cover)) <= 80 * KB
    poster = poster_of(cover)
    assert len(poster) <= 300 * KB
    assert len(PdfDocument(poster)) == 1
    assert "\u202e" not in "".join(lines_of(poster))


def test_a_long_title_shrinks_and_then_is_cut() -> None:
    words = "Where are they whom nobody has seen since that day in spring "
    sizes = []
    for number in (1, 2, 3, 40):
        cover = a_cover("en", title=words * number)
        lines = lines_of(sheet_of(cover))[1:-1]
        sizes.append(len(lines))
        assert (lines[-1][-1] == "…") == (number == 40)
    assert sizes == sorted(sizes)
    assert sizes[-1] <= 8


def test_what_no_font_can_draw_leaves_its_place_empty() -> None:
    drawn = lines_of(sheet_of(a_cover("en", title="ພວກເຂົາຢູ່ໃສ")))
    assert drawn == ["The Letter Table", ADDRESS]


def test_a_picture_has_the_colour_and_the_letters_of_its_organisation() -> None:
    blue = picture_of(a_cover(accent="#0b4f9e"))
    red, green, below = opened(blue).convert("RGB").crop((5, 300, 6, 301)).tobytes()
    assert (red, green, below) == pytest.approx((0x0B, 0x4F, 0x9E), abs=4)
    assert picture_of(a_cover(headings="sans")) != picture_of(a_cover())


def test_the_same_words_are_the_same_files_and_others_have_another_version() -> None:
    first, second = a_cover(), a_cover()
    assert first.version == second.version
    assert sheet_of(first) == sheet_of(second)
    assert picture_of(first) is picture_of(second)  # drawn once
    others = [a_cover(title="x"), a_cover(accent="#000000"), a_cover("en"), a_cover(call="x")]
    assert len({first.version, *(each.version for each in others)}) == 5


def test_codes_are_read_again_as_drawing_and_as_picture() -> None:
    address = f"https://{ADDRESS}/?s=qr"
    found = read_barcode(opened(codes.as_png(address)).convert("L"))
    assert found is not None
    assert found.text == address
    svg = codes.as_svg(address)
    assert svg.startswith(b"<svg")
    assert b"style" not in svg
    assert b"<script" not in svg
    rows = codes.rows_of(address)
    assert not any(map(any, rows[: codes.BORDER]))
    assert all(len(one) == len(other) == len(rows) for one, other in pairwise(rows))
