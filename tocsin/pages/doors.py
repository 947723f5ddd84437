"""The door of every public view that is not a page of Wagtail: methods, origin, kind of body."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from tocsin.kit.seal import KeyMissing
from tocsin.pages.errors import (
    BAD_REQUEST,
    FOREIGN,
    NOT_A_FORM,
    UNREADY,
    WRONG_METHOD,
    trouble_page,
)

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

FORM = "application/x-www-form-urlencoded"


def door(*methods: str, cached: bool = False) -> Callable[[View[P]], View[P]]:
    """Let in these methods, and forms of our own pages only; no cache keeps what is not `cached`.

    There is no cookie, so there is no session that a foreign page could ride on; the check of
    origin keeps others from putting our form into their page.
    """
    allowed = (*methods, "HEAD") if "GET" in methods else methods

    def with_door(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            try:
                page = turned_away(request, allowed) or view(request, *args, **kwargs)
            except KeyMissing:
                page = trouble_page(request, UNREADY)
            if not cached:
                page.headers["Cache-Control"] = "no-store"
            return page

        return csrf_exempt(guarded)

    return with_door


def turned_away(request: HttpRequest, methods: tuple[str, ...]) -> HttpResponse | None:
    """The page for a request that may not come in, or None."""
    if request.method not in methods:
        page = trouble_page(request, WRONG_METHOD)
        page.headers["Allow"] = ", ".join(methods)
        return page
    if request.method != "POST":
        return None
    if not is_from_here(request):
        return trouble_page(request, FOREIGN)
    is_empty = (  # a button and no field
        request.META.get("CONTENT_LENGTH") in (None, "", "0")
        and "HTTP_TRANSFER_ENCODING" not in request.META
    )
    if request.content_type != FORM and not is_empty:
        return trouble_page(request, NOT_A_FORM)
    try:
        request.POST  # noqa: B018 - read here: too large or too many, and Django answers 413 or 400
    except UnreadablePostError:
        return trouble_page(request, BAD_REQUEST)
    return None


def is_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that the form stood on a page of ours.

    Because our pages send no referrer, browsers name no origin ("null") even for our own forms,
    and say where they come from by Sec-Fetch-Site. Programs and old browsers that say neither
    come in: they carry no cookie, and could have written to us directly.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("Origin", "null")
    ours = (settings.BASE_URL, f"{request.scheme}://{request.get_host()}")
    return origin == "null" or origin in ours
