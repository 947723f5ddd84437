"""Somebody asks what is kept about an address: its owner gets a link, whatever is kept."""

from datetime import datetime

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from tocsin.actions.guard import may_mail
from tocsin.kit.addresses import Address, canonical
from tocsin.kit.seal import blind
from tocsin.organisations.models import Organisation
from tocsin.outbox.compose import Mail
from tocsin.outbox.models import Message
from tocsin.outbox.post import post_message
from tocsin.privacy.links import DATA_LIFETIME, data_url
from tocsin.privacy.models import DataMail


class NobodySends(Exception):
    """There is no organisation in whose name a mail could go."""


@transaction.atomic
def send_data_link(*, address: Address, language: str, now: datetime) -> None:
    """Mail the link to the address, within the limit of unasked mails; the answer tells nothing.

    Whether anything is kept is not looked at before the link is opened, so neither the work done
    here nor the mail can tell it. Raises NobodySends.
    """
    organisation = Organisation.objects.order_by("pk").first()
    if organisation is None:
        raise NobodySends
    allowed = may_mail(address, now=now)
    # Written in any case: how long we take must not tell whether the address had its mails. Both
    # ends are one statement, and the nudge goes out with either.
    before = transaction.savepoint()
    mail = _mail(organisation, address=address, language=language, now=now)
    message = post_message(lane=Message.Lane.CONFIRM, mail=mail, now=now)
    DataMail.objects.create(blind=data_mail_blind(address), message=message)
    end = transaction.savepoint_commit if allowed else transaction.savepoint_rollback
    end(before)


def data_mail_blind(address: Address) -> bytes:
    """By which the mails with a link to the data of an address are found again."""
    return blind(canonical(address), salt=b"", purpose="data mail")


def _mail(organisation: Organisation, *, address: Address, language: str, now: datetime) -> Mail:
    context = {
        "organisation": organisation,
        "language": language,
        "url": data_url(address, language=language, now=now),
        "hours": int(DATA_LIFETIME.total_seconds() // 3600),
    }
    with translation.override(language):
        return Mail(
            sender_name=organisation.name,
            sender=f"confirm@{organisation.mail_domain}",
            recipient_name="",
            recipient=address.text,
            reply_to=(organisation.name, organisation.contact),
            subject=_("The link that you asked for"),
            text=render_to_string("mail/your_data.txt", context),
            html=render_to_string("mail/your_data.html", context),
            language=language,
            automatic=True,
        )
