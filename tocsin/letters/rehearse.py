"""A test run: the form, the mails and the letters of a draft, for the tester alone.

The tester's address is in the link that the office made, encrypted; what it says is the only
address that anything of a test run goes to. The letters are made as real ones are (draft.py,
write.py), and posted in the lane of the staff: that lane knows no mailbox of a target.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from tocsin.actions.ask import confirmation_mail
from tocsin.actions.words import Words
from tocsin.campaigns.checklist import letters_mark
from tocsin.campaigns.models import DRAFT, Campaign
from tocsin.campaigns.rehearsal import Rehearsal, RehearsalMail
from tocsin.campaigns.ways import WAYS
from tocsin.kit.addresses import Address, canonical, read_address
from tocsin.kit.clock import to_the_hour
from tocsin.kit.seal import seal, unseal
from tocsin.kit.tokens import make_sealed_token, make_token, read_sealed_token, read_token
from tocsin.letters.draft import Draft, draft_letters
from tocsin.letters.write import fresh_code, letter_mail
from tocsin.outbox.compose import Mail
from tocsin.outbox.destinations import Mailbox
from tocsin.outbox.models import Message
from tocsin.outbox.post import post_message
from tocsin.supporters.person import Person
from tocsin.targets.models import TargetAddress

LIFETIME = timedelta(hours=6)
"""How long the links of a test run work."""

MOST = 20
"""So many test runs a campaign has at the same time: nobody fills a mailbox with them."""


class NotATest(Exception):
    """The campaign is no draft any more, or nothing is left of that test run."""


class TooMany(Exception):
    """There are as many test runs of it as there may be; the oldest go after a day."""


class OfATarget(Exception):
    """Somebody is written to at that address: no test run may reach them."""


@dataclass(frozen=True)
class Rehearsed:
    """What the tester filled in; `person` has the tester's own address, whatever was typed."""

    person: Person
    words: Words
    country: str
    way: str
    variant: int


def rehearsal_link(*, campaign: Campaign, page_id: int, tester: Address, now: datetime) -> str:
    """The token of the page on which that tester fills in the form. Raises OfATarget."""
    _refuse_targets(tester)
    values: list[str | int] = [campaign.pk, page_id, tester.text]
    return make_sealed_token(purpose="rehearse", values=values, now=now)


def read_rehearsal_link(token: str, *, now: datetime) -> tuple[int, int, Address]:
    """Campaign, page and tester; raises TokenForged, TokenExpired."""
    campaign, page, tester = read_sealed_token(
        purpose="rehearse", token=token, lifetime=LIFETIME, now=now
    )
    return campaign, page, read_address(tester)


@transaction.atomic
def rehearse(*, campaign: Campaign, typed: Rehearsed, language: str, now: datetime) -> Rehearsal:
    """Keep what was filled in, and mail the tester the link to confirm it.

    Raises NotATest, TooMany, OfATarget.
    """
    campaign = _draft(campaign.pk)
    tester = typed.person.address
    _refuse_targets(tester)
    if campaign.rehearsals.count() >= MOST:
        raise TooMany
    run = Rehearsal(campaign=campaign, language=language, made_at=to_the_hour(now))
    run.sealed = seal(_packed(typed), day=now.date(), about=_about(run))
    run.save()
    context = {
        "name": typed.person.name,
        "url": _confirm_url(run, now=now),
        "hours": LIFETIME // timedelta(hours=1),
        "way": typed.way,
    }
    mail = confirmation_mail(campaign=campaign, language=language, address=tester, context=context)
    _post(run, mail, now=now, is_letter=False)
    return run


def read_confirm_rehearsal(token: str, *, now: datetime) -> UUID:
    """The test run of a link in its mail; raises TokenForged, TokenExpired."""
    token_of = read_token(purpose="rehearsal", token=token, lifetime=LIFETIME, now=now)
    return UUID(token_of)


