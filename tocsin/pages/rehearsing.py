"""The pages of a test run: the draft as it will be, for a tester who holds a link of the office."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from tocsin.campaigns.models import DRAFT
from tocsin.kit.addresses import Address
from tocsin.kit.seal import Unreadable
from tocsin.kit.tokens import TokenExpired, TokenForged
from tocsin.letters.rehearse import (
    NotATest,
    OfATarget,
    Rehearsed,
    TooMany,
    confirm_rehearsal,
    drafts_of_rehearsal,
    read_confirm_rehearsal,
    read_rehearsal_link,
    rehearsal_of,
    rehearse,
    rehearsed,
)
from tocsin.pages.doors import door
from tocsin.pages.errors import CUT_LINK, GONE, trouble_page
from tocsin.pages.forms import LetterForm
from tocsin.pages.models import CampaignPage
from tocsin.pages.place import Place
from tocsin.pages.receive import SeeOther, receive
from tocsin.pages.show import campaign_context, recipient
from tocsin.supporters.person import Person


@dataclass(frozen=True)
class Stage(Place):
    """The newest version of a page of a draft, for one tester."""

    tester: Address
    token: str

    @property
    def is_open(self) -> bool:
        """It is, for the tester, as long as it is a draft."""
        return bool(self.page.campaign.state == DRAFT)

    def source(self, _named: str, /) -> str:
        """None: nobody is counted."""
        return ""

    def context(self, *, now: datetime, named: str = "", **shown: Any) -> dict[str, Any]:  # noqa: ARG002 - as of every place
        """All that will be shown, but for what leads to pages that are not there yet."""
        found = campaign_context(self.page, now=now, as_open=True, **shown)
        return {**found, **_bare(), "action": self.url}

    @property
    def url(self) -> str:
        """Where its form goes."""
        return reverse("rehearsal", args=[self.token])

    def surroundings(self) -> dict[str, Any]:
        """Back to the test run."""
        return {**super().surroundings(), **_bare(), "back_url": self.url}


def _bare() -> dict[str, Any]:
    nowhere = {"address": "", "picture": "", "oembed_url": "", "yourself": ""}
    return {**nowhere, "rehearsal": True, "shares": None, "languages": [], "has_poster": False}


@door("GET", "POST")
def rehearse_form(request: HttpRequest, token: str) -> HttpResponse:
    """The page with its form; what is sent is kept as a test run."""
    now = timezone.now()
    place = _stage(token, now=now)
    if place is None:
        return trouble_page(request, CUT_LINK)
    if request.method == "POST":
        return receive(request, place, now=now, keep=_keep)
    context = place.context(now=now)
    if context["form"]:
        context["form"].initial["email"] = place.tester.text
    return place.show(request, context)


def _keep(request: HttpRequest, place: Place, form: LetterForm, *, now: datetime) -> HttpResponse:
    """As a test run, of the tester: whatever address was typed, nothing goes there."""
    if not isinstance(place, Stage):
        return trouble_page(request, CUT_LINK)
    typed = Rehearsed(
        person=Person(
            given=form.cleaned_data["given"],
            family=form.cleaned_data["family"],
            address=place.tester,
        ),
        words=form.words(),
        country=form.cleaned_data["country"],
        way=form.chosen,
        variant=form.variant,
    )
    try:
        rehearse(campaign=place.page.campaign, typed=typed, language=place.page.language, now=now)
    except (NotATest, OfATarget, TooMany):
        return trouble_page(request, GONE)
    return SeeOther(reverse("rehearsal-sent", args=[place.token]))


@door("GET")
def sent(request: HttpRequest, token: str) -> HttpResponse:
    """Where to look now."""
    place = _stage(token, now=timezone.now())
    if place is None:
        return trouble_page(request, CUT_LINK)
    context = {**place.surroundings(), "address": place.tester.text}
    return render(request, place.mailbox_template, context)


@door("GET", "POST")
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the mail: the letters, and the button by which they go to the tester."""
    now = timezone.now()
    try:
        run = rehearsal_of(read_confirm_rehearsal(token, now=now))
        if request.method == "POST" and not run.mark:
            run = confirm_rehearsal(run.pk, now=now)
        typed, drafts = rehearsed(run), drafts_of_rehearsal(run)
    except TokenForged:
        return trouble_page(request, CUT_LINK)
    except (TokenExpired, NotATest, OfATarget, Unreadable):
        return trouble_page(request, GONE)
    context = {
        **_bare(),
        "way": typed.way,
        "organisation": run.campaign.organisation,
    }
    if run.mark:
        targets = [draft.target for draft in drafts]
        context["recipients"] = [recipient(target, run.language) for target in targets]
        return render(request, "pages/thanks.html", context)
    return render(request, "pages/confirm.html", {**context, "drafts": drafts, "token": token})


def _stage(token: str, *, now: datetime) -> Stage | None:
    """The page that the link is for, in the language of the address; None if there is none."""
    try:
        campaign_id, page_id, tester = read_rehearsal_link(token, now=now)
    except (TokenForged, TokenExpired):
        return None
    pages = CampaignPage.objects.filter(campaign=campaign_id, campaign__state=DRAFT)
    pages = pages.filter(locale__language_code=get_language())
    page = pages.select_related("campaign__organisation", "campaign__mailing").filter(pk=page_id)
    found = page.first()
    if found is None:
        return None
    newest = found.get_latest_revision_as_object()
    newest.campaign = found.campaign  # whatever an editor chose since
    return Stage(page=newest, tester=tester, token=token)
