"""A person takes part: supporter, consent, action, confirmation mail, in one transaction."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from tocsin.actions.ask import ask_to_confirm, tell_already_taken
from tocsin.actions.guard import may_mail
from tocsin.actions.models import Action
from tocsin.actions.words import Words, seal_words
from tocsin.campaigns.models import Campaign
from tocsin.campaigns.sealed_for import need_readers
from tocsin.campaigns.ways import OPEN
from tocsin.kit.addresses import Address, canonical
from tocsin.kit.seal import blind, read_salt
from tocsin.supporters.models import Consent, ConsentWording, Supporter
from tocsin.supporters.person import Person, keep_person, open_person


class NotOpen(Exception):
    """The campaign does not take letters any more."""


class NotOffered(Exception):
    """The campaign does not offer that way to take part."""


@transaction.atomic
def take_action(
    *,
    campaign: Campaign,
    person: Person,
    words: Words,
    language: str,
    country: str,
    consents: Mapping[ConsentWording, bool],
    now: datetime,
    way: str = OPEN,
    variant: int = 1,
    draw: str = "",
    source: str = "",
) -> None:
    """Keep what the person wrote until they confirm it by the mail that is sent to them.

    The answer is the same whether the address is known or not. A second submission before the
    confirmation replaces the first, and only the newer one can then be confirmed; after it,
    nothing changes, and the owner of the address is told by mail. `source`, the channel by which
    they came, goes into the link of the mail and nowhere else. Raises NotOpen, NotOffered; and
    NoReaders, while nobody of the organisation could open the record of it.
    """
    if not campaign.is_open:
        raise NotOpen
    if way not in campaign.ways:
        raise NotOffered
    index = action_blind(campaign, person.address)
    need_readers(campaign, day=now.date())
    _wait_for_others(index)
    action = _find(campaign, index)
    if action is None:
        action = Action(campaign=campaign, blind=index, revision=0, supporter=Supporter())
    if action.state == "pending":
        # What was permitted with an earlier submission may have been somebody else's answer.
        action.supporter.consents.all().delete()
        keep_person(action.supporter, person=person, day=now.date())
        action.revision += 1
        action.way = way
        action.language, action.country, action.day = language, country, now.date()
        action.draw = draw
        action.variant, action.is_own = variant, words.is_own
        action.sealed_words = seal_words(action, words=words, now=now)
        action.save()
        Consent.objects.bulk_create(
            Consent(supporter=action.supporter, wording=wording, given=given, day=now.date())
            for wording, given in consents.items()
        )
    _write_to(action, address=person.address, now=now, source=source)


def renew_confirmation(
    *, campaign: Campaign, address: Address, language: str, now: datetime, source: str = ""
) -> None:
    """Send the confirmation mail once more if there is something to confirm; say nothing else."""
    if campaign.erased_on:
        return
    with transaction.atomic():
        action = _find(campaign, action_blind(campaign, address))
        if action and action.language == language:
            _write_to(action, address=address, now=now, source=source)


def renew_confirmation_of(*, action_id: UUID, now: datetime, source: str = "") -> None:
    """The same for a link that expired."""
    with transaction.atomic():
        action = Action.objects.select_for_update().filter(pk=action_id, state="pending").first()
        if action:
            address = open_person(action.supporter).address
            _write_to(action, address=address, now=now, source=source)


def action_blind(campaign: Campaign, address: Address) -> bytes:
    """By which the action of that address in that campaign is found again.

    Raises KeyMissing, also when the campaign is erased and nobody can be found any more.
    """
    return blind(canonical(address), salt=read_salt(campaign.salt_name), purpose="action")


def _wait_for_others(index: bytes) -> None:
    """Let submissions of the same person, at the same moment, go one after the other."""
    with connection.cursor() as cursor:
        number = int.from_bytes(index[:8], signed=True)
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def _find(campaign: Campaign, index: bytes) -> Action | None:
    found = Action.objects.select_for_update(of=("self",)).select_related("supporter")
    return found.filter(campaign=campaign, blind=index).first()


def _write_to(action: Action, *, address: Address, now: datetime, source: str) -> None:
    allowed = may_mail(address, now=now)
    with transaction.atomic():
        # Written in any case: how long we take must not tell whether the address had its mails.
        if action.state == "pending":
            person = open_person(action.supporter)
            ask_to_confirm(action=action, person=person, now=now, source=source)
        else:
            # Not to the address that was kept: its key may be destroyed by now.
            tell_already_taken(action=action, address=address, now=now)
        if not allowed:
            transaction.set_rollback(True)
