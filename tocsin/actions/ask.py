"""The mail that asks a person to confirm, or tells that they took part already."""

from datetime import UTC, date, datetime, time, timedelta

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from tocsin.actions.links import CONFIRM_LIFETIME, confirm_url, unconfirmed_until
from tocsin.actions.models import Action, Confirmation
from tocsin.campaigns.ways import WAYS
from tocsin.kit.addresses import Address
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
    with translation.override(action.language):
        if WAYS[action.way].writes_letters:
            subject = _("Please confirm your letter")
        else:
            subject = _("Please confirm your voice")
    message = _post(
        "confirm",
        subject,
        action=action,
        address=person.address,
        context=context,
        now=now,
        day=action.day,
    )
    Confirmation.objects.create(action=action, message=message)


def tell_already_taken(*, action: Action, address: Address, now: datetime) -> None:
    """Tell the owner of the address, and nobody else, that there is nothing left to do."""
    with translation.override(action.language):
        if WAYS[action.way].writes_letters:
            subject = _("Your letter is on its way already")
        else:
            subject = _("Your voice is counted already")
    context: dict[str, object] = {"way": action.way}
    message = _post("already", subject, action=action, address=address, context=context, now=now)
    Confirmation.objects.create(action=action, message=message)


def _hours_left(action: Action, *, now: datetime) -> int:
    """How long the link works: its own lifetime, and no longer than the action is kept."""
    kept_until = datetime.combine(unconfirmed_until(action.day), time.min, tzinfo=UTC)
    return max(1, min(CONFIRM_LIFETIME, kept_until - now) // timedelta(hours=1))


def _post(
    template: str,
    subject: str,
    *,
    action: Action,
    address: Address,
    context: dict[str, object],
    now: datetime,
    day: date | None = None,
) -> Message:
    organisation = action.campaign.organisation
    context = {**context, "organisation": organisation, "language": action.language}
    with translation.override(action.language):
        text = render_to_string(f"mail/{template}.txt", context)
        html = render_to_string(f"mail/{template}.html", context)
    mail = Mail(
        sender_name=organisation.name,
        sender=f"confirm@{organisation.mail_domain}",
        recipient_name="",
        recipient=address.text,
        reply_to=(organisation.name, organisation.contact),
        subject=subject,
        text=text,
        html=html,
        language=action.language,
        automatic=True,
    )
    return post_message(
        lane=Message.Lane.CONFIRM,
        mail=mail,
        now=now,
        mailing=action.campaign.mailing,
        day=day,
    )
