"""Every public page in every state that it can be in: the one list for all that is proved of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from django.test import Client
from django.utils import timezone

from tests.factories import AMINA, a_campaign, a_campaign_page, a_partner, an_action
from tests.pages.filling import FORM, body_of, filled, take_url
from tests.pages.reading import Answer
from tests.privacy.amina import took_part, wrote
from tocsin.actions.links import confirm_url, make_check_link, make_thanks_link
from tocsin.actions.models import Action
from tocsin.campaigns.models import Campaign
from tocsin.kit.addresses import read_address
from tocsin.kit.tokens import make_token
from tocsin.outcomes.models import Tally
from tocsin.pages.models import CampaignPage
from tocsin.privacy.links import make_data_token


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


def the_campaign(page: CampaignPage) -> Ask:
    """The campaign page, with a number."""
    Tally.objects.create(campaign=page.campaign, confirmed=1234)
    return get(page.url)


def nobody_yet(page: CampaignPage) -> Ask:
    """The campaign page before the first letter."""
    return get(page.url)


def closed(page: CampaignPage) -> Ask:
    """The campaign page after the end."""
    return in_state(page, "closed")


def paused(page: CampaignPage) -> Ask:
    """The campaign page while it takes no letters."""
    return in_state(page, "paused")


def won(page: CampaignPage) -> Ask:
    """The campaign page after a good end, with what was achieved."""
    CampaignPage.objects.filter(pk=page.pk).update(result="31 passports\n\nand <two> families")
    Tally.objects.create(campaign=page.campaign, confirmed=20_311)
    return in_state(page, "won")


def archived(page: CampaignPage) -> Ask:
    """The campaign page long after."""
    return in_state(page, "archived")


def in_state(page: CampaignPage, state: str) -> Ask:
    """The campaign page in that state."""
    Campaign.objects.filter(pk=page.campaign.pk).update(state=state)
    return get(page.url)


def home_of_all(page: CampaignPage) -> Ask:
    """The home page with a campaign in each state."""
    for state in ("paused", "won", "closed", "archived"):
        in_state(a_campaign_page(language=page.language), state)
    Tally.objects.create(campaign=page.campaign, confirmed=1234)
    return home(page)


def mastodon(page: CampaignPage) -> Ask:
    """The question for one's server, asked again."""
    return get(f"/{page.language}/campaigns/{page.pk}/mastodon/?host=nothing")


def unready(page: CampaignPage) -> Ask:
    """The campaign page while there is nobody to write to."""
    page.campaign.campaign_targets.all().delete()
    return get(page.url)


def errors(page: CampaignPage) -> Ask:
    """The form with an error at every field."""
    return form(page, {"own": "\0", "letter": "\0", "family": "=1"})


def preview(page: CampaignPage) -> Ask:
    """The form with the letters."""
    return form(page, filled(page, step="preview", own="<b>&amp;'\""))


def check(page: CampaignPage) -> Ask:
    """Check your mail."""
    address = read_address("amina@mail.example")
    token = make_check_link(campaign_page_id=page.pk, address=address, now=timezone.now())
    return get(f"/{page.language}/letter/check-mail/{token}/?again=1")


def an_open_action(page: CampaignPage) -> Action:
    """Somebody who has the mail before them."""
    return an_action(page.campaign, language=page.language, now=timezone.now())


def confirm(page: CampaignPage) -> Ask:
    """Confirm, with a word about a newer version."""
    url = confirm_url(an_open_action(page), now=timezone.now())
    Action.objects.update(revision=2)
    return get(urlsplit(url).path)


def expired(page: CampaignPage) -> Ask:
    """A link whose time is over."""
    subject = f"{an_open_action(page).pk}.1"
    token = make_token(purpose="confirm", subject=subject, now=timezone.now().replace(year=2024))
    return get(f"/{page.language}/letter/confirm/{token}/?again=1")


def thanks(page: CampaignPage) -> Ask:
    """Thanks, with another campaign to go on with."""
    a_campaign_page(language=page.language)
    action = an_open_action(page)
    Action.objects.update(state="written")
    token = make_thanks_link(action.pk, now=timezone.now())
    return get(f"/{page.language}/letter/thanks/{token}/")


def too_late(page: CampaignPage) -> Ask:
    """It was not me, after the confirmation."""
    url = confirm_url(an_open_action(page), now=timezone.now())
    Action.objects.update(state="written")
    return Ask(urlsplit(url).path.replace("/confirm/", "/refuse/"), b"")


