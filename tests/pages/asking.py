"""What a browser asks for, written down before it is asked."""

from dataclasses import dataclass

from django.test import Client

from tests.pages.filling import FORM, body_of, take_url
from tests.pages.reading import Answer
from tocsin.campaigns.models import Campaign
from tocsin.pages.models import CampaignPage


@dataclass(frozen=True)
class Ask:
    """What a browser asks for: a path, and the body of a form if it sends one."""

    path: str
    body: bytes | None = None

    def answer(self) -> Answer:
        """What comes of it, for a browser without history."""
        if self.body is None:
            return Client().get(self.path)
        return Client().post(self.path, self.body, content_type=FORM)


def get(url: str) -> Ask:
    """Open a page."""
    return Ask(url)


def form(page: CampaignPage, fields: dict[str, str]) -> Ask:
    """Send the form of a campaign page."""
    return Ask(take_url(page), body_of(fields))


def post(url: str, body: str) -> Ask:
    """Send another form."""
    return Ask(url, body.encode())


def in_state(page: CampaignPage, state: str) -> Ask:
    """The campaign page in that state."""
    Campaign.objects.filter(pk=page.campaign.pk).update(state=state)
    return get(page.url)
