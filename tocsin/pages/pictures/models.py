"""The pictures of campaign pages: one row for a picture, and one for each size that is shown."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django.core.files.base import ContentFile
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import (
    AbstractImage,
    AbstractRendition,
    Filter,
    get_upload_to,
)

from tocsin.pages.pictures.files import PictureColumn, random_name

MOST_BYTES = 80 * 1024
"""What a picture may weigh, in any size: on a bad line that is two seconds."""

QUALITIES = {"format-avif": ("avifquality", 50), "format-jpeg": ("jpegquality", 76)}
"""By the format of what is shown: Wagtail's word for its quality, and with which it begins."""

LEAST_QUALITY = 12


class CampaignImage(AbstractImage):
    """A picture: its file has nothing but pixels in it, and is never shown itself.

    The words for those who do not see it stand where it is used, in the language of the page;
    `description` is for the staff.
    """

    file = PictureColumn(
        verbose_name=_("file"), upload_to=get_upload_to, width_field="width", height_field="height"
    )

    admin_form_fields = (
        *("title", "file", "description", "collection", "tags"),
        *("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height"),
    )

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    def get_upload_to(self, filename: str) -> str:
        """Among the originals, which no address leads to."""
        return f"originals/{PurePath(filename).name}"

    def generate_rendition_file(self, shape: Filter, *, source: Any = None) -> ContentFile[bytes]:
        """One size in one format, no heavier than MOST_BYTES: a restless picture gets less fine."""
        word, quality = next((q for end, q in QUALITIES.items() if end in shape.spec), ("", 0))
        if not word:  # for the office alone
            return self._generated(shape, source)
        while True:
            made = self._generated(Filter(spec=f"{shape.spec}|{word}-{quality}"), source)
            if made.size <= MOST_BYTES or quality <= LEAST_QUALITY:
                return made
            quality = max(LEAST_QUALITY, quality * 2 // 3)

    def _generated(self, shape: Filter, source: Any) -> ContentFile[bytes]:
        """In memory: Wagtail's own is a file that nobody closes."""
        if source:
            source.seek(0)
        with super().generate_rendition_file(shape, source=source) as made:
            made.seek(0)
            return ContentFile(made.read(), name=made.name)


class CampaignRendition(AbstractRendition):
    """One size of a picture in one format: this is what is shown."""

    image = models.ForeignKey(CampaignImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        verbose_name = _("size of a picture")
        verbose_name_plural = _("sizes of pictures")
        constraints = [
            models.UniqueConstraint(
                fields=("image", "filter_spec", "focal_point_key"), name="one_of_each_size"
            )
        ]

    def get_upload_to(self, filename: str) -> str:
        """A name that nobody guesses, and no other picture will ever have: caches may keep it."""
        return f"{random_name()}{PurePath(filename).suffix}"