def home(page: CampaignPage) -> Ask:
    """The list of campaigns."""
    return get(f"/{page.language}/")


def privacy(page: CampaignPage) -> Ask:
    """What is kept."""
    return get(f"/{page.language}/privacy/")


def erased(page: CampaignPage) -> Ask:
    """Nothing is left."""
    return get(f"/{page.language}/letter/erased/")


def ask_data(page: CampaignPage) -> Ask:
    """Ask what is kept."""
    return get(f"/{page.language}/your-data/")


def ask_data_wrongly(page: CampaignPage) -> Ask:
    """The same, with an address that cannot be."""
    return post(f"/{page.language}/your-data/", "email=amina")


def data_asked(page: CampaignPage) -> Ask:
    """Where to look now."""
    return get(f"/{page.language}/your-data/asked/")


def your_data(page: CampaignPage) -> Ask:
    """What is kept: an action with its letters and one that waits, another language, a note."""
    wrote(page.campaign, now=timezone.now())
    took_part(a_campaign(), now=timezone.now())
    return get(f"{data_path(page)}?withdrawn=1")


def no_data(page: CampaignPage) -> Ask:
    """Nothing is kept."""
    return get(data_path(page))


def correct_data(page: CampaignPage) -> Ask:
    """The form for the name."""
    return get(f"{data_path(page)}correct/{an_open_action(page).pk}/")


def correct_data_wrongly(page: CampaignPage) -> Ask:
    """The same, with names that cannot be."""
    return post(f"{data_path(page)}correct/{an_open_action(page).pk}/", "given=&family=%3D1")


def erase_data(page: CampaignPage) -> Ask:
    """Erase everything?"""
    wrote(page.campaign, now=timezone.now())
    return get(f"{data_path(page)}erase/")


def data_erased(page: CampaignPage) -> Ask:
    """Nothing of it is left."""
    return get(f"/{page.language}/your-data/erased/")


def old_data_link(page: CampaignPage) -> Ask:
    """A link of last year."""
    token = make_data_token(AMINA.address, now=timezone.now() - timedelta(days=365))
    return get(f"/{page.language}/your-data/open/{token}/")


def data_path(page: CampaignPage) -> str:
    """The page behind Amina's link."""
    token = make_data_token(AMINA.address, now=timezone.now())
    return f"/{page.language}/your-data/open/{token}/"


def not_found(page: CampaignPage) -> Ask:
    """A page that does not exist."""
    return get(f"/{page.language}/nowhere/")


def wrong_method(page: CampaignPage) -> Ask:
    """The form's address, opened."""
    return get(take_url(page))


def too_large(page: CampaignPage) -> Ask:
    """A form of a megabyte."""
    return form(page, {"letter": "a" * 1_000_000})


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


def in_language(page: CampaignPage, language: str) -> CampaignPage:
    """The page of the same campaign in that language, with the English words if it has no other."""
    if page.language == language:
        return page
    campaign = page.campaign
    if not campaign.wordings.filter(language=language).exists():
        for rows in (campaign.wordings, campaign.consents):
            for row in rows.filter(language="en"):
                row.pk, row.language = type(row)().pk, language
                row.save(force_insert=True)
                rows.add(row)
    return a_campaign_page(campaign, language=language)


PAGES: list[tuple[Callable[[CampaignPage], Ask], int]] = [
    (the_campaign, 200),
    (nobody_yet, 200),
    (closed, 200),
    (paused, 200),
    (won, 200),
    (archived, 200),
    (unready, 200),
    (errors, 422),
    (preview, 200),
    (check, 200),
    (confirm, 200),
    (expired, 410),
    (thanks, 200),
    (too_late, 409),
    (home, 200),
    (home_of_all, 200),
    (mastodon, 422),
    (privacy, 200),
    (erased, 200),
    (ask_data, 200),
    (ask_data_wrongly, 422),
    (data_asked, 200),
    (your_data, 200),
    (no_data, 200),
    (correct_data, 200),
    (correct_data_wrongly, 422),
    (erase_data, 200),
    (data_erased, 200),
    (old_data_link, 410),
    (not_found, 404),
    (widget, 200),
    (widget_errors, 422),
    (widget_preview, 200),
    (widget_elsewhere, 200),
    (widget_closed, 200),
    (widget_mailbox, 200),
    (widget_trouble, 404),
    (wrong_method, 405),
    (too_large, 413),
]
"""How each is brought about, beginning with a page that nobody has used; and its status."""
