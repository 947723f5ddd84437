"""The frame on a partner's site in every state that it can be in."""

from django.utils import timezone

from tests.factories import a_partner
from tests.pages.asking import Ask, get, in_state
from tests.pages.filling import body_of, filled
from tocsin.actions.links import make_check_link
from tocsin.campaigns.models import Campaign
from tocsin.kit.addresses import read_address
from tocsin.outcomes.models import Tally
from tocsin.pages.models import CampaignPage


def widget(page: CampaignPage) -> Ask:
    """The form in a frame on a partner's site, in colours of its own."""
    Tally.objects.get_or_create(campaign=page.campaign, defaults={"confirmed": 1234})
    return get(frame_path(page))


def widget_errors(page: CampaignPage) -> Ask:
    """The same with an error at every field."""
    return Ask(frame_path(page), body_of({"own": "\0", "letter": "\0", "family": "=1"}))


def widget_preview(page: CampaignPage) -> Ask:
    """The same with the letters."""
    return Ask(frame_path(page), body_of(filled(page, step="preview")))


def widget_elsewhere(page: CampaignPage) -> Ask:
    """The frame of a campaign in which one can take part without a name: a link."""
    offer_openly_alone(page, shielded=True)
    return get(f"/{page.language}/campaigns/{page.pk}/embed/{the_partner(page)}/")


def widget_closed(page: CampaignPage) -> Ask:
    """The frame after the end."""
    path = frame_path(page)
    in_state(page, "won")
    return get(path)


def widget_mailbox(page: CampaignPage) -> Ask:
    """Check your mail, in the frame."""
    address = read_address("amina@mail.example")
    token = make_check_link(campaign_page_id=page.pk, address=address, now=timezone.now())
    return get(f"{frame_path(page)}check-mail/{token}/?again=1")


def widget_trouble(page: CampaignPage) -> Ask:
    """A page of trouble, in the frame."""
    return get(f"{frame_path(page)}check-mail/cut/")


def frame_path(page: CampaignPage) -> str:
    """Where the frame is; the campaign has one way, without which there is no form in it."""
    offer_openly_alone(page)
    return f"/{page.language}/campaigns/{page.pk}/embed/{the_partner(page)}/"


def the_partner(page: CampaignPage) -> str:
    """The short name of a partner with colours of its own."""
    return a_partner(page.campaign.organisation, accent="#0b5d3b", night_accent="#7fd1a6").slug


def offer_openly_alone(page: CampaignPage, *, shielded: bool = False) -> None:
    """Openly is the only way, or one of two."""
    Campaign.objects.filter(pk=page.campaign.pk).update(
        first_way="open", offers_open=True, offers_shielded=shielded, offers_lent=False
    )
    page.campaign.refresh_from_db()
