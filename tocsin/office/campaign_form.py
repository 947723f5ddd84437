"""What the staff can change about a campaign: its goal, and the ways to take part."""

from typing import Any

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _
from wagtail.permission_policies import ModelPermissionPolicy

from tocsin.campaigns.models import PERMISSION, Campaign
from tocsin.campaigns.ways import WAYS


class ChangeOnly(ModelPermissionPolicy):
    """Who may change a campaign may do that; nobody adds or deletes one by hand."""

    def user_has_permission(self, user: AbstractBaseUser, action: str) -> bool:
        """No to everything but looking and changing."""
        return action in ("view", "change") and super().user_has_permission(user, action)


class CampaignForm(forms.ModelForm[Campaign]):
    """Refuses with a sentence what the database would refuse without one."""

    class Meta:
        model = Campaign
        fields = ("goal", "offers_open", "offers_shielded", "offers_lent", "first_way")

    def clean(self) -> dict[str, Any]:
        """The first way is one that is offered, and each has the words that people agree to."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        for way in WAYS:
            if typed.get(f"offers_{way}") and (missing := self._without_words(way)):
                self.add_error(
                    f"offers_{way}",
                    _("The words that people agree to are missing in: %(languages)s.")
                    % {"languages": ", ".join(missing)},
                )
        if "first_way" in typed and not typed.get(f"offers_{typed['first_way']}"):
            self.add_error("first_way", _("The first way must be one of those that are offered."))
        return typed

    def save(self, commit: bool = True) -> Campaign:  # noqa: FBT001, FBT002 - Django's own signature
        """Only what the form asks: whether it is open may have changed meanwhile."""
        if commit:
            self.instance.save(update_fields=list(self.Meta.fields))
        return self.instance

    def _without_words(self, way: str) -> list[str]:
        """The languages of the campaign's letters in which nobody could agree to that way."""
        found = self.instance.consents.filter(purpose=PERMISSION[way])
        spoken = set(self.instance.wordings.values_list("language", flat=True))
        return sorted(spoken - set(found.values_list("language", flat=True)))
