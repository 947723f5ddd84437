"""The form of a campaign page in the office: whose campaign, words, pictures it may show."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.images.permissions import permission_policy

from tocsin.campaigns.models import Campaign
from tocsin.organisations.teams import organisations_of
from tocsin.pages.story import pictures_in
from tocsin.pages.testimonies import unallowed, withdrawn

UNALLOWED = _(
    "Block %(number)s quotes a witness, and no consent of that reference holds today. Enter it "
    "under Consents of witnesses, or take the words out."
)

WITHDRAWN = _(
    "Block %(number)s quotes a witness who has withdrawn the consent since. Take the words out: "
    "they may not be kept, not even in a draft."
)


class CampaignPageForm(WagtailAdminPageForm):
    """Offers the campaigns of those for whom somebody works; in a section, of that one alone."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        own = Campaign.objects.filter(organisation__in=organisations_of(self.for_user).values("pk"))
        parent = self.parent_page.specific if self.parent_page else None
        if section := getattr(parent, "organisation_id", None):
            own = own.filter(organisation=section)
        if "campaign" in self.fields:
            self.fields["campaign"].queryset = own

    def clean(self) -> dict[str, Any]:
        """A draft may quote a witness whose consent is still to be entered, a public page not.

        None keeps the words of one that was withdrawn, in an editor that was open by then.
        """
        found: dict[str, Any] = super().clean()
        campaign, story = found.get("campaign"), found.get("story")
        if story:
            self._refuse_pictures_of_others(story)
        if campaign and story:
            organisation, blocks = campaign.organisation, list(story)
            words, barred = WITHDRAWN, withdrawn(blocks, organisation=organisation)
            if not barred and not self.is_deferred_validation:
                day = timezone.now().date()
                words, barred = UNALLOWED, unallowed(blocks, organisation=organisation, day=day)
            if barred:
                self.add_error("story", words % {"number": blocks.index(barred[0]) + 1})
        return found

    def _refuse_pictures_of_others(self, story: Any) -> None:
        """The chooser offers none, a forged form may name one. What stands there already may stay.

        It is no error of the form, which would show the picture beside it.
        """
        own = permission_policy.instances_user_has_permission_for(self.for_user, "choose")
        new = pictures_in(story) - pictures_in(self.instance.story)
        if own.filter(pk__in=new).count() < len(new):
            raise PermissionDenied
