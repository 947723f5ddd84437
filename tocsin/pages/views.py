"""Taking a letter: the form comes in, the person is sent on to their mailbox."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page
from wagtail.views import serve

from tocsin.actions.links import SOURCE, make_check_link, query_of, read_check_link
from tocsin.actions.records import has_readers
from tocsin.actions.states import UNCONFIRMED_DAYS
from tocsin.actions.take import NotOpen, renew_confirmation, take_action
from tocsin.kit.seal import Unreadable
from tocsin.kit.tokens import TokenExpired, TokenForged
from tocsin.letters.draft import Draft, draft_letters
from tocsin.organisations.models import Organisation
from tocsin.outcomes.sources import count_taken, recognise
from tocsin.pages.doors import door
from tocsin.pages.elsewhere import languages_elsewhere
from tocsin.pages.errors import CUT_LINK, GONE, NO_READERS, NOT_FOUND, UNREADY, trouble_page
from tocsin.pages.forms import LetterForm
from tocsin.pages.freshness import Freshness, judge, reissue
from tocsin.pages.models import CampaignPage
from tocsin.pages.offer import offer_of
from tocsin.pages.show import campaign_context, languages_of_address
from tocsin.privacy.schedule import HANDED_OVER_HOURS, KEY_DAYS, PROMISED_DAYS
from tocsin.readers.files import NoReaders

STALE: dict[Freshness, Promise] = {
    Freshness.TOO_YOUNG: _(
        "The form came back faster than anybody can read it. Nothing is lost: look at it once "
        "more, and press the button again."
    ),
    Freshness.TOO_OLD: _(
        "This page had been open for more than twelve hours. What you typed is still here: look "
        "at it once more, and press the button again."
    ),
    Freshness.FORGED: _(
        "The form did not arrive as our page had made it. What you typed is still here: look at "
        "it once more, and press the button again."
    ),
}
"""What to say about a form that is not fresh."""


ANOTHER, PREVIEW = SHOWN = ("another", "preview")
"""The buttons of the form that keep nothing."""


class SeeOther(HttpResponseRedirect):
    """The answer to a form that was taken: going back, or reloading, sends nothing twice."""

    status_code = 303


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
    now = timezone.now()
    page = _public_page(page_id)
    if not page.campaign.is_open:
        return _closed(request, page, now=now)
    if not has_readers(page.campaign, day=now.date()):
        return trouble_page(request, NO_READERS)
    offer = offer_of(page)
    if offer is None:
        return trouble_page(request, UNREADY)
    form = LetterForm(offer=offer, typed=request.POST)
    if request.POST.get("step") in SHOWN:
        return _show_again(request, page, form, now=now)
    freshness = judge(request.POST.get("issued", ""), page.pk, now=now)
    if not form.is_valid() or freshness is not Freshness.FRESH:
        trouble = str(STALE.get(freshness, ""))
        return _form_again(request, page, form, now=now, status=422, trouble=trouble)
    return _keep(request, page, form, now=now)


def _show_again(
    request: HttpRequest, page: CampaignPage, form: LetterForm, *, now: datetime
) -> HttpResponse:
    """The same page, for those who are not done: with another letter, or as it will be sent."""
    if request.POST["step"] == ANOTHER:
        return _form_again(request, page, form.with_another_letter(), now=now, status=200)
    if not form.is_fit_for_preview():
        return _form_again(request, page, form, now=now, status=422)
    typed = form.cleaned_data
    drafts = draft_letters(
        campaign=page.campaign,
        language=page.language,
        country=typed["country"],
        given=typed["given"],
        family=typed["family"],
        words=form.words(),
        way=form.chosen,
        variant=form.variant,
    )
    return _form_again(
        request, page, form, now=now, status=200, drafts=drafts, previewed=form.chosen
    )


def _keep(
    request: HttpRequest, page: CampaignPage, form: LetterForm, *, now: datetime
) -> HttpResponse:
    person = form.person()
    source = recognise(page.campaign, request.POST.get("source", ""))
    try:
        # The link first: if there is no key, nothing has been stored yet.
        token = make_check_link(campaign_page_id=page.pk, address=person.address, now=now)
        take_action(
            campaign=page.campaign,
            person=person,
            words=form.words(),
            language=page.language,
            country=form.cleaned_data["country"],
            consents=form.consents(),
            now=now,
            way=form.chosen,
            variant=form.variant,
            source=source,
        )
    except NotOpen:
        return _closed(request, page, now=now)
    except NoReaders:
        return trouble_page(request, NO_READERS)
    count_taken(campaign=page.campaign, source=source, day=now.date())
    return SeeOther(reverse("check-mail", args=[token]) + query_of(source))


@door("GET", "POST")
def check_mail(request: HttpRequest, token: str) -> HttpResponse:
    """Where to look now; the button sends the mail again, within limits, and never says whether."""
    now = timezone.now()
    try:
        page_id, address = read_check_link(token, now=now)
    except TokenForged:
        return trouble_page(request, CUT_LINK)
    except TokenExpired:
        return trouble_page(request, GONE)
    page = CampaignPage.objects.live().filter(pk=page_id).select_related("campaign").first()
    if page is None:
        return trouble_page(request, GONE)
    if request.method == "POST":
        source = recognise(page.campaign, request.POST.get("source", ""))
        # If its key is destroyed nothing waits any more, and the answer stays the same.
        with suppress(Unreadable):
            renew_confirmation(
                campaign=page.campaign,
                address=address,
                language=page.language,
                now=now,
                source=source,
            )
        return SeeOther(f"{request.path}?again=1")
    return render(
        request,
        "pages/check_mail.html",
        {
            "address": address.text,
            "page": page,
            "organisation": page.campaign.organisation,
            "again": "again" in request.GET,
            "source": recognise(page.campaign, request.GET.get(SOURCE, "")),
        },
    )


@door("GET", cached=True)
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept, in which form, for how long."""
    context = {
        "organisations": Organisation.objects.order_by("name"),
        "languages": languages_of_address(request.path),
        "handed_over_hours": HANDED_OVER_HOURS,
        "key_days": KEY_DAYS,
        "campaign_days": settings.KEEP_DAYS,
        "promised_days": PROMISED_DAYS,
        "unconfirmed_days": UNCONFIRMED_DAYS,
    }
    return render(request, "pages/privacy.html", context)


def _public_page(page_id: int) -> CampaignPage:
    pages = CampaignPage.objects.live().select_related("campaign__organisation", "locale")
    page: CampaignPage = get_object_or_404(pages, pk=page_id, locale__language_code=get_language())
    return page


def _form_again(
    request: HttpRequest,
    page: CampaignPage,
    form: LetterForm,
    *,
    now: datetime,
    status: int,
    drafts: Sequence[Draft] = (),
    previewed: str = "",
    trouble: str = "",
) -> HttpResponse:
    issued = reissue(request.POST.get("issued", ""), page.pk, now=now)
    context = campaign_context(
        page,
        now=now,
        form=form,
        issued=issued,
        drafts=drafts,
        previewed=previewed,
        trouble=trouble,
        source=request.POST.get("source", ""),
    )
    return render(request, "pages/campaign.html", context, status=status)


def _closed(request: HttpRequest, page: CampaignPage, *, now: datetime) -> HttpResponse:
    page.campaign.refresh_from_db(fields=["state"])
    context = campaign_context(page, now=now)
    status = 503 if context["standing"] == page.campaign.State.PAUSED else 410
    return render(request, "pages/campaign.html", context, status=status)
