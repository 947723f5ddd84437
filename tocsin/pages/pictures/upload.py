"""How a picture comes in: what every form of the office does with it, and says of it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from tocsin.pages.pictures.bare import MOST_PIXELS, NoPicture, Why
from tocsin.pages.pictures.files import BareFile

WORDS: dict[Why, Promise] = {
    Why.KIND: _(
        "That is no picture that can be shown: take a JPEG, PNG, WebP or AVIF. SVG and GIF are "
        "not taken."
    ),
    Why.OTHER_NAME: _(
        "The name of this file ends like that of another kind of picture. Save it anew from a "
        "program for pictures."
    ),
    Why.TOO_MANY_PIXELS: _(
        "This picture is too large: at most %(most)s million pixels. Make it smaller first."
    ),
    Why.BROKEN: _("This file is damaged, or its end is missing. Send it once more."),
}
"""What to say about a file that is not taken."""


class PictureUpload(WagtailImageField):
    """The field of the form: what it hands on is bare already, wherever Wagtail puts it."""

    def to_python(self, data: Any) -> BareFile | None:
        """The picture, made anew; raises ValidationError with a sentence for people."""
        file = forms.FileField.to_python(self, data)
        if file is None:
            return None
        self.check_image_file_size(file)
        try:
            return BareFile.of(file.read(), name=str(file.name))
        except NoPicture as refused:
            words = {"most": MOST_PIXELS // 1_000_000}
            raise ValidationError(str(WORDS[refused.why]), params=words) from None


class PictureForm(BaseImageForm):
    """Every form of the office by which a picture comes in."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if field := self.fields.get("file"):
            self.fields["file"] = PictureUpload(
                widget=field.widget, label=field.label, required=field.required
            )
