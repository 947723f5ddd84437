"""Where a page can be read, if not in the language that was asked for."""

from wagtail.models import Page

from tocsin.pages.models import CampaignPage, HomePage, SectionPage
from tocsin.pages.show import Language, languages_at


def languages_elsewhere(path: str) -> list[Language]:
    """The languages of the campaign or organisation whose page has that short name, or of all."""
    slug = path.strip("/").rpartition("/")[2]
    named = CampaignPage.objects.live().public().filter(slug=slug)
    same = CampaignPage.objects.live().public().filter(campaign__in=named.values("campaign"))
    sections = SectionPage.objects.live().public()
    of_it = sections.filter(organisation__in=sections.filter(slug=slug).values("organisation"))
    return _where(same) or _where(of_it) or _where(HomePage.objects.live().public())


def _where(pages: Page) -> list[Language]:
    found = pages.select_related("locale").order_by("pk")
    return languages_at((page.locale.language_code, page.url) for page in found if page.url)
