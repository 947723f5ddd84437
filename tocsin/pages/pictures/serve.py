"""Pictures as they are shown, served by Tocsin itself: their sizes, and no original."""

import re

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase

from tocsin.pages.doors import door
from tocsin.pages.pictures.models import CampaignRendition

PICTURES = "pictures/"
"""Below which address they are."""

KINDS = {"avif": "image/avif", "jpg": "image/jpeg", "png": "image/png"}
NAME = re.compile(rf"[0-9a-f]{{32}}\.({'|'.join(KINDS)})")
"""How a size is called (models.py): nothing that leads out of the folder, or lists it."""


@door("GET", cached=True)
def picture(request: HttpRequest, name: str) -> HttpResponseBase:  # noqa: ARG001 - the same for everybody
    """The file of that name, which is never another one's: it may be kept for a year."""
    fits = NAME.fullmatch(name)
    if fits is None:
        raise Http404
    try:
        file = CampaignRendition.file.field.storage.open(name)
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(file, content_type=KINDS[fits[1]])
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
