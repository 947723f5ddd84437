"""The mail that asks a person to confirm, or tells that they took part already."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from tocsin.actions.links import CONFIRM_LIFETIME, confirm_url, unconfirmed_until
from tocsin.actions.models import Action, Confirmation
from tocsin.campaigns.models import Campaign
from tocsin.campaigns.ways import WAYS
from tocsin.kit.addresses import Address
from tocsin.organisations.models import Organisation
from tocsin.outbox.compose import Mail
from tocsin.outbox.models import Message
from tocsin.outbox.post import post_message
from tocsin.supporters.person import Person


def ask_to_confirm(*, action: Action, person: Person, now: datetime, source: str = "") -> None:
    """Put the mail with the link into the outbox, in the caller's transaction."""
    context = {
        "name": person.name,
        "url": confirm_url(action, now=now, source=source),
        "hours": _hours_left(action, now=now),
        "way": action.way,
    }
    mail = confirmation_mail(
        campaign=action.campaign, language=action.language, address=person.address, context=context
    )
    message = _post(mail, action=action, now=now, day=action.day)
    Confirmation.objects.create(action=action, message=message)


def confirmation_mail(
    *, campaign: Campaign, language: str, address: Address, context: Mapping[str, object]
) -> Mail:
    """The mail that asks for it; `context` has the name, the url, for how many hours, the way."""
    with translation.override(language):
        if WAYS[str(context["way"])].writes_letters:
            subject = _("Please confirm your letter")
        else:
            subject = _("Please confirm your voice")
    return _written(
        "confirm",
        subject,
        organisation=campaign.organisation,
        language=language,
        address=address,
        context=context,
    )


def tell_already_taken(*, action: Action, address: Address, now: datetime) -> None:
    """Tell the owner of the address, and nobody else, that there is nothing left to do."""
    with translation.override(action.language):
        if WAYS[action.way].writes_letters:
            subject = _("Your letter is on its way already")
        else:
            subject = _("Your voice is counted already")
    mail = _written(
        "already",
        subject,
        organisation=action.campaign.organisation,
        language=action.language,
        address=address,
        context={"way": action.way},
    )
    message = _post(mail, action=action, now=now)
    Confirmation.objects.create(action=action, message=message)


def _hours_left(action: Action, *, now: datetime) -> int:
    """How long the link works: its own lifetime, and no longer than the action is kept."""
    kept_until = datetime.combine(unconfirmed_until(action.day), time.min, tzinfo=UTC)
    return max(1, min(CONFIRM_LIFETIME, kept_until - now) // timedelta(hours=1))


def _written(
    template: str,
    subject: str,
    *,
    organisation: Organisation,
    language: str,
    address: Address,
    context: Mapping[str, object],
) -> Mail:
    context = {**context, "organisation": organisation, "language": language}
    with translation.override(language):
        text = render_to_string(f"mail/{template}.txt", context)
        html = render_to_string(f"mail/{template}.html", context)
    return Mail(
        sender_name=organisation.name,
        sender=f"confirm@{organisation.mail_domain}",
        recipient_name="",
        recipient=address.text,
        reply_to=(organisation.name, organisation.contact),
        subject=subject,
        text=text,
        html=html,
        language=language,
        automatic=True,
    )


def _post(mail: Mail, *, action: Action, now: datetime, day: date | None = None) -> Message:
    return post_message(
        lane=Message.Lane.CONFIRM,
        mail=mail,
        now=now,
        mailing=action.campaign.mailing,
        day=day,
    )
