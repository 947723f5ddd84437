"""The form of a campaign page in the office: a page shows a campaign of its organisation only."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm

from tocsin.campaigns.models import Campaign
from tocsin.organisations.teams import organisations_of
from tocsin.pages.testimonies import unallowed

UNALLOWED = _(
    "Block %(number)s quotes a witness, and no consent of that reference holds today. Enter it "
    "under Consents of witnesses, or take the words out."
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
        """A draft may quote a witness whose consent is still to be entered, a public page not."""
        found: dict[str, Any] = super().clean()
        campaign, story = found.get("campaign"), found.get("story")
        if campaign and story and not self.is_deferred_validation:
            day = timezone.now().date()
            barred = unallowed(story, organisation=campaign.organisation, day=day)
            if barred:
                self.add_error("story", UNALLOWED % {"number": list(story).index(barred[0]) + 1})
        return found
