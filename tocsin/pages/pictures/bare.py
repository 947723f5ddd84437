"""A picture as its pixels alone: whatever else is in the file of a camera stays out of the house.

Where it was taken, when, by which device and whose, is written into a file in many ways (EXIF,
XMP, IPTC, comments, colour profiles with names, a second picture, what hangs on behind the end). So
nothing is taken out of the file: the pixels are drawn anew into a file of our own.
"""

import warnings
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

FORMATS = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "avif": "AVIF"}
"""Which kinds are taken, by how the file's name may end."""

MOST_PIXELS = 50_000_000
"""The largest of a telephone; a file of a few kilobytes may claim a thousand times as much."""

LONGEST_SIDE = 2560
"""More is never shown: twice the widest place of a page, on the finest screen."""

QUALITY = 92
"""Of a JPEG that others are still made from."""


class Why(StrEnum):
    """Why a file is not taken."""

    KIND = "kind"
    OTHER_NAME = "other name"
    TOO_MANY_PIXELS = "too many pixels"
    BROKEN = "broken"


class NoPicture(ValueError):
    """The file is not taken, and `why`."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True)
class Bare:
    """The new file, and how its name ends: jpg, or png where something is transparent."""

    content: bytes
    ending: str


def bare(content: bytes, *, ending: str) -> Bare:
    """The same picture, upright, in sRGB, no larger than is ever shown; raises NoPicture.

    `ending` is that of the name under which it came: a file that is of another kind is refused.
    """
    kind = FORMATS.get(ending.lower())
    if kind is None:
        raise NoPicture(Why.KIND)
    return _written(_drawn_anew(_opened(content, kind)))


def _opened(content: bytes, kind: str) -> Image.Image:
    with warnings.catch_warnings():
        # Pillow warns of large pictures: we count ourselves, before anything is unpacked.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            image = Image.open(BytesIO(content), formats=sorted(set(FORMATS.values())))
        except Image.DecompressionBombError:
            raise NoPicture(Why.TOO_MANY_PIXELS) from None
        except UnidentifiedImageError:
            raise NoPicture(Why.KIND) from None
        except Exception:
            raise NoPicture(Why.BROKEN) from None
    if {"MPO": "JPEG"}.get(str(image.format), image.format) != kind:
        raise NoPicture(Why.OTHER_NAME)
    if image.width * image.height > MOST_PIXELS:
        raise NoPicture(Why.TOO_MANY_PIXELS)
    return image


def _drawn_anew(image: Image.Image) -> Image.Image:
    """Its pixels on a new sheet, which knows nothing of the old file."""
    try:
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is unpacked no larger than needed
        image.load()
        upright = ImageOps.exif_transpose(image)
        mode = "RGBA" if upright.has_transparency_data else "RGB"
        pixels = _in_srgb(upright, mode)
        pixels.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    except Exception:
        raise NoPicture(Why.BROKEN) from None
    sheet = Image.new(mode, pixels.size)
    sheet.paste(pixels)
    return sheet


def _in_srgb(image: Image.Image, mode: str) -> Image.Image:
    """With the colours that its profile means: the profile itself may name a device or somebody."""
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "RGBA", "CMYK", "L"):
        try:
            found = ImageCms.profileToProfile(
                image, BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError):
            return image.convert(mode)
        if found is not None:
            if mode == "RGBA":
                found.putalpha(image.convert("RGBA").getchannel("A"))
            return found
    return image.convert(mode)


def _written(sheet: Image.Image) -> Bare:
    file = BytesIO()
    if sheet.mode == "RGBA":
        sheet.save(file, "PNG")
        return Bare(file.getvalue(), "png")
    sheet.save(file, "JPEG", quality=QUALITY, subsampling=0, optimize=True)
    return Bare(file.getvalue(), "jpg")
