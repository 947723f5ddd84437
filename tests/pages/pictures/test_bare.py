"""What is left of a file that a camera made: pixels, and nothing that tells of anybody."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from tests.pages.pictures.photographs import restless
from tocsin.pages.pictures.bare import LONGEST_SIDE, MOST_PIXELS, NoPicture, Why, bare

SECRET = b"Kashgar 39.47"
"""What the camera wrote in every place that it knows."""


def exif() -> Image.Exif:
    """Where, when, by whom, and that the camera was held sideways."""
    found = Image.Exif()
    found[0x010E] = SECRET.decode()
    found[0x0112] = 6
    found.get_ifd(0x8825)[29] = SECRET.decode()
    return found


def profile() -> bytes:
    """A profile of colours that has a name in it."""
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return made.replace(b"sRGB built-in"[:4], b"sRGB") + SECRET


def photograph(kind: str, *, mode: str = "RGB") -> bytes:
    """A picture of that kind, red at the left, with everything that may hang on to it."""
    image = Image.new(mode, (60, 40), "white")
    image.paste("red", (0, 0, 30, 40))
    file = BytesIO()
    more: dict[str, object] = {"exif": exif(), "icc_profile": profile(), "xmp": SECRET}
    if kind == "JPEG":
        more["comment"] = SECRET
    if kind == "PNG":
        texts = PngImagePlugin.PngInfo()
        texts.add_text("Author", SECRET.decode())
        texts.add_itxt("XML:com.adobe.xmp", SECRET.decode())
        more["pnginfo"] = texts
    image.save(file, kind, **more)
    return file.getvalue() + b"\0" * 8 + SECRET


@pytest.mark.parametrize(
    ("kind", "ending"), [("JPEG", "jpg"), ("JPEG", "JPEG"), ("PNG", "png"), ("WEBP", "webp")]
)
def test_nothing_is_left_of_who_took_it_and_where(kind: str, ending: str) -> None:
    taken = photograph(kind)
    assert taken.count(SECRET) >= 3
    made = bare(taken, ending=ending)
    assert SECRET not in made.content
    assert made.content.find(b"Exif") == -1
    image = Image.open(BytesIO(made.content))
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert made.ending == "jpg"


def test_its_colours_are_those_that_its_profile_means() -> None:
    swapped = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for old, new in ((b"rXYZ", b"????"), (b"bXYZ", b"rXYZ"), (b"????", b"bXYZ")):
        swapped = swapped.replace(old, new)
    file = BytesIO()
    Image.new("RGB", (20, 20), "red").save(file, "PNG", icc_profile=swapped)
    made = Image.open(BytesIO(bare(file.getvalue(), ending="png").content))
    red, _green, blue = made.convert("RGB").resize((1, 1)).tobytes()
    assert blue > red + 150


def test_it_stands_upright_as_the_camera_said() -> None:
    image = Image.open(BytesIO(bare(photograph("JPEG"), ending="jpg").content))
    assert image.size == (40, 60)
    red, white = (image.convert("RGB").getpixel((20, y)) for y in (5, 55))
    assert isinstance(red, tuple)
    assert isinstance(white, tuple)
    assert red[0] > 200
    assert red[1] < 60
    assert min(white) > 200


def test_an_avif_is_taken_and_its_data_is_not() -> None:
    file = BytesIO()
    Image.new("RGB", (60, 40), "red").save(file, "AVIF", exif=exif(), xmp=SECRET)
    assert SECRET in file.getvalue()
    made = bare(file.getvalue(), ending="avif")
    assert (made.ending, SECRET in made.content) == ("jpg", False)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF"])
def test_what_is_transparent_stays_so(kind: str) -> None:
    file = BytesIO()
    image = Image.new("RGBA", (60, 40), (255, 0, 0, 0))
    image.save(file, kind, exif=exif())
    made = bare(file.getvalue(), ending=kind.lower())
    left = Image.open(BytesIO(made.content))
    assert (made.ending, left.mode, left.info) == ("png", "RGBA", {})
    assert SECRET not in made.content


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "CMYK", "I;16"])
def test_every_mode_of_a_picture_is_drawn_anew(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    file = BytesIO()
    Image.new(mode, (30, 20)).save(file, kind)
    made = bare(file.getvalue(), ending=kind.lower())
    assert Image.open(BytesIO(made.content)).size == (30, 20)


def test_it_is_no_larger_than_is_ever_shown() -> None:
    file = BytesIO()
    Image.new("RGB", (6000, 3000), "navy").save(file, "JPEG")
    made = Image.open(BytesIO(bare(file.getvalue(), ending="jpg").content))
    assert made.size == (LONGEST_SIDE, LONGEST_SIDE // 2)


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be that large."""
    file = BytesIO()
    Image.new("1", (1, 1)).save(file, "PNG")
    header = b"IHDR" + struct.pack(">II", width, height) + file.getvalue()[24:29]
    return (
        file.getvalue()[:12] + header + struct.pack(">I", zlib.crc32(header)) + file.getvalue()[33:]
    )


GIF = b"GIF89a\1\0\1\0\0\0\0;"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("content", "ending", "why"),
    [
        (bomb(50_000, 50_000), "png", Why.TOO_MANY_PIXELS),
        (bomb(MOST_PIXELS // 1000 + 1, 1000), "png", Why.TOO_MANY_PIXELS),
        (bomb(12_000, 9_000), "png", Why.TOO_MANY_PIXELS),
        (bomb(300, 300), "png", Why.BROKEN),
        (photograph("JPEG")[:800], "jpg", Why.BROKEN),
        (restless(100, 100)[:-900], "jpg", Why.BROKEN),
        (photograph("PNG"), "jpg", Why.OTHER_NAME),
        (photograph("JPEG"), "png", Why.OTHER_NAME),
        (photograph("WEBP"), "avif", Why.OTHER_NAME),
        (GIF, "gif", Why.KIND),
        (GIF, "png", Why.KIND),
        (SVG, "svg", Why.KIND),
        (SVG, "jpg", Why.KIND),
        (b"", "jpg", Why.KIND),
        (b"\xff\xd8\xff\xe0", "jpg", Why.KIND),
        (b"%PDF-1.7", "", Why.KIND),
    ],
)
def test_what_is_no_picture_is_refused_with_its_reason(
    content: bytes, ending: str, why: Why
) -> None:
    with pytest.raises(NoPicture) as refused:
        bare(content, ending=ending)
    assert refused.value.why == why
