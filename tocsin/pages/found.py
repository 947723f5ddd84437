"""How the public pages are found and followed: for search engines and for readers of feeds."""

import re
from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as sitemap_view
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Page

from tocsin.pages.doors import door
from tocsin.pages.models import CampaignPage, HomePage, SectionPage
from tocsin.pages.show import address_of
from tocsin.pages.story import latest_news

MOST_IN_FEED = 50

ROBOTS = """\
User-agent: *
Disallow: /office/
Disallow: /*/letter/
Disallow: /*/your-data/

Sitemap: {base}/sitemap.xml
"""
"""What is about one person, or for the staff, is nobody's to collect."""

_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

Translations = dict[str, Page]
"""The same page in its languages, by their codes."""

Home = HomePage | SectionPage

if TYPE_CHECKING:  # where these are running they cannot be asked what they are about
    _Sitemap = Sitemap[Translations]
    _Feed = Feed[CampaignPage, Home]
else:
    _Sitemap, _Feed = Sitemap, Feed


@door("GET", cached=True)
def robots(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - the same for everybody
    """What search engines may read."""
    text = ROBOTS.format(base=settings.BASE_URL)
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@door("GET", cached=True)
def sitemap(request: HttpRequest) -> HttpResponseBase:
    """Every public page with its translations, at the address that is the same for everybody."""
    response: HttpResponseBase = sitemap_view(request, sitemaps={"pages": PublicPages()})
    return response


@door("GET", cached=True)
def feed(request: HttpRequest, section: str = "") -> HttpResponseBase:
    """The campaigns of a language, or of one organisation in it, the newest first."""
    response: HttpResponseBase = CampaignFeed()(request, section=section)
    return response


class PublicPages(_Sitemap):
    """Home pages, sections and campaign pages, each language with links to the others."""

    i18n = True
    alternates = True

    def items(self) -> list[Translations]:
        """In an order that stays."""
        found: defaultdict[object, Translations] = defaultdict(dict)
        for home in (*_public(HomePage), *_public(SectionPage)):
            found[home.translation_key][home.locale.language_code] = home
        for page in _public(CampaignPage):
            found[page.campaign_id][page.language] = page
        return list(found.values())

    def get_languages_for_item(self, item: Translations) -> list[str]:
        """Those it is public in."""
        return sorted(item)

    def location(self, item: Translations) -> str:
        """Its path in the language that is asked for."""
        return str(urlsplit(item[get_language() or ""].url).path)

    def lastmod(self, item: Translations) -> datetime | None:
        """When any of its translations was last published."""
        days = [page.last_published_at for page in item.values() if page.last_published_at]
        return max(days, default=None)

    def get_protocol(self, protocol: str | None = None) -> str:  # noqa: ARG002 - ours is known
        """That of our one address, however we were asked."""
        return urlsplit(settings.BASE_URL).scheme

    def get_domain(self, site: Any = None) -> str:  # noqa: ARG002 - ours is known
        """Likewise: who comes by another name, or over Tor, tells a search engine nothing."""
        return urlsplit(settings.BASE_URL).netloc


class CampaignFeed(_Feed):
    """An Atom feed; whoever follows it asks this server alone, and gives no address."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, section: str) -> Home | None:  # noqa: ARG002 - by the language
        """The home page of the language, or the section's."""
        kind = SectionPage if section else HomePage
        found = kind.objects.live().filter(locale__language_code=get_language())
        if section:
            found = found.filter(slug=section).select_related("organisation")
        home: Home | None = found.first()
        if section and home is None:
            raise Http404
        return home

    def title(self, home: Home | None) -> str:
        """That of the home page."""
        return fit_for_xml(home.title) if home else _("Campaigns")

    def link(self, home: Home | None) -> str:
        """The home page."""
        return f"{settings.BASE_URL}/{get_language()}/{_below(home)}"

    def feed_url(self, home: Home | None) -> str:
        """Where it is, however we were asked."""
        return f"{self.link(home)}campaigns.atom"

    def items(self, home: Home | None) -> list[CampaignPage]:
        """Those that are public in this language."""
        pages = CampaignPage.objects.live().public().filter(locale__language_code=get_language())
        if isinstance(home, SectionPage):
            pages = pages.filter(campaign__organisation=home.organisation)
        newest = pages.select_related("campaign__organisation").order_by("-first_published_at")
        return list(newest[:MOST_IN_FEED])

    def item_title(self, item: CampaignPage) -> str:
        """As on the page."""
        return fit_for_xml(item.title)

    def item_description(self, item: CampaignPage) -> str:
        """The lead, or what it gives to search engines; and the newest of what happened."""
        told = (item.search_description or item.lead, escape(latest_news(item)))
        return fit_for_xml(" ".join(filter(None, told)))

    def item_link(self, item: CampaignPage) -> str:
        """Its whole address, by which readers of feeds know it again."""
        return address_of(item)

    def item_author_name(self, item: CampaignPage) -> str:
        """The organisation."""
        return fit_for_xml(item.campaign.organisation.name)

    def item_pubdate(self, item: CampaignPage) -> datetime | None:
        """When it became public."""
        published: datetime | None = item.first_published_at
        return published

    def item_updateddate(self, item: CampaignPage) -> datetime | None:
        """When it was last changed."""
        changed: datetime | None = item.last_published_at
        return changed


def _below(home: Home | None) -> str:
    return f"{home.slug}/" if isinstance(home, SectionPage) else ""


def _public(kind: type[Page]) -> list[Any]:
    """All live pages of that kind that have an address, each with its language."""
    pages = kind.objects.live().public().select_related("locale").order_by("pk")
    return [page for page in pages if page.url]


def fit_for_xml(text: str) -> str:
    """Without the characters that XML has no way to write."""
    return _UNFIT.sub("", text)
