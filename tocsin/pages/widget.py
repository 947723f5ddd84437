"""The widget: a campaign's form in a frame on the site of a partner, and on no other."""

from functools import wraps
from pathlib import Path
from typing import ParamSpec

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_exempt

from tocsin.kit.headers import POLICY, say
from tocsin.organisations.partners import Partner
from tocsin.pages.doors import View, door
from tocsin.pages.mailbox import look_into_mailbox
from tocsin.pages.place import Frame, public_page
from tocsin.pages.receive import receive

P = ParamSpec("P")


def framed(view: View[P]) -> View[P]:
    """Let pages of the partner's sites show whatever the view answers, and those of no other.

    A partner that is not there, is not active or belongs to another organisation has no frame:
    that answer is a page of ours, which nobody may frame.
    """

    @wraps(view)
    def shown(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        page = view(request, *args, **kwargs)
        if found := Partner.objects.filter(slug=str(kwargs["partner"]), active=True).first():
            page.headers[POLICY] = say(
                {**settings.SECURE_CSP, "frame-ancestors": list(found.framed_on)}
            )
        return page

    return xframe_options_exempt(shown)


@framed
@door("GET", "POST")
def widget(request: HttpRequest, page_id: int, partner: str) -> HttpResponseBase:
    """The form, with what has to be known to fill it in; and what becomes of it."""
    frame, now = _frame(page_id, partner), timezone.now()
    if request.method == "POST":
        return receive(request, frame, now=now)
    return frame.show(request, frame.context(now=now))


@framed
@door("GET", "POST")
def check_mail(request: HttpRequest, page_id: int, partner: str, token: str) -> HttpResponseBase:
    """Where to look now, in the same frame."""
    frame = _frame(page_id, partner)
    return look_into_mailbox(request, token, now=timezone.now(), frame=frame)


@door("GET", cached=True)
def script(_request: HttpRequest) -> HttpResponse:
    """What a partner's page loads so that the frame is as high as what is in it.

    It stands in pages that we do not see again: its address has to stay, and it may be loaded
    from everywhere.
    """
    found = finders.find("tocsin/embed.js")
    if not isinstance(found, str):
        raise Http404
    answer = HttpResponse(Path(found).read_bytes(), content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "public, max-age=3600"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _frame(page_id: int, slug: str) -> Frame:
    page = public_page(page_id)
    partners = Partner.objects.active_of(page.campaign.organisation)
    return Frame(page, get_object_or_404(partners, slug=slug))
