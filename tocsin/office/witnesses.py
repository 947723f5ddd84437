"""Consents of witnesses in the office: which there are, and the form of one."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from tocsin.office.lists import PlainList, column
from tocsin.office.partner_form import AddAndChange
from tocsin.organisations.teams import organisations_of
from tocsin.organisations.witnesses import WitnessConsent

TakeOff = Callable[[WitnessConsent], int]


class WitnessConsentForm(WagtailAdminModelForm):
    """Of one's own organisations; what is withdrawn stays so."""

    class Meta:
        model = WitnessConsent
        fields = ("organisation", "reference", "given_on", "to_be_quoted", "until", "withdrawn_on")
        help_texts = {
            "organisation": _("Whose pages may quote the witness; no other’s may."),
            "given_on": _("The day on the signed paper; before it no page shows the words."),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["organisation"].queryset = organisations_of(self.for_user)
        if self.instance.pk:
            for name in ("organisation", "reference"):
                self.fields[name].disabled = True
        if self.instance.withdrawn_on:
            self.fields["withdrawn_on"].disabled = True

    def clean(self) -> dict[str, Any]:
        """It ends after it begins."""
        found: dict[str, Any] = super().clean()
        given, until = found.get("given_on"), found.get("until")
        if given and until and until < given:
            raise ValidationError({"until": _("That is before the day on which it was given.")})
        return found


def nothing_to_take_off(_consent: WitnessConsent) -> int:
    """What there is before the pages say what they show: nothing."""
    return 0


class WitnessConsentList(PlainList):
    """Consents, with until when each holds."""

    related = ("organisation",)
    any_permission_required = ["view", "change", "add"]


class AddWitnessConsent(generic.CreateView):
    """A new one; where words stand under it that is withdrawn already, they go."""

    take_off: TakeOff = staticmethod(nothing_to_take_off)

    def save_instance(self) -> WitnessConsent:
        """The row, and then the pages."""
        return _followed(super().save_instance(), self.take_off)


class ChangeWitnessConsent(generic.EditView):
    """Until when it holds, and that it was withdrawn."""

    take_off: TakeOff = staticmethod(nothing_to_take_off)

    def save_instance(self) -> WitnessConsent:
        """Likewise."""
        return _followed(super().save_instance(), self.take_off)


def _followed(consent: WitnessConsent, take_off: TakeOff) -> WitnessConsent:
    if consent.withdrawn_on:
        take_off(consent)
    return consent


class WitnessConsentViewSet(ModelViewSet):
    """Which consents there are, and the form of one.

    `take_off` comes from the pages, which this face does not know: it removes the quotes.
    """

    model = WitnessConsent
    icon = "user"
    add_to_admin_menu = False
    copy_view_enabled = False
    index_view_class = WitnessConsentList
    add_view_class = AddWitnessConsent
    edit_view_class = ChangeWitnessConsent
    list_export: list[str] = []
    list_display = [
        "reference",
        column("organisation", _("organisation"), "organisation"),
        column("given_on", _("given on"), "given_on"),
        column("until", _("until"), "until"),
        column("withdrawn_on", _("withdrawn on"), "withdrawn_on"),
    ]
    take_off: TakeOff = staticmethod(nothing_to_take_off)

    @property
    def permission_policy(self) -> AddAndChange:
        """Add and change, no more: that there was one has to be known for good."""
        return AddAndChange(self.model)

    def get_form_class(self, **_asked: bool) -> type[WitnessConsentForm]:
        """The same for a new one and for one that is there."""
        return WitnessConsentForm

    def get_add_view_kwargs(self, **more: Any) -> dict[str, Any]:
        """With what the pages do."""
        found: dict[str, Any] = super().get_add_view_kwargs(**more)
        return {**found, "take_off": self.take_off}

    def get_edit_view_kwargs(self, **more: Any) -> dict[str, Any]:
        """Likewise."""
        found: dict[str, Any] = super().get_edit_view_kwargs(**more)
        return {**found, "take_off": self.take_off}
