"""One picture as a page shows it: in the sizes and formats of which a browser takes one."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from wagtail.images.models import Filter, SourceImageIOError

from tocsin.pages.pictures.models import CampaignImage, CampaignRendition

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


def picture_in(block: Any) -> Picture | None:
    """That of a block of a story, in the shape that its editor chose."""
    return picture_of(block.get("image"), shape=block.get("shape") or "whole")


def picture_of(image: CampaignImage | None, *, shape: str) -> Picture | None:
    """The picture in that shape; None where there is none, its file is lost, or it is drawn now."""
    if image is None:
        return None
    word, sizes = SHAPES.get(shape, SHAPES["whole"])
    specs = {kind: [f"{word}-{size}|format-{kind}" for size in sizes] for kind in ("avif", "jpeg")}
    try:
        found = _sizes(image, [*specs["avif"], *specs["jpeg"]])
    except (SourceImageIOError, OSError):
        return None
    if not found:
        return None
    middle = found[specs["jpeg"][1]]
    return Picture(
        avif=_srcset(found[spec] for spec in specs["avif"]),
        jpeg=_srcset(found[spec] for spec in specs["jpeg"]),
        src=middle.url,
        width=middle.width,
        height=middle.height,
    )


def _sizes(image: CampaignImage, specs: list[str]) -> dict[str, CampaignRendition]:
    """All sizes. Whoever is first has those drawn that are missing, nobody else meanwhile.

    Drawing takes seconds. Of two at once, one would leave a file that nothing knows of, and that
    would stay public when the picture is deleted.
    """
    found = image.find_existing_renditions(*(Filter(spec=spec) for spec in specs))
    if len(found) == len(specs):
        return {shape.spec: size for shape, size in found.items()}
    with transaction.atomic():
        free = CampaignImage.objects.select_for_update(skip_locked=True, no_key=True)
        mine = free.filter(pk=image.pk).first()
        return dict(mine.get_renditions(*specs)) if mine else {}


def _srcset(sizes: Any) -> str:
    """Each width once: a small picture is not made larger."""
    return ", ".join({size.width: f"{size.url} {size.width}w" for size in sizes}.values())
