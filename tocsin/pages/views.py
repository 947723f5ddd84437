"""The public views: a page to read, the form that comes in, the mailbox to look into."""

from contextlib import suppress

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from wagtail.models import Page
from wagtail.views import serve

from tocsin.actions.states import UNCONFIRMED_DAYS
from tocsin.organisations.models import Organisation
from tocsin.pages.doors import door
from tocsin.pages.elsewhere import languages_elsewhere
from tocsin.pages.errors import NOT_FOUND, trouble_page
from tocsin.pages.mailbox import look_into_mailbox
from tocsin.pages.place import Place, public_page
from tocsin.pages.receive import receive
from tocsin.pages.show import languages_of_address
from tocsin.privacy.schedule import HANDED_OVER_HOURS, KEY_DAYS, PROMISED_DAYS


@door("GET", cached=True)
def read(request: HttpRequest, path: str) -> HttpResponseBase:
    """A page of Wagtail, which is there to be read and takes no form.

    What is not there in this language may be in others: then the answer says in which.
    """
    found = Page.route_for_request(request, path)
    is_foreign = bool(found) and found.page.locale.language_code != get_language()
    if found and is_foreign and not path:
        return HttpResponseRedirect(found.page.url)
    with suppress(Http404):
        # Wagtail shows what the first language has, as if it were in this one.
        response: HttpResponseBase | None = None if is_foreign else serve(request, path)
        if response:
            return response
    return trouble_page(request, NOT_FOUND, elsewhere=languages_elsewhere(path))


@door("POST")
def take(request: HttpRequest, page_id: int) -> HttpResponseBase:
    """The letter of one person: shown as it will be sent, or kept until it is confirmed."""
    return receive(request, Place(public_page(page_id)), now=timezone.now())


@door("GET", "POST")
def check_mail(request: HttpRequest, token: str) -> HttpResponse:
    """Where to look now; the button sends the mail again, within limits, and never says whether."""
    return look_into_mailbox(request, token, now=timezone.now())


@door("GET", cached=True)
def privacy(request: HttpRequest, slug: str = "") -> HttpResponse:
    """What is kept, in which form, for how long; by all organisations, or by that one."""
    organisation = get_object_or_404(Organisation, slug=slug) if slug else None
    context = {
        "organisation": organisation,
        "organisations": [organisation] if slug else Organisation.objects.order_by("name"),
        "languages": languages_of_address(request.path),
        "handed_over_hours": HANDED_OVER_HOURS,
        "key_days": KEY_DAYS,
        "campaign_days": settings.KEEP_DAYS,
        "promised_days": PROMISED_DAYS,
        "unconfirmed_days": UNCONFIRMED_DAYS,
    }
    return render(request, "pages/privacy.html", context)
