"""What one person may have done with what is kept: corrected, taken back, erased."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import Enum, auto
from uuid import UUID

from django.db import transaction

from tocsin.actions.guard import forget_mails, mail_no_more
from tocsin.actions.models import Action, Confirmation
from tocsin.actions.records import renew_record, seal_record
from tocsin.campaigns.ways import WAYS
from tocsin.kit.addresses import Address
from tocsin.kit.seal import Unreadable
from tocsin.letters.models import Letter
from tocsin.outbox.post import erase_messages
from tocsin.outcomes.tally import keep_the_number
from tocsin.privacy.ask import data_mail_blind
from tocsin.privacy.find import actions_of
from tocsin.privacy.models import DataMail
from tocsin.supporters.models import Consent, ConsentWording, Supporter
from tocsin.supporters.person import Person, keep_person, open_person


class Corrected(Enum):
    """What became of a correction."""

    DONE = auto()
    TOO_LATE = auto()
    GONE = auto()


@transaction.atomic
def correct_name(*, action_id: UUID, address: Address, given: str, family: str) -> Corrected:
    """Change the names of an action of that address, as long as no letter bears them.

    A letter that still waits for its confirmation is a new revision then: what is confirmed is
    what was shown. TOO_LATE: its letters are written, or bear no name, or what was typed is
    destroyed. The record for the organisation, if there is one, has the new name alone; NoReaders,
    and nothing is changed, if it cannot be sealed.
    """
    action = _locked(action_id, address)
    if action is None:
        return Corrected.GONE
    if action.state in ("written", "lent") or not WAYS[action.way].shown:
        return Corrected.TOO_LATE
    try:
        known = open_person(action.supporter)
        person = Person(given=given, family=family, address=known.address)
        # As old as what was typed first: a correction buys no time.
        keep_person(action.supporter, person=person, day=action.day, make=False)
    except Unreadable:
        return Corrected.TOO_LATE
    if action.state == "pending":
        action.revision += 1
        action.save(update_fields=["revision"])
    else:
        seal_record(action, person=person)
    forget_mails(address)
    return Corrected.DONE


@transaction.atomic
def withdraw_news(*, action_id: UUID, address: Address, now: datetime) -> bool:
    """Take back the permission to send news; one more answer, the older ones stay.

    False if there is no such action of that address. Taken back twice it is taken back once.
    """
    action = _locked(action_id, address)
    if action is None:
        return False
    answers = action.supporter.consents.filter(wording__purpose=ConsentWording.Purpose.NEWS)
    newest = answers.order_by("pk").last()
    if newest and newest.given:
        Consent.objects.create(
            supporter=action.supporter, wording_id=newest.wording_id, given=False, day=now.date()
        )
        renew_record(action)
    forget_mails(address)
    return True


@transaction.atomic
def erase_person(*, address: Address, now: datetime) -> int:
    """Erase everything of the owner of the address, all of it or nothing; how many actions.

    Letters that wait are not sent any more, and one that a worker is handing over at this moment
    may still arrive. What was counted stays counted, by a number that belongs to nobody. For
    three days the guard lets no unasked mail to the address, so that nobody counts twice in a row.
    """
    actions = list(actions_of(address).select_for_update(of=("self",)))
    links = DataMail.objects.filter(blind=data_mail_blind(address))
    erase_actions(actions, also=[link.message_id for link in links])
    mail_no_more(address, now=now)
    return len(actions)


def erase_actions(actions: Sequence[Action], *, also: Iterable[UUID] = ()) -> Counter[str]:
    """Erase actions with all that hangs on them, and `also` these mails; how much that was.

    In the caller's transaction; the caller has locked them. The public number stands.
    """
    keep_the_number(actions)
    letters = Letter.objects.filter(action__in=actions)
    confirmations = Confirmation.objects.filter(action__in=actions)
    written = [letter.message_id for letter in letters]
    mails = [*(each.message_id for each in confirmations), *also]
    letters.delete()
    erase_messages(ids=[*written, *mails])
    Supporter.objects.filter(action__in=actions).delete()
    return Counter({"people": len(actions), "letters": len(written), "other mails": len(mails)})


def _locked(action_id: UUID, address: Address) -> Action | None:
    """The action, if it is one of that address: who holds a link sees no further than its own."""
    return actions_of(address).select_for_update(of=("self",)).filter(pk=action_id).first()
