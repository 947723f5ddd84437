"""Partners in the office: their sites, the code for these, and how many they brought."""

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from tocsin.office.lists import PlainList, column
from tocsin.office.partner_form import AddAndChange, PartnerForm
from tocsin.organisations.partners import Partner
from tocsin.outcomes.sources import brought_by


def no_snippets(_partner: Partner) -> Sequence[object]:
    """What there is before the pages tell their code: none."""
    return ()


def is_active(partner: Partner) -> str:
    """In a word."""
    return gettext("yes") if partner.active else gettext("no")


class PartnerList(PlainList):
    """Partners with their sites."""

    related = ("organisation",)
    any_permission_required = ["view", "change", "add"]


class PartnerPage(generic.InspectView):
    """The code to paste, for each page of a campaign; and who came from there, as a sum."""

    template_name = "office/partner.html"
    snippets_for: Callable[[Partner], Sequence[object]] = staticmethod(no_snippets)

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """The fields, the code and the sums."""
        context: dict[str, Any] = super().get_context_data(**more)
        context["snippets"] = self.snippets_for(self.object)
        context["brought"] = brought_by(self.object)
        return context


class PartnerViewSet(ModelViewSet):
    """Which partners there are, and the form of one.

    `snippets_for` comes from the pages, which this face does not know.
    """

    model = Partner
    icon = "link"
    add_to_admin_menu = False
    copy_view_enabled = False
    index_view_class = PartnerList
    inspect_view_enabled = True
    inspect_view_class = PartnerPage
    inspect_view_fields = ["organisation", "slug", "origins"]
    list_export: list[str] = []
    list_display = [
        "name",
        column("organisation", _("organisation"), "organisation"),
        column("slug", _("short name"), "slug"),
        column("sites", _("sites"), "origins"),
        column("active", _("active"), is_active),
    ]
    snippets_for: Callable[[Partner], Sequence[object]] = staticmethod(no_snippets)

    @property
    def permission_policy(self) -> AddAndChange:
        """Add and change, no more."""
        return AddAndChange(self.model)

    def get_form_class(self, **_asked: bool) -> type[PartnerForm]:
        """The same for a new one and for one that is there."""
        return PartnerForm

    def get_inspect_view_kwargs(self, **more: Any) -> dict[str, Any]:
        """With the code."""
        found: dict[str, Any] = super().get_inspect_view_kwargs(**more)
        return {**found, "snippets_for": self.snippets_for}
