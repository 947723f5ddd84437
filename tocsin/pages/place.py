"""Where a form stands: on its campaign's page, or in a frame on a partner's site."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language

from tocsin.actions.links import query_of
from tocsin.campaigns.ways import OPEN
from tocsin.organisations.partners import Partner
from tocsin.outcomes.sources import recognise
from tocsin.pages.models import CampaignPage
from tocsin.pages.show import address_of, campaign_context


@dataclass(frozen=True)
class Place:
    """The campaign page itself."""

    page: CampaignPage
    template: ClassVar[str] = "pages/campaign.html"
    mailbox_template: ClassVar[str] = "pages/check_mail.html"

    @property
    def takes_forms(self) -> bool:
        """Whether a form may stand here."""
        return True

    @property
    def is_open(self) -> bool:
        """Whether people can take part here now."""
        return bool(self.page.campaign.is_open)

    def source(self, named: str, /) -> str:
        """By which source somebody comes who brings that name along."""
        return recognise(self.page.campaign, named)

    def context(self, *, now: datetime, named: str = "", **shown: Any) -> dict[str, Any]:
        """All that is shown; see campaign_context."""
        return campaign_context(self.page, now=now, source=self.source(named), **shown)

    def mailbox(self, token: str, source: str, /) -> str:
        """Where somebody is told to look into their mailbox."""
        return reverse("check-mail", args=[token]) + query_of(source)

    def surroundings(self) -> dict[str, Any]:
        """What each page of this place has, whatever is on it."""
        page = self.page
        return {"page": page, "organisation": page.campaign.organisation, "back_url": page.url}

    def show(
        self, request: HttpRequest, context: dict[str, Any], *, status: int = 200
    ) -> HttpResponse:
        """The page with that on it."""
        return render(request, self.template, context, status=status)


@dataclass(frozen=True)
class Frame(Place):
    """The frame on the site of a partner, for whom everybody is counted who takes part in it."""

    partner: Partner
    template: ClassVar[str] = "pages/widget.html"
    mailbox_template: ClassVar[str] = "pages/widget_mailbox.html"

    @property
    def url(self) -> str:
        """Where it is on our site."""
        return reverse("widget", args=[self.page.pk, self.partner.slug])

    @property
    def takes_forms(self) -> bool:
        """Only where openly is the only way: who has something to hide does not on foreign ground.

        To offer one way of several in the frame would be to choose for people.
        """
        return bool(self.page.campaign.ways == (OPEN,))

    def source(self, _named: str, /) -> str:
        """The partner, whatever is named."""
        return self.partner.slug

    def context(self, *, now: datetime, named: str = "", **shown: Any) -> dict[str, Any]:
        """The same as on the page, and where else it leads."""
        found = super().context(now=now, named=named, **shown)
        if not self.takes_forms:
            found["form"] = None
        return {
            **found,
            **self.surroundings(),
            "takes_forms": self.takes_forms,
            "action": self.url,
            "yourself": "",  # no other page of ours may stand in a frame
        }

    def mailbox(self, token: str, _source: str, /) -> str:
        """A page in the same frame."""
        return reverse("widget-mailbox", args=[self.page.pk, self.partner.slug, token])

    def surroundings(self) -> dict[str, Any]:
        """The partner's look, who may hear how high the frame is, and the whole page."""
        address = address_of(self.page)
        return {
            **super().surroundings(),
            "partner": self.partner,
            "origins": " ".join(self.partner.framed_on),
            "back_url": self.url,
            "whole_page": address and address + query_of(self.partner.slug),
        }


def public_page(page_id: int) -> CampaignPage:
    """The page of that number, in the language of the address; Http404 if it is not public."""
    pages = CampaignPage.objects.live().select_related("campaign__organisation", "locale")
    page: CampaignPage = get_object_or_404(pages, pk=page_id, locale__language_code=get_language())
    return page


def frame_address(page: CampaignPage, partner: Partner) -> str:
    """The whole address of a frame, as it stands in the code of a partner's site."""
    return settings.BASE_URL + Frame(page, partner).url
