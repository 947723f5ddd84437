"""Lay out the section of an organisation: its pages, its images, and who may edit them."""

from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from tocsin.organisations.begin import PlaceTaken
from tocsin.organisations.models import Organisation
from tocsin.organisations.teams import Team
from tocsin.pages.models import CampaignPage, HomePage, SectionPage

ON_PAGES = {
    Team.Role.EDITOR: ("add", "change"),
    Team.Role.PUBLISHER: ("add", "change", "publish", "lock", "unlock"),
}
IN_COLLECTION = ("add", "change", "choose")

TAKEN = {"campaigns", "letter", "look", "oembed", "privacy", "your-data"}
"""First parts of addresses below which other things lie (urls.py)."""


@transaction.atomic
def lay_out_section(organisation: Organisation, *, pages: bool = True) -> int:
    """Make what is missing, and say how much that was; raises PlaceTaken, and then makes nothing.

    A page in each language that has a home page, unless `pages` are not wanted; the permissions
    of its teams on these, and on pages of its campaigns that lie elsewhere.
    """
    made = sum(_page_below(home, organisation) for home in _homes()) if pages else 0
    collection, is_new = _collection(organisation)
    own = SectionPage.objects.filter(organisation=organisation)
    campaigns = CampaignPage.objects.filter(campaign__organisation=organisation)
    sections = Page.objects.filter(pk__in=own.values("pk"))
    elsewhere = Page.objects.filter(pk__in=campaigns.values("pk"))
    for section in sections:
        elsewhere = elsewhere.not_descendant_of(section)
    for team in organisation.teams.select_related("group"):
        for page in (*sections, *elsewhere):
            made += _permit_page(team, page)
        made += _permit_collection(team, collection)
    return made + is_new


def _homes() -> list[HomePage]:
    return list(HomePage.objects.live().select_related("locale").order_by("pk"))


def _page_below(home: HomePage, organisation: Organisation) -> bool:
    own = SectionPage.objects.filter(organisation=organisation)
    if own.filter(locale=home.locale).exists():
        return False
    page = SectionPage(
        organisation=organisation,
        title=organisation.name,
        slug=organisation.slug,
        locale=home.locale,
    )
    if first := own.first():
        page.translation_key = first.translation_key
    if organisation.slug in TAKEN:
        raise PlaceTaken(f"/{organisation.slug}/")
    try:
        home.add_child(instance=page)
    except ValidationError:
        raise PlaceTaken(f"/{home.locale.language_code}/{organisation.slug}/") from None
    page.save_revision().publish()
    return True


def _collection(organisation: Organisation) -> tuple[Collection, bool]:
    """By the short name, which stays when the name is changed."""
    root = Collection.get_first_root_node()
    found = root.get_children().filter(name=organisation.slug).first()
    return (found, False) if found else (root.add_child(name=organisation.slug), True)


def _permit_page(team: Team, page: Page) -> int:
    names = [f"{verb}_page" for verb in ON_PAGES[Team.Role(team.role)]]
    return sum(
        GroupPagePermission.objects.get_or_create(
            group=team.group, page=page, permission=permission
        )[1]
        for permission in Permission.objects.filter(
            content_type__app_label="wagtailcore", codename__in=names
        )
    )


def _permit_collection(team: Team, collection: Collection) -> int:
    names = [f"{verb}_{noun}" for verb in IN_COLLECTION for noun in ("image", "document")]
    apps = ("wagtailimages", "wagtaildocs")
    return sum(
        GroupCollectionPermission.objects.get_or_create(
            group=team.group, collection=collection, permission=permission
        )[1]
        for permission in Permission.objects.filter(
            content_type__app_label__in=apps, codename__in=names
        )
    )
