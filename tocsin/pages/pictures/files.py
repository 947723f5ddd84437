"""The file of a picture: whichever way it comes, pixels alone are kept."""

import secrets
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from wagtail.images.models import WagtailImageField as ImageColumn
from wagtail.images.models import WagtailImageFieldFile

from tocsin.pages.pictures.bare import bare

if TYPE_CHECKING:  # where it is running it cannot be asked what it holds
    _Bytes = ContentFile[bytes]
else:
    _Bytes = ContentFile


class BareFile(_Bytes):
    """A file that holds pixels alone, under a name that tells nothing of the one it came by."""

    content_type = ""  # what Wagtail asks of an upload

    @classmethod
    def of(cls, content: bytes, *, name: str) -> "BareFile":
        """Made of an upload; raises NoPicture."""
        made = bare(content, ending=PurePath(name).suffix.lstrip("."))
        return cls(made.content, name=f"{random_name()}.{made.ending}")


def random_name() -> str:
    """A name that nobody can guess, and that says nothing: 32 letters and digits."""
    return secrets.token_hex(16)


class PictureFile(WagtailImageFieldFile):
    """The file of a picture; whichever way it comes, nothing but pixels is stored."""

    def save(self, name: str, content: Any, *args: Any, **more: Any) -> None:
        """Under a random name; raises NoPicture."""
        if not isinstance(content, BareFile):
            content.seek(0)
            content = BareFile.of(content.read(), name=name)
        super().save(str(content.name), content, *args, **more)


class PictureColumn(ImageColumn):
    """The column of such a file."""

    attr_class = PictureFile
