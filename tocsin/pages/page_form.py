"""The form of a campaign page in the office: a page shows a campaign of its organisation only."""

from typing import Any

from wagtail.admin.forms import WagtailAdminPageForm

from tocsin.campaigns.models import Campaign
from tocsin.organisations.teams import organisations_of


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
