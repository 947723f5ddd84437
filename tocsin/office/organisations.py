"""Organisations in the office: the look of one, and a new one with all that belongs to it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import log
from wagtail.permission_policies import ModelPermissionPolicy

from tocsin.office.lists import PlainList, column
from tocsin.office.new_organisation import LayOut, left_to_do, set_up
from tocsin.organisations.begin import NoDomain, PlaceTaken, checked_domain
from tocsin.organisations.models import Organisation
from tocsin.organisations.teams import sees_all


def nothing_more(_organisation: Organisation) -> int:
    """What there is before the pages lay out theirs."""
    return 0


class AddBySuperuser(ModelPermissionPolicy):
    """Whoever may change one may do that; a new one is made by those who run the server."""

    def user_has_permission(self, user: AbstractBaseUser, action: str) -> bool:
        """Nobody deletes one."""
        if action == "add":
            return sees_all(user)
        return action in ("view", "change") and super().user_has_permission(user, action)


NAME_HELP = gettext_lazy("As people know it; it stands on its pages and in its mails.")
HELP = {
    "name": NAME_HELP,
    "headings": gettext_lazy("The letters of the headings on its public pages."),
}
"""What is said beside the fields of an organisation that its model says nothing of."""


class NewOrganisationForm(forms.ModelForm[Organisation]):
    """What the command asks as well."""

    class Meta:
        model = Organisation
        fields = ("slug", "name", "contact", "mail_domain")
        help_texts = {
            "slug": gettext_lazy(
                "It stands in the addresses of its pages, and cannot be changed later."
            ),
            "name": NAME_HELP,
        }

    def clean_mail_domain(self) -> str:
        """As it stands in addresses."""
        try:
            return checked_domain(self.cleaned_data["mail_domain"])
        except NoDomain:
            raise forms.ValidationError(_("This is not a domain that mail comes from.")) from None


class NewOrganisation(generic.CreateView):
    """Makes it with its teams, pages and images, and says what is still to be done."""

    lay_out: LayOut = staticmethod(nothing_more)

    def save_instance(self) -> Organisation:
        """All of it, or nothing."""
        made = set_up(**self.form.cleaned_data, lay_out=self.lay_out).organisation
        log(instance=made, action="wagtail.create", content_changed=True)
        return made

    def form_valid(self, form: NewOrganisationForm) -> HttpResponse:
        """Another page may lie where its first one would."""
        try:
            answer: HttpResponse = super().form_valid(form)
        except PlaceTaken as taken:
            form.add_error("slug", _("At %(place)s lies another page.") % {"place": taken})
            self.produced_error_message = self.get_error_message()
            refused: HttpResponse = self.form_invalid(form)
            return refused
        for each in left_to_do(self.object):
            messages.warning(self.request, each)
        return answer


class OrganisationViewSet(ModelViewSet):
    """Whose campaigns they are, and the look of their public pages.

    `lay_out` comes from the pages, which this face does not know.
    """

    model = Organisation
    icon = "group"
    add_to_admin_menu = False
    copy_view_enabled = False
    index_view_class = PlainList
    add_view_class = NewOrganisation
    list_export: list[str] = []
    form_fields = ["name", "contact", "accent", "night_accent", "headings"]
    list_display = ["name", "contact", column("accent", gettext_lazy("colour"), "accent")]
    lay_out: LayOut = staticmethod(nothing_more)

    @property
    def permission_policy(self) -> AddBySuperuser:
        """Look, change, and for some: add."""
        return AddBySuperuser(self.model)

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm[Organisation]]:  # noqa: FBT001, FBT002 - Wagtail's own signature
        """Another one for a new one."""
        found: Any = super().get_form_class(for_update)
        for name, words in HELP.items():
            found.base_fields[name].help_text = words
        return found if for_update else NewOrganisationForm

    def get_add_view_kwargs(self, **more: Any) -> dict[str, Any]:
        """With what lays it out."""
        found: dict[str, Any] = super().get_add_view_kwargs(**more)
        return {**found, "lay_out": self.lay_out}
