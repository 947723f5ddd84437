"""What the staff can change about a target: what those are shown who write by themselves."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tocsin.kit.gate import Refused, clean_text
from tocsin.targets.models import SHOWN, Target, TargetAddress

MOST_POSTAL = 500


class TargetForm(forms.ModelForm[Target]):
    """The postal address, and which of its addresses the public may see."""

    public = forms.ModelMultipleChoiceField(
        queryset=TargetAddress.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Addresses that may be shown to the public"),
        help_text=SHOWN,
    )

    class Meta:
        model = Target
        fields = ("postal_address",)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["public"]
        field.queryset = TargetAddress.objects.filter(target=self.instance)
        field.initial = field.queryset.filter(is_public=True)

    def clean_postal_address(self) -> str:
        """Lines as they are typed; what nobody could read is refused."""
        typed: str = self.cleaned_data["postal_address"]
        try:
            return clean_text(typed, most=MOST_POSTAL, optional=True)
        except Refused:
            raise forms.ValidationError(_("Something in it cannot be shown.")) from None

    def save(self, *_args: Any, **_options: Any) -> Target:
        """Only what the form asks, at once: an address may have been corrected meanwhile."""
        self.instance.save(update_fields=["postal_address"])
        shown = [each.pk for each in self.cleaned_data["public"]]
        addresses = TargetAddress.objects.filter(target=self.instance)
        addresses.filter(pk__in=shown).update(is_public=True)
        addresses.exclude(pk__in=shown).update(is_public=False)
        return self.instance
