"""What the public pages show, put together for their templates."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.urls import reverse, translate_url
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info

from tocsin.actions.links import query_of
from tocsin.campaigns.models import Campaign, CampaignTarget
from tocsin.campaigns.sealed_for import has_readers
from tocsin.kit.countries import country_name
from tocsin.letters.draft import Draft
from tocsin.letters.reach import out_of_reach
from tocsin.outcomes.paper import signed_on_paper
from tocsin.outcomes.said import said
from tocsin.outcomes.sources import recognise
from tocsin.outcomes.tally import confirmed, goal_step
from tocsin.pages.covers import cover_of
from tocsin.pages.forms import LetterForm
from tocsin.pages.freshness import issue
from tocsin.pages.letter_help import help_with
from tocsin.pages.offer import offer_of
from tocsin.pages.shares import shares_of
from tocsin.pages.story import story_context
from tocsin.pages.way_words import RISKS, WAY_WORDS, Risk, WayWords
from tocsin.targets.models import Target

if TYPE_CHECKING:  # the pages show themselves by means of this file
    from wagtail.models import Page

    from tocsin.pages.models import CampaignPage


@dataclass(frozen=True)
class Language:
    """A language that the page exists in too: its code, direction, own name, where.

    One of them `is_default`: for readers of every other language.
    """

    code: str
    direction: str
    name: str
    url: str
    is_default: bool = False

    @property
    def address(self) -> str:
        """The whole address: search engines pass over any other."""
        return settings.BASE_URL + urlsplit(self.url).path


@dataclass(frozen=True)
class Recipient:
    """Somebody who is written to, as the public may know them: never the address."""

    name: str
    language: str
    role: str


@dataclass(frozen=True)
class Counter:
    """How many have confirmed, of which step."""

    confirmed: int
    step: int

    @property
    def words(self) -> str:
        """The number that stands out, as people of the language write it."""
        return number_format(self.confirmed, force_grouping=True)

    @property
    def step_words(self) -> str:
        """The step, in the same way."""
        return number_format(self.step, force_grouping=True)


def campaign_context(
    page: CampaignPage,
    *,
    now: datetime,
    preview: bool = False,
    form: LetterForm | None = None,
    issued: str = "",
    drafts: Sequence[Draft] = (),
    previewed: str = "",
    trouble: str = "",
    source: str = "",
    as_open: bool = False,
) -> dict[str, Any]:
    """Everything on a campaign page; without a `form`, with a fresh one.

    `source` is the channel that the address or the form named. `as_open` shows a draft as it will
    be once it is open.
    """
    offer = offer_of(page) if form is None else form.offer
    is_sealable = has_readers(page.campaign, day=now.date())
    if not is_sealable:
        form = offer = None
    standing = page.campaign.State.OPEN if as_open else page.campaign.standing
    is_open = standing == page.campaign.State.OPEN
    if form is None and offer is not None and is_open:
        form = LetterForm(offer=offer)
    return {
        "page": page,
        "preview": preview,
        "form": form,
        **story_context(page, day=now.date(), has_form=form is not None),
        "offer": offer,
        "standing": standing,
        "is_open": is_open,
        "is_sealable": is_sealable,
        "drafts": drafts,
        "previewed": previewed,
        "ways": [WAY_WORDS[way] for way in offer.ways] if offer else [],
        "risks": _risks(offer.ways) if offer else [],
        **help_with(form),
        "trouble": trouble,
        "source": recognise(page.campaign, source),
        "issued": issued or issue(page.pk or 0, now=now),
        "action": "" if preview else reverse("take", args=[page.pk]),
        **_numbers(page.campaign),
        **_written_to(page, preview=preview),
        "languages": languages_of(type(page).objects.filter(campaign=page.campaign).live()),
        "shares": None if preview else shares_of(address=address_of(page), title=page.title),
        **_found_by(page, standing=standing, source=recognise(page.campaign, source)),
    }


def _numbers(campaign: Campaign) -> dict[str, Any]:
    number = confirmed(campaign)
    paper = signed_on_paper(campaign)
    return {
        "counter": Counter(number, goal_step(number, campaign.goal)),
        **said_of(campaign),
        "paper": paper,
        "paper_words": number_format(paper, force_grouping=True),
    }


def _written_to(page: CampaignPage, *, preview: bool) -> dict[str, Any]:
    """Those who get letters; but in a preview, the way to send them oneself."""
    rows = (
        page.campaign.campaign_targets.current()
        .select_related("target")
        .prefetch_related("target__names", "target__addresses")
    )
    scope, size = CampaignTarget.Scope, page.campaign.pool_size
    pool = recipients_of(rows, scope.POOL, page.language)
    is_drawn = 0 < size < len(pool)
    return {
        "everywhere": recipients_of(rows, scope.EVERYONE, page.language)
        + ([] if is_drawn else pool),
        "at_home": recipients_of(rows, scope.COUNTRY, page.language),
        "elsewhere": recipients_of(rows, scope.ELSEWHERE, page.language),
        "in_areas": recipients_of(
            (row for row in rows if row.target.area_id), scope.AREA, page.language
        ),
        "pool": pool if is_drawn else [],
        "pool_size": size,
        **({} if preview else by_yourself(page, targets=[row.target for row in rows])),
    }


def by_yourself(page: CampaignPage, *, targets: Iterable[Target]) -> dict[str, Any]:
    """The way to letters that people send themselves, and why they may want that.

    None leads there from a campaign that has ended.
    """
    if not page.campaign.is_going:
        return {}
    return {
        "yourself": reverse("yourself", args=[place_of(page)]),
        "waits": page.campaign.mailing.paused,
        "unreached": [recipient(each, page.language) for each in out_of_reach(targets)],
    }


def said_of(campaign: Campaign) -> dict[str, object]:
    """How many say that they wrote by themselves, as a number and as people write it."""
    number = said(campaign)
    return {"said": number, "said_words": number_format(number, force_grouping=True)}


def _found_by(page: CampaignPage, *, standing: str, source: str) -> dict[str, Any]:
    states = page.campaign.State
    address = address_of(page)
    asked = urlencode({"url": address + query_of(source)})
    return {
        "organisation": page.campaign.organisation,
        "address": address,
        "oembed_url": f"{settings.BASE_URL}{reverse('oembed')}?{asked}" if address else "",
        "picture": picture_address(page, address=address),
        "has_poster": standing in (states.OPEN, states.PAUSED),
        "linked_data": linked_data(page, organisation=page.campaign.organisation.name),
    }


def picture_address(page: CampaignPage, *, address: str) -> str:
    """The whole address of the share picture, another one for each version; "" without a page."""
    cover = cover_of(page, address=address)
    if cover is None or not page.pk:
        return ""
    return settings.BASE_URL + reverse("picture", args=[page.pk, cover.version])


def linked_data(page: Page, *, organisation: str = "") -> SafeString:
    """What machines read about the page (JSON-LD, schema.org): no more than it shows.

    It stands in a script element of a kind that no browser runs; nothing in it can end that.
    """
    facts = {
        "@context": "https://schema.org",
        "@type": "WebPage" if organisation else "CollectionPage",
        "name": page.title,
        "description": page.search_description or getattr(page, "lead", ""),
        "url": address_of(page),
        "inLanguage": page.locale.language_code,
        "datePublished": page.first_published_at,
        "dateModified": page.last_published_at,
        "publisher": {"@type": "NGO", "name": organisation} if organisation else None,
    }
    text = json.dumps({name: fact for name, fact in facts.items() if fact}, default=_day)
    return SafeString(text.translate(IN_A_SCRIPT))  # no sign of HTML is left in it


IN_A_SCRIPT = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&"}


def _day(moment: datetime) -> str:
    return moment.date().isoformat()


def _risks(offered: tuple[str, ...]) -> list[tuple[Risk, WayWords]]:
    """The questions of the risk check with what each speaks for; none where there is no choice."""
    return [(risk, WAY_WORDS[risk.way(offered)]) for risk in RISKS] if len(offered) > 1 else []


def recipients_of(rows: Iterable[CampaignTarget], scope: str, language: str) -> list[Recipient]:
    """Those of the campaign who get letters of that scope."""
    return [recipient(row.target, language) for row in rows if row.scope == scope]


def recipient(target: Target, language: str) -> Recipient:
    """A target by its name in the language, else by any name that it has."""
    names = {name.language: name.name for name in target.names.all()}
    spoken = language if language in names else next(iter(names), language)
    country = country_name(target.seat or target.country, language)
    kind = str(target.get_kind_display())
    return Recipient(
        name=names.get(spoken, kind),
        language=spoken,
        role=f"{kind[:1].upper()}{kind[1:]} · {country}",
    )


def languages_of(pages: Iterable[Page]) -> list[Language]:
    """The languages of these public pages, which say the same; none where there is no choice."""
    found = languages_at((page.locale.language_code, page.url) for page in pages if page.url)
    return found if len(found) > 1 else []


def languages_of_address(path: str) -> list[Language]:
    """The languages of an address that is the same in each but for the first part."""
    return languages_at((code, translate_url(path, code)) for code, _name in settings.LANGUAGES)


def languages_at(places: Iterable[tuple[str, str]]) -> list[Language]:
    """By code and place; in the order of their own names: who looks for one looks for that."""
    names, found = dict(settings.LANGUAGES), dict(places)
    default = settings.LANGUAGE_CODE if settings.LANGUAGE_CODE in found else next(iter(found), "")
    shown = [
        Language(
            code=code,
            direction="rtl" if get_language_info(code)["bidi"] else "ltr",
            name=names.get(code, code),
            url=url,
            is_default=code == default,
        )
        for code, url in found.items()
    ]
    return sorted(shown, key=lambda language: language.name)


def place_of(page: Page) -> str:
    """Where it lies below the home page of its language: its short name, perhaps in a section."""
    return str(page.url_path).strip("/").partition("/")[2]


def address_of(page: Page) -> str:
    """The page's whole address, as it may be passed on: the same for everybody."""
    return settings.BASE_URL + urlsplit(page.full_url).path if page.full_url else ""
