"""Where a page can be read, if not in the language that was asked for."""

from wagtail.models import Page

from tocsin.pages.models import CampaignPage, HomePage
from tocsin.pages.show import Language, languages_at


def languages_elsewhere(path: str) -> list[Language]:
    """The languages of the campaign that has a page of that short name; else of the home pages."""
    slug = path.strip("/").rpartition("/")[2]
    named = CampaignPage.objects.live().public().filter(slug=slug)
    same = CampaignPage.objects.live().public().filter(campaign__in=named.values("campaign"))
    return _where(same) or _where(HomePage.objects.live().public())


def _where(pages: Page) -> list[Language]:
    found = pages.select_related("locale").order_by("pk")
    return languages_at((page.locale.language_code, page.url) for page in found if page.url)
