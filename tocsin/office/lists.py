"""What the staff can look at: campaigns and what is in their lists, and nobody's personal data."""

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.urls import reverse
from django.utils.functional import Promise, lazy
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy

from tocsin.campaigns.models import Campaign
from tocsin.office.directory_urls import DirectoryViewSet
from tocsin.office.scope import within
from tocsin.office.words import (
    CAMPAIGN_WORDS,
    SOURCE_WORDS,
    WAY_NAMES,
)
from tocsin.organisations.partners import Partner
from tocsin.outcomes.said import with_said
from tocsin.outcomes.sources import sources_of
from tocsin.privacy.schedule import campaign_erased_on


def _heading(label: Promise) -> str:
    return str(capfirst(str(label)))


in_heading = lazy(_heading, str)


class LookOnly(ModelPermissionPolicy):
    """Whoever may see a noun may see its list; nobody changes it by hand."""

    def user_has_permission(self, user: AbstractBaseUser, action: str) -> bool:
        """No to everything but looking."""
        return action == "view" and super().user_has_permission(user, action)


class PlainList(generic.IndexView):
    """A list in its own order, without buttons that change anything."""

    related: tuple[str, ...] = ()
    any_permission_required = ["view"]

    def get_base_queryset(self) -> models.QuerySet[Any]:
        """Those that the reader may see, with what their columns show, in one query."""
        rows: models.QuerySet[Any] = super().get_base_queryset()
        return within(self.request.user, rows).select_related(*self.related)


class ReadOnlyViewSet(ModelViewSet):
    """The list of one noun, and nothing else."""

    add_to_admin_menu = False
    copy_view_enabled = False
    list_export: list[str] = []
    list_per_page = 50

    @property
    def permission_policy(self) -> LookOnly:
        """Look, do not touch."""
        return LookOnly(self.model)


def in_words(words: dict[str, Any], path: str) -> Any:
    """An accessor for a column: the state found along `path`, in the reader's language."""

    def read(row: models.Model) -> str:
        found: Any = row
        for name in path.split("."):
            found = getattr(found, name)
        return str(words[found])

    return read


def column(name: str, label: Promise, accessor: Any) -> Column:
    """A column whose heading begins with a capital, as Wagtail's own do."""
    return Column(name, label=in_heading(label), accessor=accessor)


class CampaignList(PlainList):
    """Campaigns with their ends."""

    related = ("ending",)
    any_permission_required = ["view", "change"]

    def get_base_queryset(self) -> models.QuerySet[Any]:
        """The rows, with what people said of letters of their own."""
        return with_said(super().get_base_queryset())


def said_there(campaign: Campaign) -> str:
    """How many say that they wrote by themselves: by e-mail, by post."""
    by_mail, by_post = vars(campaign)["said_mail"], vars(campaign)["said_post"]
    return f"{by_mail} + {by_post}" if by_mail or by_post else ""


def the_way(_campaign: Campaign) -> str:
    """The words of the link."""
    return gettext("Open the guide")


def way_url(campaign: Campaign) -> str:
    """Where a campaign is prepared, opened and ended."""
    return reverse("guide", args=[campaign.pk])


def where_it_is(campaign: Campaign) -> str:
    """Open, closed, or closed for good."""
    return str(CAMPAIGN_WORDS["erased" if campaign.erased_on else campaign.state])


def erased_when(campaign: Campaign) -> date | None:
    """The day on which it was erased, or will be when it is not opened again before."""
    ending = getattr(campaign, "ending", None)
    if campaign.erased_on or ending is None:
        return campaign.erased_on
    return campaign_erased_on(ending.seen, keep_days=settings.KEEP_DAYS)


def ended_when(campaign: Campaign) -> date | None:
    """The day on which it was seen to have ended."""
    ending = getattr(campaign, "ending", None)
    return ending.seen if ending else None


class CampaignSources(generic.InspectView):
    """By which channels and partners people come to a campaign, as sums."""

    template_name = "office/sources.html"
    page_title = _("Where people come from")

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Each source by the name that is read, with its two sums."""
        context: dict[str, Any] = super().get_context_data(**more)
        partners = dict(
            Partner.objects.filter(organisation=self.object.organisation).values_list(
                "slug", "name"
            )
        )
        names = {**partners, **SOURCE_WORDS}
        context["sources"] = [
            (names.get(source, source), taken, confirmed)
            for source, taken, confirmed in sources_of(self.object)
        ]
        return context


class CampaignViewSet(ReadOnlyViewSet):
    """Which campaigns there are, until when they know who took part; each is led by its guide."""

    model = Campaign
    icon = "calendar"
    index_view_class = CampaignList
    form_fields = ["state"]
    inspect_view_enabled = True
    inspect_view_class = CampaignSources
    inspect_view_fields = ["slug"]
    list_display = [
        "slug",
        TitleColumn(
            "guide",
            label=in_heading(_("guided way")),
            accessor=the_way,
            get_url=way_url,
        ),
        column("state", _("state"), where_it_is),
        column("first_way", _("first way"), in_words(WAY_NAMES, "first_way")),
        column("said", _("say they wrote (by e-mail + by post)"), said_there),
        column("ended", _("ended on"), ended_when),
        column("erased", _("erased on"), erased_when),
    ]


class CampaignDesk(ViewSetGroup):
    """The entry of the menu that leads to the lists."""

    menu_label = _("Letters")
    menu_icon = "mail"
    menu_order = 150
    items: tuple[ViewSet, ...] = (
        DirectoryViewSet("targets"),
        CampaignViewSet("campaigns"),
    )
