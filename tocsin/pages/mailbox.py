"""Where to look once a form was taken: into one's mailbox."""

from contextlib import suppress
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tocsin.actions.links import SOURCE, read_check_link
from tocsin.actions.take import renew_confirmation
from tocsin.kit.seal import Unreadable
from tocsin.kit.tokens import TokenExpired, TokenForged
from tocsin.pages.errors import CUT_LINK, GONE, trouble_page
from tocsin.pages.models import CampaignPage
from tocsin.pages.place import Place
from tocsin.pages.receive import SeeOther


def look_into_mailbox(
    request: HttpRequest, token: str, *, now: datetime, frame: Place | None = None
) -> HttpResponse:
    """The page that says so; its button sends the mail again, and never says whether.

    In a `frame` it is shown for that frame's page, and for no other.
    """
    try:
        page_id, address = read_check_link(token, now=now)
    except TokenForged:
        return trouble_page(request, CUT_LINK)
    except TokenExpired:
        return trouble_page(request, GONE)
    if frame and frame.page.pk != page_id:
        return trouble_page(request, CUT_LINK)
    pages = CampaignPage.objects.live().select_related("campaign__organisation", "locale")
    page = frame.page if frame else pages.filter(pk=page_id).first()
    if page is None:
        return trouble_page(request, GONE)
    place = frame or Place(page)
    if request.method == "POST":
        # If its key is destroyed nothing waits any more, and the answer stays the same.
        with suppress(Unreadable):
            renew_confirmation(
                campaign=page.campaign,
                address=address,
                language=page.language,
                now=now,
                source=place.source(request.POST.get("source", "")),
            )
        return SeeOther(f"{request.path}?again=1")
    context = {
        **place.surroundings(),
        "address": address.text,
        "again": "again" in request.GET,
        "source": place.source(request.GET.get(SOURCE, "")),
    }
    return render(request, place.mailbox_template, context)
