"""Your data: ask for the link, see what is kept, correct it, take it back, have it erased."""

import json
from collections.abc import Callable
from dataclasses import asdict
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from tocsin.kit.addresses import Address
from tocsin.kit.countries import country_name
from tocsin.kit.tokens import TokenExpired, TokenForged
from tocsin.pages.doors import door
from tocsin.pages.errors import (
    CUT_LINK,
    NOTHING_KEPT,
    OLD_LINK,
    UNCHANGED,
    UNREADY,
    trouble_page,
)
from tocsin.pages.forms import AddressForm, NameForm
from tocsin.pages.kept_words import ACTION_WORDS, LETTER_WORDS
from tocsin.pages.models import CampaignPage
from tocsin.pages.receive import SeeOther
from tocsin.pages.show import languages_of_address
from tocsin.pages.way_words import WAY_WORDS
from tocsin.privacy.ask import NobodySends, send_data_link
from tocsin.privacy.disclose import KeptAction, disclose
from tocsin.privacy.links import read_data_token
from tocsin.privacy.rights import Corrected, correct_name, erase_person, withdraw_news
from tocsin.readers.files import NoReaders

DONE = ("corrected", "withdrawn", "too_late")
"""What the page may say of the button that was pressed last."""

WAITING = ("ready", "leased", "held")
GONE = ("sending", "in_doubt", "sent", "delivered", "bounced")
"""Letters that an erasure keeps from being sent, and those that it comes too late for."""


def for_owner(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open the link, and give the view the token and whose data it opens."""

    @wraps(view)
    def opened(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponse:
        try:
            owner = read_data_token(token, now=timezone.now())
        except TokenForged:
            return trouble_page(request, CUT_LINK)
        except TokenExpired:
            return trouble_page(request, OLD_LINK)
        return view(request, token, owner, **kwargs)

    return opened


@door("GET", "POST")
def ask(request: HttpRequest) -> HttpResponse:
    """Mail the link to whom the address belongs; the answer is the same for every address."""
    form = AddressForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            send_data_link(
                address=form.cleaned_data["email"],
                language=get_language() or "",
                now=timezone.now(),
            )
        except NobodySends:
            return trouble_page(request, UNREADY)
        return SeeOther(reverse("data-asked"))
    status = 422 if form.is_bound else 200
    return _page(request, "ask_data", {"form": form}, status=status)


@door("GET")
def asked(request: HttpRequest) -> HttpResponse:
    """Where to look now; nothing on the page comes from the address that was typed."""
    return _page(request, "data_asked", {})


@door("GET")
@for_owner
def show(request: HttpRequest, token: str, owner: Address) -> HttpResponse:
    """What is kept. Opening it changes nothing."""
    kept = disclose(address=owner)
    context = {
        "address": owner.text,
        "kept": kept,
        "actions": [_shown(action) for action in kept.actions],
        "done": next((word for word in DONE if word in request.GET), ""),
        "token": token,
    }
    return _page(request, "your_data", context)


@door("GET")
@for_owner
def download(request: HttpRequest, token: str, owner: Address) -> HttpResponse:  # noqa: ARG001
    """The same, to be read by a program."""
    kept = {"address": owner.text, **asdict(disclose(address=owner))}
    text = json.dumps(kept, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
    answer = HttpResponse(text + "\n", content_type="application/json; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="your-data.json"'
    return answer


@door("POST")
@for_owner
def withdraw(request: HttpRequest, token: str, owner: Address, action_id: UUID) -> HttpResponse:
    """No more news, in one click."""
    if not withdraw_news(action_id=action_id, address=owner, now=timezone.now()):
        return trouble_page(request, NOTHING_KEPT)
    return _back(token, "withdrawn")


@door("GET", "POST")
@for_owner
def correct(request: HttpRequest, token: str, owner: Address, action_id: UUID) -> HttpResponse:
    """Another name, as long as no letter bears the old one."""
    found = next((a for a in disclose(address=owner).actions if a.id == action_id), None)
    if found is None:
        return trouble_page(request, NOTHING_KEPT)
    if not found.can_be_corrected:
        return _back(token, "too_late")
    named = {"given": found.given, "family": found.family}
    form = NameForm(request.POST if request.method == "POST" else None, initial=named)
    if request.method == "POST" and form.is_valid():
        return _corrected(request, token, owner, action_id, form.cleaned_data)
    context = {"form": form, "token": token}
    return _page(request, "correct_data", context, status=422 if form.is_bound else 200)


def _corrected(
    request: HttpRequest, token: str, owner: Address, action_id: UUID, named: dict[str, str]
) -> HttpResponse:
    try:
        outcome = correct_name(action_id=action_id, address=owner, **named)
    except NoReaders:
        return trouble_page(request, UNCHANGED)
    match outcome:
        case Corrected.DONE:
            return _back(token, "corrected")
        case Corrected.TOO_LATE:
            return _back(token, "too_late")
        case Corrected.GONE:
            return trouble_page(request, NOTHING_KEPT)


@door("GET", "POST")
@for_owner
def erase(request: HttpRequest, token: str, owner: Address) -> HttpResponse:
    """GET asks once more; only the button, a POST, erases."""
    actions = disclose(address=owner).actions
    has_record = any(action.has_record for action in actions)
    if request.method == "POST":
        erase_person(address=owner, now=timezone.now())
        return SeeOther(reverse("data-erased") + ("?record=1" if has_record else ""))
    letters = [letter for action in actions for letter in action.letters]
    context = {
        "address": owner.text,
        "waiting": sum(letter.state in WAITING for letter in letters),
        "gone": sum(letter.state in GONE for letter in letters),
        "has_record": has_record,
        "token": token,
    }
    return _page(request, "erase_data", context)


@door("GET")
def erased(request: HttpRequest) -> HttpResponse:
    """That nothing is left here, and what may be elsewhere."""
    return _page(request, "data_erased", {"had_record": "record" in request.GET})


def _back(token: str, done: str) -> HttpResponse:
    return SeeOther(f"{reverse('your-data', args=[token])}?{done}=1")


def _shown(action: KeptAction) -> dict[str, Any]:
    """One action as the page shows it: the title of its campaign, states in words."""
    language = get_language() or action.language
    pages = CampaignPage.objects.live().filter(campaign__slug=action.campaign)
    page = pages.filter(locale__language_code=language).first()
    return {
        "kept": action,
        "title": page.title if page else action.campaign,
        "country": country_name(action.country, language),
        "state": ACTION_WORDS[action.state],
        "way": WAY_WORDS[action.way],
        "letters": [(letter, LETTER_WORDS[letter.state]) for letter in action.letters],
    }


def _page(
    request: HttpRequest, name: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    context = {**context, "languages": languages_of_address(request.path)}
    return render(request, f"pages/{name}.html", context, status=status)
