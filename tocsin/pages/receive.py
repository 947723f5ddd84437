"""A form that comes in: shown again, shown as it will be sent, or kept until it is confirmed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tocsin.actions.links import make_check_link
from tocsin.actions.take import NotOpen, take_action
from tocsin.campaigns.lot import read_draw
from tocsin.campaigns.sealed_for import has_readers
from tocsin.letters.draft import Draft, draft_letters
from tocsin.outcomes.sources import count_taken
from tocsin.pages.errors import NO_READERS, UNREADY, trouble_page
from tocsin.pages.forms import LetterForm
from tocsin.pages.freshness import Freshness, judge, reissue
from tocsin.pages.offer import offer_of
from tocsin.pages.place import Place
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


class Keep(Protocol):
    """What keeps a form that has passed every check, and answers."""

    def __call__(
        self, request: HttpRequest, place: Place, form: LetterForm, *, now: datetime
    ) -> HttpResponse: ...


class SeeOther(HttpResponseRedirect):
    """The answer to a form that was taken: going back, or reloading, sends nothing twice."""

    status_code = 303


def receive(
    request: HttpRequest, place: Place, *, now: datetime, keep: Keep | None = None
) -> HttpResponse:
    """What becomes of the form that stood in that place, and the answer to it.

    With `keep` a form that passes every check is kept in another way than as an action.
    """
    campaign = place.page.campaign
    if not place.is_open or not place.takes_forms:
        return _closed(request, place, now=now)
    if not has_readers(campaign, day=now.date()):
        return trouble_page(request, NO_READERS)
    offer = offer_of(place.page)
    if offer is None:
        return trouble_page(request, UNREADY)
    form = LetterForm(offer=offer, typed=request.POST)
    if request.POST.get("step") in SHOWN:
        return _show_again(request, place, form, now=now)
    freshness = judge(request.POST.get("issued", ""), place.page.pk, now=now)
    if not form.is_valid() or freshness is not Freshness.FRESH:
        trouble = str(STALE.get(freshness, ""))
        return _form_again(request, place, form, now=now, status=422, trouble=trouble)
    return (keep or _keep)(request, place, form, now=now)


def _show_again(
    request: HttpRequest, place: Place, form: LetterForm, *, now: datetime
) -> HttpResponse:
    """The same page, for those who are not done: with another letter, or as it will be sent."""
    if request.POST["step"] == ANOTHER:
        return _form_again(request, place, form.with_another_letter(), now=now, status=200)
    if not form.is_fit_for_preview():
        return _form_again(request, place, form, now=now, status=422)
    typed, draw = form.cleaned_data, _draw(request, place)
    drafts = draft_letters(
        campaign=place.page.campaign,
        language=place.page.language,
        country=typed["country"],
        given=typed["given"],
        family=typed["family"],
        words=form.words(),
        way=form.chosen,
        variant=form.variant,
        draw=draw,
    )
    return _form_again(
        request, place, form, now=now, status=200, drafts=drafts, previewed=form.chosen, draw=draw
    )


def _keep(request: HttpRequest, place: Place, form: LetterForm, *, now: datetime) -> HttpResponse:
    person = form.person()
    source = place.source(request.POST.get("source", ""))
    try:
        # The link first: if there is no key, nothing has been stored yet.
        token = make_check_link(campaign_page_id=place.page.pk, address=person.address, now=now)
        take_action(
            campaign=place.page.campaign,
            person=person,
            words=form.words(),
            language=place.page.language,
            country=form.cleaned_data["country"],
            consents=form.consents(),
            now=now,
            way=form.chosen,
            variant=form.variant,
            draw=_draw(request, place),
            source=source,
        )
    except NotOpen:
        return _closed(request, place, now=now)
    except NoReaders:
        return trouble_page(request, NO_READERS)
    count_taken(campaign=place.page.campaign, source=source, day=now.date())
    return SeeOther(place.mailbox(token, source))


def _form_again(
    request: HttpRequest,
    place: Place,
    form: LetterForm,
    *,
    now: datetime,
    status: int,
    drafts: Sequence[Draft] = (),
    previewed: str = "",
    trouble: str = "",
    draw: str = "",
) -> HttpResponse:
    issued = reissue(request.POST.get("issued", ""), place.page.pk, now=now)
    context = place.context(
        now=now,
        form=form,
        issued=issued,
        drafts=drafts,
        previewed=previewed,
        trouble=trouble,
        named=request.POST.get("source", ""),
    )
    context["draw"] = draw or ("draw" in request.POST and _draw(request, place)) or ""
    return place.show(request, context, status=status)


def _draw(request: HttpRequest, place: Place) -> str:
    """The lot of this form, where there is something to draw: what is shown is what is sent."""
    has_pool = place.page.campaign.campaign_targets.has_pool()
    return read_draw(request.POST.get("draw", "")) if has_pool else ""


def _closed(request: HttpRequest, place: Place, *, now: datetime) -> HttpResponse:
    place.page.campaign.refresh_from_db(fields=["state"])
    context = place.context(now=now)
    status = {"paused": 503, "open": 409}.get(context["standing"], 410)
    return place.show(request, context, status=status)
