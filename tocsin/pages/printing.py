"""What is shown and printed elsewhere: the share picture, the poster, and the QR code of a page."""

from collections.abc import Callable
from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import get_language

from tocsin.actions.links import query_of
from tocsin.pages.covers import cover_of
from tocsin.pages.doors import door
from tocsin.pages.errors import CLOSED, NOT_FOUND, trouble_page
from tocsin.pages.models import CampaignPage
from tocsin.pages.prints.codes import as_png, as_svg
from tocsin.pages.prints.cover import Cover
from tocsin.pages.show import address_of

FOREVER = "public, max-age=31536000, immutable"
"""Another picture has another address."""

A_MINUTE = "public, max-age=60"


@door("GET", cached=True)
def picture(request: HttpRequest, page_id: int, version: str) -> HttpResponseBase:
    """The share picture; whoever has the address of an older one gets the one of today."""
    page = _public_page(page_id)
    cover = cover_of(page, address=address_of(page))
    if cover is None:
        return trouble_page(request, NOT_FOUND)
    kept = FOREVER if version == cover.version else A_MINUTE
    return _answer(request, "image/png", cover.version, partial(picture_of, cover), kept=kept)


@door("GET", cached=True)
def poster(request: HttpRequest, page_id: int) -> HttpResponseBase:
    """The poster, while letters can be written or will be again."""
    page = _public_page(page_id)
    cover = cover_of(page, address=address_of(page))
    if cover is None:
        return trouble_page(request, NOT_FOUND)
    if not page.campaign.is_going:
        return trouble_page(request, CLOSED)
    answer = _answer(request, "application/pdf", cover.version, partial(poster_of, cover))
    answer.headers["Content-Disposition"] = f'inline; filename="{page.slug}.pdf"'
    return answer


@door("GET", cached=True)
def code(request: HttpRequest, page_id: int, kind: str) -> HttpResponseBase:
    """The QR code that leads to the page, `kind` being svg or png."""
    page = _public_page(page_id)
    address = address_of(page)
    if not address:
        return trouble_page(request, NOT_FOUND)
    address += query_of("qr")
    if kind == "svg":
        return _answer(request, "image/svg+xml", address, partial(as_svg, address))
    return _answer(request, "image/png", address, partial(as_png, address))


def picture_of(cover: Cover) -> bytes:
    """As PNG. What draws takes 50 MB: it comes in with the first drawing, not with a command."""
    from tocsin.pages.prints import picture as drawn

    return drawn.picture_of(cover)


def poster_of(cover: Cover) -> bytes:
    """As PDF; likewise."""
    from tocsin.pages.prints import poster as drawn

    return drawn.poster_of(cover)


def _public_page(page_id: int) -> CampaignPage:
    pages = CampaignPage.objects.live().select_related("campaign__organisation", "locale")
    page: CampaignPage = get_object_or_404(pages, pk=page_id, locale__language_code=get_language())
    return page


def _answer(
    request: HttpRequest, kind: str, version: str, draw: Callable[[], bytes], *,
    kept: str = A_MINUTE,
) -> HttpResponseBase:  # fmt: skip
    """What is drawn, or, to whoever has that version already, no more than that they have it."""
    mark = quote_etag(version)
    answer = get_conditional_response(request, etag=mark)
    if answer is None:
        answer = HttpResponse(draw(), content_type=kind)
    answer.headers["ETag"] = mark
    answer.headers["Cache-Control"] = kept
    return answer
