"""Writing without us: letters for one's own mail program and for the post, and who says so."""

from collections.abc import Collection
from dataclasses import replace

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language

from tocsin.actions.words import Words
from tocsin.campaigns.models import CampaignTarget
from tocsin.campaigns.ways import OPEN
from tocsin.kit.countries import country_choices, country_codes
from tocsin.kit.gate import Refused, clean_text
from tocsin.letters.draft import known_letters
from tocsin.letters.own import OwnLetter, own_letters
from tocsin.outcomes.models import SaidCount
from tocsin.outcomes.said import count_said
from tocsin.pages.area_question import answer_of, passed_on
from tocsin.pages.doors import door
from tocsin.pages.errors import BAD_REQUEST, CLOSED, trouble_page
from tocsin.pages.forms import MOST_LETTER, MOST_OWN, model_of
from tocsin.pages.freshness import Freshness, issue, judge, reissue
from tocsin.pages.models import CampaignPage
from tocsin.pages.receive import SeeOther
from tocsin.pages.shares import shares_of
from tocsin.pages.show import (
    Language,
    Recipient,
    address_of,
    languages_at,
    place_of,
    recipient,
    said_of,
)

MOST_AT_ONCE = 10
"""Letters on one page, which stays light where a hundred are written to."""


@door("GET", "POST")
def yourself(request: HttpRequest, place: str) -> HttpResponse:
    """The letters, each with the ways to send it.

    POST brings words that somebody typed, and their country, along; they are shown and not kept.
    Neither names nor addresses are read, though the form that they were typed in sends them too.
    """
    now = timezone.now()
    page = _page(place)
    campaign = page.campaign
    if not campaign.is_going:
        return trouble_page(request, CLOSED)
    country = request.POST.get("country", "")
    country = country if country in country_codes() else ""
    words, variant = _words(request, page)
    tables = campaign.campaign_targets.area_tables()
    lives = passed_on(request.POST, tables)
    areas = answer_of(lives, tables, country).areas
    named = campaign.offers_open
    letters = own_letters(
        campaign=campaign,
        language=page.language,
        country=country,
        words=replace(words or Words(), areas=areas),
        address=address_of(page),
        named=named,
        variant=variant,
    )
    parts = Paginator(letters, MOST_AT_ONCE)
    part = parts.get_page(request.POST.get("part"))
    context = {
        "page": page,
        "organisation": campaign.organisation,
        "languages": _languages(page),
        "part": part,
        "letters": [(letter, _to(letter, page)) for letter in part],
        "words": words,
        "variant": variant,
        "is_refused": words is None,
        "named": named,
        "is_guarded": campaign.first_way != OPEN or request.POST.get("way", OPEN) != OPEN,
        "is_open": campaign.is_open,
        "waits": campaign.mailing.paused,
        "country": country,
        "countries": _countries(page, also={table.country for table in tables}),
        "tables": tables,
        "lives": lives,
        "issued": issue(page.pk, now=now),
    }
    return render(request, "pages/yourself.html", context, status=422 if words is None else 200)


@door("GET", "POST")
def written(request: HttpRequest, place: str) -> HttpResponse:
    """Somebody says that they wrote: the button adds one to a sum, and to look changes nothing."""
    now = timezone.now()
    page = _page(place)
    if request.method == "POST":
        if not page.campaign.is_going:
            return trouble_page(request, CLOSED)
        how, token = request.POST.get("how", ""), request.POST.get("issued", "")
        if how not in SaidCount.How.values:
            return trouble_page(request, BAD_REQUEST)
        if judge(token, page.pk, now=now) is Freshness.FRESH:
            count_said(campaign=page.campaign, how=how, day=now.date())
            return SeeOther(request.path)
        return _written(request, page, issued=reissue(token, page.pk, now=now))
    return _written(request, page, issued="")


def _written(request: HttpRequest, page: CampaignPage, *, issued: str) -> HttpResponse:
    """Thanks; or, where `issued` is not "", the buttons once more."""
    context = {
        "page": page,
        "organisation": page.campaign.organisation,
        "issued": issued,
        "languages": [] if issued else _languages(page, "written"),
        "shares": shares_of(address=address_of(page), title=page.title),
        **said_of(page.campaign),
    }
    return render(request, "pages/written.html", context, status=422 if issued else 200)


def _page(place: str) -> CampaignPage:
    pages = CampaignPage.objects.live().select_related(
        "campaign__organisation", "campaign__mailing", "locale"
    )
    named = pages.filter(
        slug=place.rpartition("/")[2].replace("\0", ""), locale__language_code=get_language()
    )
    page: CampaignPage | None = next((each for each in named if place_of(each) == place), None)
    if page is None:
        raise Http404
    return page


def _words(request: HttpRequest, page: CampaignPage) -> tuple[Words | None, int]:
    """What was typed, as for a letter that we send, and the number of the model letter.

    No words where the gate refuses them.
    """
    asked = request.POST.get("variant", "")
    try:
        own = clean_text(request.POST.get("own", ""), most=MOST_OWN, optional=True)
        typed = "" if page.campaign.letter_is_fixed else request.POST.get("letter", "")
        body = clean_text(typed, most=MOST_LETTER, optional=True)
        models = known_letters(page.campaign, page.language)
    except Refused:
        return None, 1
    except LookupError:
        raise Http404 from None
    offered = (each for each in models if not each.is_retired)
    first = next(offered, models[0])
    began = next((each for each in models if str(each.variant) == asked), first)
    model = model_of(body, (began, *models))
    return Words(own=own, body="" if model else body), (model or began).variant


def _to(letter: OwnLetter, page: CampaignPage) -> Recipient:
    return recipient(letter.target, page.language)


def _countries(page: CampaignPage, *, also: Collection[str]) -> list[tuple[str, str]]:
    """Those with a target of their own, and these, in the order of the language."""
    rows = page.campaign.campaign_targets.current().filter(scope=CampaignTarget.Scope.COUNTRY)
    seats = set(rows.exclude(target__seat="").values_list("target__seat", flat=True))
    return [choice for choice in country_choices(page.language) if choice[0] in {*seats, *also}]


def _languages(page: CampaignPage, name: str = "yourself") -> list[Language]:
    """The same in the other languages of the campaign; none where there is no choice."""
    places = []
    for other in CampaignPage.objects.live().filter(campaign=page.campaign):
        with translation.override(other.language):
            places.append((other.language, reverse(name, args=[place_of(other)])))
    return languages_at(places) if len(places) > 1 else []