def rehearsal_of(run_id: UUID) -> Rehearsal:
    """A test run of a draft; raises NotATest."""
    runs = Rehearsal.objects.select_related("campaign__organisation", "campaign__mailing")
    found = runs.filter(pk=run_id, campaign__state=DRAFT).first()
    if found is None:
        raise NotATest
    return found


def rehearsed(run: Rehearsal) -> Rehearsed:
    """What was filled in; raises kit.seal.Unreadable."""
    given, family, tester, own, body, country, way, variant, *areas = json.loads(
        unseal(run.sealed, about=_about(run))
    )
    return Rehearsed(
        person=Person(given=given, family=family, address=read_address(tester)),
        words=Words(own=own, body=body, areas=tuple(areas[0]) if areas else ()),
        country=country,
        way=way,
        variant=variant,
    )


def drafts_of_rehearsal(run: Rehearsal) -> list[Draft]:
    """The letters of a test run, in words."""
    typed = rehearsed(run)
    return draft_letters(
        campaign=run.campaign,
        language=run.language,
        country=typed.country,
        given=typed.person.given,
        family=typed.person.family,
        words=typed.words,
        way=typed.way,
        variant=typed.variant,
        draw=str(run.pk),
    )


@transaction.atomic
def confirm_rehearsal(run_id: UUID, *, now: datetime) -> Rehearsal:
    """Post the letters to the tester, once; raises NotATest, OfATarget.

    None waits for a drawn hour: nobody is to be protected.
    """
    run = rehearsal_of(run_id)
    campaign = _draft(run.campaign_id)
    run = Rehearsal.objects.select_for_update().get(pk=run.pk)
    run.campaign = campaign
    if run.mark:
        return run
    typed = rehearsed(run)
    _refuse_targets(typed.person.address)
    for draft in drafts_of_rehearsal(run):
        mail = letter_mail(
            draft,
            domain=campaign.organisation.mail_domain,
            recipient=typed.person.address.text,
            code=fresh_code(),
            author=typed.person if WAYS[typed.way].shown else None,
        )
        _post(run, mail, now=now, is_letter=True)
    run.mark = letters_mark(campaign)
    run.save(update_fields=["mark"])
    return run


def _draft(campaign_id: int) -> Campaign:
    """Its row, locked: whoever opens it waits, and erases what was written here."""
    rows = Campaign.objects.select_for_update(of=("self",)).filter(pk=campaign_id, state=DRAFT)
    found = rows.select_related("organisation", "mailing").first()
    if found is None:
        raise NotATest
    return found


def _refuse_targets(tester: Address) -> None:
    at_home = f"@{tester.domain}"
    known = {
        *TargetAddress.objects.filter(address__iendswith=at_home).values_list("address", flat=True),
        *Mailbox.objects.filter(address__iendswith=at_home).values_list("address", flat=True),
    }
    # Folded as those of supporters are: another writing of an address is the same mailbox.
    if canonical(tester) in {canonical(read_address(address)) for address in known}:
        raise OfATarget


def _post(run: Rehearsal, mail: Mail, *, now: datetime, is_letter: bool) -> None:
    message = post_message(
        lane=Message.Lane.STAFF,
        mail=mail,
        now=now,
        mailing=run.campaign.mailing,
    )
    RehearsalMail.objects.create(rehearsal=run, message=message, is_letter=is_letter)


def _confirm_url(run: Rehearsal, *, now: datetime) -> str:
    token = make_token(purpose="rehearsal", subject=str(run.pk), now=now)
    with translation.override(run.language):
        return settings.BASE_URL + reverse("rehearsal-confirm", args=[token])


def _packed(typed: Rehearsed) -> bytes:
    person, words = typed.person, typed.words
    values = [person.given, person.family, person.address.text, words.own, words.body]
    return json.dumps([*values, typed.country, typed.way, typed.variant, words.areas]).encode()


def _about(run: Rehearsal) -> str:
    return f"rehearsal:{run.pk}"
