"""The form of a partner: which sites, under which source, in which colours."""

from typing import Any

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.permission_policies import ModelPermissionPolicy

from tocsin.organisations.origins import MOST, NoOrigin, Why, read_origins
from tocsin.organisations.partners import Partner
from tocsin.organisations.teams import organisations_of
from tocsin.outcomes.sources import TAKEN

WRONG: dict[Why, Promise] = {
    Why.NONE: _("Name one site at least, like https://www.example.org."),
    Why.TOO_MANY: _("Name at most %(most)s sites."),
    Why.STAR: _("%(line)s: name each site by itself; a * would let in sites of others."),
    Why.NOT_HTTPS: _("%(line)s: a site begins with https://, like https://www.example.org."),
    Why.MORE_THAN_AN_ORIGIN: _(
        "%(line)s: leave out what comes after the name, like /page, and what stands before an @."
    ),
    Why.NO_NAME: _("%(line)s: that is not the name of a site; write it like www.example.org."),
    Why.NO_PORT: _("%(line)s: what stands behind the colon is not the number of a port."),
}
"""What to say about a line that is no origin."""


class AddAndChange(ModelPermissionPolicy):
    """Partners are added and changed; one that is done with is made inactive, its numbers stay."""

    def user_has_permission(self, user: AbstractBaseUser, action: str) -> bool:
        """No to deleting."""
        return action != "delete" and super().user_has_permission(user, action)


class PartnerForm(WagtailAdminModelForm):
    """Keeps the sites as browsers write them, and refuses with a sentence what is none."""

    class Meta:
        model = Partner
        fields = (
            *("organisation", "name", "slug", "origins"),
            *("accent", "night_accent", "active"),
        )
        widgets = {"origins": forms.Textarea(attrs={"rows": 4, "dir": "ltr"})}
        help_texts = {
            "organisation": _(
                "Whose campaigns may stand on its sites. It cannot be changed later."
            ),
            "name": _("As you call it in the office."),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["organisation"].queryset = organisations_of(self.for_user)
        if self.instance.pk:
            for name in ("organisation", "slug"):
                self.fields[name].disabled = True

    def clean_origins(self) -> str:
        """One a line, each once."""
        try:
            return "\n".join(read_origins(self.cleaned_data["origins"]))
        except NoOrigin as refused:
            words = {"line": refused.line, "most": MOST}
            raise ValidationError(str(WRONG[refused.why]), params=words) from None

    def clean_slug(self) -> str:
        """Not one that is counted for something else."""
        slug: str = self.cleaned_data["slug"].lower()
        if slug in TAKEN:
            raise ValidationError(
                _("This name is that of a channel, like poster. Take another one.")
            )
        return slug
