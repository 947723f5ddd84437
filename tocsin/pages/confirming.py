"""The link in the mail: see what would be sent, say yes, or say that it was somebody else."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from tocsin.actions.links import (
    SOURCE,
    expired_action,
    make_thanks_link,
    read_confirm_link,
    read_thanks_link,
)
from tocsin.actions.models import Action
from tocsin.actions.release import Confirmed, confirm_action, refuse_action
from tocsin.actions.take import renew_confirmation_of
from tocsin.actions.words import open_words
from tocsin.campaigns.models import Campaign
from tocsin.kit.seal import Unreadable
from tocsin.kit.tokens import TokenExpired, TokenForged
from tocsin.letters.draft import drafts_of
from tocsin.outcomes.sources import count_confirmed, recognise
from tocsin.pages.doors import door
from tocsin.pages.errors import CLOSED, CUT_LINK, GONE, NOT_YET, trouble_page
from tocsin.pages.models import CampaignPage
from tocsin.pages.receive import SeeOther
from tocsin.pages.shares import shares_of
from tocsin.pages.show import address_of, by_yourself, languages_of_address, recipient
from tocsin.readers.files import NoReaders
from tocsin.targets.models import Target


@door("GET", "POST")
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows the letters and changes nothing; only the button, a POST, confirms them."""
    now = timezone.now()
    try:
        action_id, revision = read_confirm_link(token, now=now)
    except TokenForged:
        return trouble_page(request, CUT_LINK)
    except TokenExpired as expired:
        return _expired(request, token, expired_action(expired)[0], now=now)
    if request.method == "POST":
        return _press(request, token, action_id, told=revision, now=now)
    return _show(request, token, action_id, told=revision, now=now)


def _press(
    request: HttpRequest, token: str, action_id: UUID, *, told: int, now: datetime
) -> HttpResponse:
    """Confirm the revision that the page showed, which may be newer than that of the link."""
    shown = request.POST.get("revision", "")
    is_number = shown.isascii() and shown.isdecimal() and len(shown) < 6
    try:
        outcome = confirm_action(action_id=action_id, revision=int(shown) if is_number else told)
    except Unreadable:
        outcome = Confirmed.GONE
    except NoReaders:
        return trouble_page(request, NOT_YET)
    if outcome is Confirmed.RELEASED:
        _count(request, action_id, now=now)
    match outcome:
        case Confirmed.RELEASED | Confirmed.ALREADY:
            return _to_thanks(action_id, now=now)
        case Confirmed.CHANGED:
            return _show(request, token, action_id, told=told, now=now, status=409)
        case Confirmed.CLOSED:
            return trouble_page(request, CLOSED)
        case Confirmed.GONE:
            return trouble_page(request, GONE)


def _count(request: HttpRequest, action_id: UUID, *, now: datetime) -> None:
    """By which channel they came, if the link told; a second click comes never so far."""
    if (named := _named(request)) and (action := _action(action_id)):
        source = recognise(action.campaign, named)
        count_confirmed(campaign=action.campaign, source=source, day=now.date())


def _show(
    request: HttpRequest,
    token: str,
    action_id: UUID,
    *,
    told: int,
    now: datetime,
    status: int = 200,
) -> HttpResponse:
    action = _action(action_id)
    if action is None:
        return trouble_page(request, GONE)
    if action.state != "pending":
        return _to_thanks(action_id, now=now)
    if not action.campaign.is_going:
        return trouble_page(request, CLOSED)
    try:
        drafts = drafts_of(action)
    except Unreadable:
        return trouble_page(request, GONE)
    context = {
        "drafts": drafts,
        "way": action.way,
        "token": token,
        "revision": action.revision,
        "source": recognise(action.campaign, _named(request)),
        "changed": action.revision != told,
        "organisation": action.campaign.organisation,
        "languages": languages_of_address(request.path),
    }
    return render(request, "pages/confirm.html", context, status=status)


def _named(request: HttpRequest) -> str:
    """What the link calls the channel, or the form behind it."""
    return request.POST.get("source") or request.GET.get(SOURCE, "")


def _expired(request: HttpRequest, token: str, action_id: UUID, *, now: datetime) -> HttpResponse:
    action = _action(action_id)
    source = recognise(action.campaign, _named(request)) if action else ""
    if request.method == "POST" and request.POST.get("step") == "renew":
        # If its key is destroyed nothing waits any more, and the answer stays the same.
        with suppress(Unreadable):
            renew_confirmation_of(action_id=action_id, now=now, source=source)
        return SeeOther(f"{request.path}?again=1")
    context = {
        "token": token,
        "source": source,
        "again": "again" in request.GET,
        "languages": languages_of_address(request.path),
    }
    return render(request, "pages/expired.html", context, status=410)


def _to_thanks(action_id: UUID, *, now: datetime) -> HttpResponse:
    return SeeOther(reverse("thanks", args=[make_thanks_link(action_id, now=now)]))


@door("POST")
def refuse(request: HttpRequest, token: str) -> HttpResponse:
    """It wasn't me: erase everything, for as long as nothing has been confirmed."""
    try:
        action_id, _revision = read_confirm_link(token, now=timezone.now())
    except TokenForged:
        return trouble_page(request, CUT_LINK)
    except TokenExpired as expired:
        action_id, _revision = expired_action(expired)
    if not refuse_action(action_id=action_id) and (action := _action(action_id)):
        context = {"organisation": action.campaign.organisation}
        return render(request, "pages/too_late.html", context, status=409)
    return SeeOther(reverse("erased"))


@door("GET")
def erased(request: HttpRequest) -> HttpResponse:
    """That nothing is left."""
    context = {"languages": languages_of_address(request.path)}
    return render(request, "pages/erased.html", context)


@door("GET")
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    """To whom the letters go, how to pass the page on, and one next step."""
    now = timezone.now()
    try:
        action = _action(read_thanks_link(token, now=now))
    except TokenForged:
        return trouble_page(request, CUT_LINK)
    if action is None or action.state == "pending":
        return trouble_page(request, GONE)
    pages = CampaignPage.objects.live().filter(locale__language_code=action.language)
    page = pages.filter(campaign=action.campaign).first()
    others = pages.filter(campaign__in=Campaign.objects.open_at(now)).exclude(
        campaign=action.campaign
    )
    targets = _targets(action)
    context = {
        "way": action.way,
        "recipients": [recipient(target, action.language) for target in targets],
        "page": page,
        "shares": shares_of(address=address_of(page), title=page.title) if page else None,
        "has_poster": action.campaign.is_going,
        "others": others.order_by("-first_published_at")[:3],
        "organisation": action.campaign.organisation,
        "languages": languages_of_address(request.path),
        **(by_yourself(page, targets=targets) if page else {}),
    }
    return render(request, "pages/thanks.html", context)


def _action(action_id: UUID) -> Action | None:
    actions = Action.objects.select_related("campaign__organisation", "supporter")
    return actions.filter(pk=action_id).first()


def _targets(action: Action) -> list[Target]:
    """Those who were written to; until the letters are written, those who will be."""
    if action.state == "written":
        return [letter.target for letter in action.letters.select_related("target").order_by("pk")]
    areas: tuple[int, ...] = ()
    with suppress(Unreadable):
        areas = open_words(action).areas
    rows = action.campaign.campaign_targets.for_country(
        action.country, draw=action.lot, areas=areas
    )
    return [row.target for row in rows]
