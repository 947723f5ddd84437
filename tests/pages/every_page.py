"""Every public page in every state that it can be in: the one list for all that is proved of it."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

from django.utils import timezone

from tests.factories import AMINA, a_campaign, a_campaign_page, a_target, an_action
from tests.pages.asking import Ask, form, get, in_state, post
from tests.pages.every_block import with_every_block
from tests.pages.every_frame import (
    widget,
    widget_closed,
    widget_elsewhere,
    widget_errors,
    widget_mailbox,
    widget_preview,
    widget_trouble,
)
from tests.pages.filling import body_of, filled, take_url
from tests.privacy.amina import took_part, wrote
from tocsin.actions.links import confirm_url, make_check_link, make_thanks_link
from tocsin.actions.models import Action
from tocsin.campaigns.models import CampaignTarget
from tocsin.kit.addresses import read_address
from tocsin.kit.tokens import make_token
from tocsin.outbox.hold import pause_mailing
from tocsin.outcomes.models import Tally
from tocsin.outcomes.said import count_said
from tocsin.pages.models import CampaignPage
from tocsin.privacy.links import make_data_token
from tocsin.targets.models import Target, TargetAddress


def the_campaign(page: CampaignPage) -> Ask:
    """The campaign page, with a number, and one of those who say that they wrote."""
    count_said(campaign=page.campaign, how="mail", day=timezone.now().date())
    Tally.objects.create(campaign=page.campaign, confirmed=1234)
    return get(page.url)


def all_blocks(page: CampaignPage) -> Ask:
    """The campaign page with every block that a story may have."""
    return get(with_every_block(page).url)


def nobody_yet(page: CampaignPage) -> Ask:
    """The campaign page before the first letter."""
    return get(page.url)


def closed(page: CampaignPage) -> Ask:
    """The campaign page after the end."""
    return in_state(page, "closed")


def paused(page: CampaignPage) -> Ask:
    """The campaign page while it takes no letters."""
    return in_state(page, "paused")


def held(page: CampaignPage) -> Ask:
    """The campaign page while its mail is held: letters are taken, and wait."""
    pause_mailing(page.campaign.mailing)
    return get(page.url)


def won(page: CampaignPage) -> Ask:
    """The campaign page after a good end, with what was achieved."""
    CampaignPage.objects.filter(pk=page.pk).update(result="31 passports\n\nand <two> families")
    Tally.objects.create(campaign=page.campaign, confirmed=20_311)
    return in_state(page, "won")


def archived(page: CampaignPage) -> Ask:
    """The campaign page long after."""
    return in_state(page, "archived")


def home_of_all(page: CampaignPage) -> Ask:
    """The home page with a campaign in each state."""
    for state in ("paused", "won", "closed", "archived"):
        in_state(a_campaign_page(language=page.language), state)
    Tally.objects.create(campaign=page.campaign, confirmed=1234)
    return home(page)


def mastodon(page: CampaignPage) -> Ask:
    """The question for one's server, asked again."""
    return get(f"/{page.language}/campaigns/{page.pk}/mastodon/?host=nothing")


def yourself(page: CampaignPage) -> Ask:
    """The letters that one sends oneself, the first of many, with all that may be shown."""
    for position in range(2, 14):
        row = {"campaign": page.campaign, "target": a_target(), "position": position}
        CampaignTarget.objects.create(**row)
    show_everything(page)
    return get(f"{page.url}yourself/")


def yourself_protected(page: CampaignPage) -> Ask:
    """The same with a letter to the embassy, for somebody who is not to be seen, and typed much."""
    show_everything(page)
    typed = {"country": "FR", "way": "shielded", "own": "Why? " * 100, "letter": "Where? " * 1000}
    return post(f"{page.url}yourself/", body_of(typed).decode())


def yourself_refused(page: CampaignPage) -> Ask:
    """The same with words that cannot be taken over."""
    return post(f"{page.url}yourself/", "own=%00")


def show_everything(page: CampaignPage) -> None:
    """Addresses, and the postal ones; and some said that they wrote."""
    targets = Target.objects.filter(campaign_targets__campaign=page.campaign)
    targets.update(postal_address="1 Example Square\n00000 Beijing\nCHINA")
    TargetAddress.objects.filter(target__in=targets).update(is_public=True)
    count_said(campaign=page.campaign, how="mail", day=timezone.now().date())


def written(page: CampaignPage) -> Ask:
    """Thanks to those who say that they wrote."""
    count_said(campaign=page.campaign, how="post", day=timezone.now().date())
    return get(f"{page.url}yourself/written/")


def written_late(page: CampaignPage) -> Ask:
    """The buttons once more."""
    return post(f"{page.url}yourself/written/", "how=mail")


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
    (all_blocks, 200),
    (nobody_yet, 200),
    (closed, 200),
    (paused, 200),
    (held, 200),
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
    (yourself, 200),
    (yourself_protected, 200),
    (yourself_refused, 422),
    (written, 200),
    (written_late, 422),
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
