"""The pages of a campaign that is prepared: made, copied, checked, and published to open it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.actions.delete_page import DeletePageAction
from wagtail.models import Locale, Page, Site

from tocsin.campaigns.checklist import Point, missing_in, points_of
from tocsin.campaigns.discarding import discard_draft
from tocsin.campaigns.models import DRAFT, Campaign
from tocsin.campaigns.opening import (
    NotReady,
    Opened,
    lock_draft,
    open_campaign,
    plan_opening,
)
from tocsin.kit.addresses import Address
from tocsin.letters.rehearse import rehearsal_link
from tocsin.organisations.models import Organisation
from tocsin.pages.models import CampaignPage, HomePage, SectionPage
from tocsin.pages.sections import lay_out_section
from tocsin.pages.story import missing_in_story
from tocsin.pages.translating import fill_copy
from tocsin.pages.untranslated import texts_of_page

TEXTS = ("lead", "call", "after_heading", "after_text")
"""What a page needs beside its story and its demands."""


COPIED = (
    *("title", "seo_title", "search_description", "neutral_title", "lead", "call"),
    *("story", "facts", "demands", "after_heading", "after_text"),
)
"""What a copy has of its model: all but the address, and what was achieved."""


@dataclass(frozen=True)
class PageOf:
    """A page of a campaign, as the office needs it: where it is edited, what its newest is."""

    pk: int
    language: str
    title: str
    slug: str
    is_whole: bool


def pages_of(campaign: Campaign) -> list[PageOf]:
    """Its pages, the first made first, each as its newest version says."""
    found = []
    for page in _pages(campaign):
        newest = page.get_latest_revision_as_object()
        lacking = _lacking(newest, day=timezone.now().date())
        whole = not lacking and not texts_of_page(newest).missing
        found.append(PageOf(page.pk, page.language, newest.title, newest.slug, whole))
    return found


def languages_of(campaign: Campaign) -> list[str]:
    """The languages that it has a page in."""
    return [page.language for page in _pages(campaign)]


def languages_left(campaign: Campaign) -> list[tuple[str, str]]:
    """Those in which it could have a page, and has none: code and own name."""
    there = languages_of(campaign)
    return [(code, name) for code, name in settings.LANGUAGES if code not in there]


def all_points(campaign: Campaign, *, now: datetime) -> list[Point]:
    """The whole checklist: what the pages say, and then what the ground knows."""
    pages = _pages(campaign)
    newest = [page.get_latest_revision_as_object() for page in pages]

    found = [(page.language, _lacking(page, day=now.date())) for page in newest]

    def lacking(name: str) -> tuple[str, ...]:
        return tuple(language for language, names in found if name in names)

    def point(name: str) -> Point:
        return Point(name, bool(newest) and not lacking(name), lacking(name))

    def nowhere(name: str, lacks: tuple[str, ...]) -> Point:
        """Of what no page has to have."""
        return Point(name, not lacks, lacks)

    languages = [page.language for page in pages]
    half = tuple(page.language for page in newest if texts_of_page(page).missing)
    points = [point(name) for name in ("story", "demands", "page")]
    points += [nowhere(name, lacking(name)) for name in ("pictures", "witnesses")]
    points.append(nowhere("translated", half))
    return [*points, *points_of(campaign, now=now, languages=languages)]


@transaction.atomic
def begin_page(
    campaign: Campaign, *, language: str, title: str, slug: str = "", user: User | None = None
) -> int:
    """An empty page in that language, not published; the number of it.

    With a page in another language it is a copy of the first one, to be translated.
    """
    place = _place(campaign.organisation, language)
    page = CampaignPage(
        campaign=campaign,
        locale=place.locale,
        title=title,
        slug=_free(place, slug or campaign.slug),
        live=False,
        owner=user,
    )
    other = CampaignPage.objects.filter(campaign=campaign).first()
    if other:
        page.translation_key = other.translation_key
    place.add_child(instance=page)
    if other:
        fill_copy(page, user=user)
    else:
        page.save_revision(user=user, clean=False)  # most of it is still to be written
    return int(page.pk)


@transaction.atomic
def copy_pages(model: Campaign, campaign: Campaign, *, user: User | None = None) -> None:
    """Every page of the model in its newest version, as an unpublished page of the other."""
    shared = None
    for page in _pages(model):
        newest = page.get_latest_revision_as_object()
        home = page.get_parent().specific
        copy = CampaignPage(
            campaign=campaign,
            locale=page.locale,
            slug=_free(home, campaign.slug),
            live=False,
            owner=user,
            **{name: getattr(newest, name) for name in COPIED},
        )
        if shared:
            copy.translation_key = shared
        home.add_child(instance=copy)
        copy.save_revision(user=user, clean=False)
        shared = copy.translation_key


@transaction.atomic
def open_now(campaign: Campaign, *, now: datetime, user: User | None = None) -> None:
    """Publish its pages as they are now, and take letters. Raises NotReady, Opened."""
    _publish(campaign, now=now, user=user)
    open_campaign(campaign, now=now, languages=languages_of(campaign))


@transaction.atomic
def open_later(
    campaign: Campaign, *, at: datetime, now: datetime, user: User | None = None
) -> None:
    """The same at that moment, if all is there by then; nobody sees the pages before.

    Raises NotReady if anything is missing now, Opened.
    """
    _publish(campaign, now=now, user=user)
    plan_opening(campaign, at=at)


@transaction.atomic
def discard(campaign: Campaign, *, user: User | None = None) -> None:
    """Throw a draft away with its pages, published or not. Raises Opened, Kept; then all stays."""
    lock_draft(campaign)
    for page in _pages(campaign):
        # Read anew: the tree has changed with each that went.
        gone = DeletePageAction(CampaignPage.objects.get(pk=page.pk), user=user)
        gone.execute(skip_permission_checks=True)
    discard_draft(campaign)


def stage_url(campaign: Campaign, *, page_id: int, tester: Address, now: datetime) -> str:
    """The path of the page on which that tester tries out the draft. Raises OfATarget."""
    token = rehearsal_link(campaign=campaign, page_id=page_id, tester=tester, now=now)
    page = CampaignPage.objects.get(pk=page_id, campaign=campaign)
    with translation.override(page.language):
        return reverse("rehearsal", args=[token])


def _publish(campaign: Campaign, *, now: datetime, user: User | None) -> None:
    if Campaign.objects.get(pk=campaign.pk).state != DRAFT:
        raise Opened
    if missing := missing_in(all_points(campaign, now=now)):
        raise NotReady(missing)
    for page in _pages(campaign):
        revision = page.get_latest_revision() or page.save_revision(user=user)
        revision.publish(user=user, skip_permission_checks=True)


def _pages(campaign: Campaign) -> list[CampaignPage]:
    return list(CampaignPage.objects.filter(campaign=campaign).order_by("pk"))


def _lacking(page: CampaignPage, *, day: date) -> set[str]:
    """The points of the checklist that this page fails on that day."""
    found = {name for name in ("story", "demands") if not len(getattr(page, name))}
    if not all(getattr(page, name).strip() for name in TEXTS):
        found.add("page")
    return found | missing_in_story(page, day=day)


def _place(organisation: Organisation, language: str) -> Page:
    """Below what its pages of that language lie: its section, if it has any, else the home page."""
    home = _home(language, title=organisation.name)
    sections = SectionPage.objects.filter(organisation=organisation)
    if not sections.exists():
        return home
    lay_out_section(organisation)
    return sections.get(locale=home.locale)


def _home(language: str, *, title: str) -> HomePage:
    """The home page of that language, made with the first page in it."""
    found: HomePage | None = HomePage.objects.filter(locale__language_code=language).first()
    if found:
        return found
    locale, _is_new = Locale.objects.get_or_create(language_code=language)
    home = HomePage(title=title, slug=language, locale=locale)
    if other := HomePage.objects.first():
        home.translation_key = other.translation_key
    root = Page.get_first_root_node()
    home.slug = _free(root, home.slug)
    root.add_child(instance=home)
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True, port=80)
    if not HomePage.objects.filter(pk=site.root_page_id).exists():
        # Wagtail's own welcome page is nobody's home.
        site.root_page = home
        site.save()
    return home


def _free(home: Page, slug: str) -> str:
    """The short name, or one like it that no page beside it has."""
    taken = set(home.get_children().values_list("slug", flat=True))
    return next(
        each
        for each in (slug, *(f"{slug}-{number}" for number in range(2, 1000)))
        if each not in taken
    )
