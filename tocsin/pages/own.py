"""Which pages somebody of the staff sees: those that they may edit, and nothing of others'."""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import QuerySet
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from tocsin.organisations.teams import organisations_of, sees_all
from tocsin.pages.models import CampaignPage, SectionPage


def own_pages(pages: QuerySet[Page], user: AbstractBaseUser | AnonymousUser) -> QuerySet[Page]:
    """Those of the pages that they have to do with, or that lie above these.

    Whatever a group of Wagtail's permits: of another organisation there is none among them.
    """
    if sees_all(user):
        return pages
    theirs = organisations_of(user).values("pk")
    seen = page_permission_policy.explorable_instances(user)
    seen = seen.exclude(pk__in=SectionPage.objects.exclude(organisation__in=theirs).values("pk"))
    foreign = CampaignPage.objects.exclude(campaign__organisation__in=theirs)
    return pages.filter(pk__in=seen.exclude(pk__in=foreign.values("pk")).values("pk"))
