"""The collective letter, in words and into the outbox: a number, and nothing of anybody."""

from datetime import datetime
from enum import StrEnum

from babel import UnknownLocaleError
from babel.numbers import format_decimal
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from tocsin.campaigns.collective import VOICES, CollectiveWording
from tocsin.campaigns.models import Campaign
from tocsin.kit.addresses import alias_local
from tocsin.letters.draft import Draft
from tocsin.letters.editions import CollectiveLetter, Edition
from tocsin.letters.render import Parts, render_text
from tocsin.outbox.compose import Mail
from tocsin.outbox.models import Message
from tocsin.outbox.post import post_message
from tocsin.targets.models import Target


class Missing(StrEnum):
    """What a collective letter lacks; the office says it in words."""

    WORDING = "no wording"
    TARGET = "no target"
    NAME = "a target without a name"
    ADDRESS = "a target without an address"


class CannotBeWritten(Exception):
    """Somebody has to complete the campaign first; until then its voices wait."""

    def __init__(self, missing: Missing) -> None:
        super().__init__(missing)
        self.missing = missing


def draft_collective(*, campaign: Campaign, voices: int) -> list[Draft]:
    """The letter to each target, in its language where there is a wording: what is shown is sent.

    Raises CannotBeWritten.
    """
    wordings = {each.language: each for each in campaign.collective_wordings.all()}
    if not wordings:
        raise CannotBeWritten(Missing.WORDING)
    rows = (
        campaign.campaign_targets.current()
        .select_related("target")
        .prefetch_related("target__names")
    )
    targets = [row.target for row in rows.order_by("position", "pk")]
    if not targets:
        raise CannotBeWritten(Missing.TARGET)
    first = wordings[min(wordings)]
    return [_draft(campaign, each, wordings.get(each.language, first), voices) for each in targets]


def write_edition(*, campaign: Campaign, voices: int, now: datetime) -> Edition:
    """Put the next edition into the outbox, one letter per target, in the caller's transaction.

    Sealed under the key of today: it is nobody's, and what is not sent is cancelled in its time.
    Raises CannotBeWritten.
    """
    newest = Edition.objects.filter(campaign=campaign).aggregate(newest=Max("number"))["newest"]
    edition = Edition.objects.create(
        campaign=campaign, number=(newest or 0) + 1, voices=voices, day=now.date()
    )
    for draft in draft_collective(campaign=campaign, voices=voices):
        message = post_message(
            lane=Message.Lane.LETTER,
            mail=_mail(edition, draft),
            now=now,
            mailing=campaign.mailing,
        )
        CollectiveLetter.objects.create(
            edition=edition, target=draft.target, message=message, language=draft.language
        )
    return edition


def number_in(language: str, number: int) -> str:
    """A number as people of that language write it, whether or not we speak it."""
    try:
        return format_decimal(number, locale=language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return format_decimal(number, locale="en")


def _draft(campaign: Campaign, target: Target, wording: CollectiveWording, voices: int) -> Draft:
    names = {name.language: name for name in target.names.all()}
    if not names:
        raise CannotBeWritten(Missing.NAME)
    called = names.get(wording.language) or next(iter(names.values()))
    number = number_in(wording.language, voices)
    text = render_text(
        Parts(
            salutation=called.salutation,
            opening="",
            own="",
            body=wording.body.replace(VOICES, number),
            fixed="",
            closing=wording.closing,
            name=campaign.organisation.name,
            place="",
            note=_note(campaign, wording.language),
        )
    )
    subject = wording.subject.replace(VOICES, number)
    sender = campaign.organisation.name
    return Draft(sender, target, called.name, wording.language, subject, text)


def _note(campaign: Campaign, language: str) -> str:
    with translation.override(language):
        return _("An answer to this message goes to %(organisation)s.") % {
            "organisation": campaign.organisation.name
        }


def _mail(edition: Edition, draft: Draft) -> Mail:
    campaign = edition.campaign
    organisation = campaign.organisation
    address = draft.target.addresses.first()
    if address is None:
        raise CannotBeWritten(Missing.ADDRESS)
    alias = alias_local(campaign.slug, "", str(edition.number))
    return Mail(
        sender_name=draft.sender_name,
        sender=f"{alias}@{organisation.mail_domain}",
        recipient_name=draft.target_name,
        recipient=address.address,
        reply_to=(organisation.name, organisation.contact),
        subject=draft.subject,
        text=draft.text,
        html=None,
        language=draft.language,
        automatic=False,
    )
