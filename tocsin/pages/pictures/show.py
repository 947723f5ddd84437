"""One picture as a page shows it: in the sizes and formats of which a browser takes one."""

from dataclasses import dataclass
from typing import Any

from wagtail.images.models import SourceImageIOError

from tocsin.pages.pictures.models import CampaignImage

WIDE = ("400x267", "720x480", "1080x720")
WHOLE = ("400x400", "720x720", "1080x1080")
SHAPES = {"whole": ("max", WHOLE), "wide": ("fill", WIDE)}
"""By shape, Wagtail's word for it and the sizes: for a telephone, for a column, for fine screens.

`fill` cuts to the shape, about the point where one looks first.
"""


@dataclass(frozen=True)
class Picture:
    """What stands in the page: addresses with their widths, and how large the middle one is."""

    avif: str
    jpeg: str
    src: str
    width: int
    height: int


def picture_of(image: CampaignImage | None, *, shape: str) -> Picture | None:
    """The picture in that shape; None where there is none, or its file is lost."""
    if image is None:
        return None
    word, sizes = SHAPES.get(shape, SHAPES["whole"])
    specs = {kind: [f"{word}-{size}|format-{kind}" for size in sizes] for kind in ("avif", "jpeg")}
    try:
        found = image.get_renditions(*specs["avif"], *specs["jpeg"])
    except (SourceImageIOError, OSError):
        return None
    middle = found[specs["jpeg"][1]]
    return Picture(
        avif=_srcset(found[spec] for spec in specs["avif"]),
        jpeg=_srcset(found[spec] for spec in specs["jpeg"]),
        src=middle.url,
        width=middle.width,
        height=middle.height,
    )


def _srcset(sizes: Any) -> str:
    """Each width once: a small picture is not made larger."""
    return ", ".join({size.width: f"{size.url} {size.width}w" for size in sizes}.values())
