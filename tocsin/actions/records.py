"""The record of who took part, sealed for the organisation's readers; nothing here opens it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import transaction

from tocsin.actions.models import Action
from tocsin.campaigns.models import Campaign
from tocsin.campaigns.sealed_for import lists_dir, need_readers
from tocsin.kit.age import seal_for
from tocsin.kit.seal import Unreadable
from tocsin.readers.files import NoReaders, known_list
from tocsin.readers.record import pack
from tocsin.readers.records_file import Sealed
from tocsin.supporters.models import SealedRecord
from tocsin.supporters.person import Person, open_person

VERSION = 1
REPLACED = ["sealed", "readers", "later", "later_readers", "is_behind"]


def seal_record(action: Action, *, person: Person) -> None:
    """Seal who took part, with all answers as they are now, in the caller's transaction.

    For the list that counted on the day on which the person wrote. What was sealed before, if
    anything, is replaced. Raises NoReaders.
    """
    readers = need_readers(action.campaign, day=action.day)
    told = {**_told(action), **_who(action, person), "consents": _answers(action)}
    record = SealedRecord(
        supporter_id=action.supporter_id,
        sealed=seal_for(pack(told), readers.keys),
        readers=readers.fingerprint,
    )
    # One statement, whether there was one before or not.
    SealedRecord.objects.bulk_create(
        [record], update_conflicts=True, unique_fields=["supporter"], update_fields=REPLACED
    )


def renew_record(action: Action) -> None:
    """An answer changed: the record shows it as well, if there is one.

    Sealed anew while the working copy can be read; afterwards the answers are sealed beside it.
    If nobody can be sealed for at this moment it is noted, and done before the next export: a
    permission can be taken back at any time.
    """
    record = SealedRecord.objects.filter(supporter_id=action.supporter_id).first()
    if record is None:
        return
    try:
        try:
            seal_record(action, person=open_person(action.supporter))
        except Unreadable:
            _seal_later(action, record)
    except NoReaders:
        record.is_behind = True
        record.save(update_fields=["is_behind"])


def catch_up(campaign: Campaign, *, day: date) -> int:
    """Seal the answers that were not, for want of readers; how many. Raises NoReaders."""
    behind = SealedRecord.objects.filter(supporter__action__campaign=campaign, is_behind=True)
    number = 0
    for pk in list(behind.values_list("pk", flat=True)):
        with transaction.atomic():
            # The action first, as whoever erases a person does.
            actions = Action.objects.select_for_update(of=("self",)).select_related("supporter")
            action = actions.filter(supporter_id=pk).first()
            record = SealedRecord.objects.filter(pk=pk, is_behind=True).first()
            if action and record:
                _seal_later(action, record, day=day)
                number += 1
    return number


def records_of(campaign: Campaign) -> Iterator[Sealed]:
    """The sealed records of a campaign, one after the other, in an order that tells nothing."""
    found = SealedRecord.objects.filter(supporter__action__campaign=campaign).order_by("pk")
    # In a transaction, so that it is one look at one moment, however many there are.
    with transaction.atomic():
        for each in found.iterator(chunk_size=500):
            yield Sealed(bytes(each.sealed), each.readers, bytes(each.later), each.later_readers)


def list_of(campaign: Campaign, fingerprint: str) -> bytes | None:
    """The signed list that records of the campaign are sealed for, if it is still there."""
    return known_list(lists_dir(), campaign.organisation.slug, fingerprint)


def _seal_later(action: Action, record: SealedRecord, *, day: date | None = None) -> None:
    readers = need_readers(action.campaign, day=day or action.day)
    told = {**_told(action), "consents": _answers(action)}
    record.later = seal_for(pack(told), readers.keys)
    record.later_readers = readers.fingerprint
    record.is_behind = False
    record.save(update_fields=["later", "later_readers", "is_behind"])


def _told(action: Action) -> dict[str, Any]:
    return {
        "version": VERSION,
        "id": str(action.supporter_id),
        "organisation": action.campaign.organisation.slug,
        "campaign": action.campaign.slug,
    }


def _who(action: Action, person: Person) -> dict[str, Any]:
    return {
        "way": action.way,
        "day": action.day.isoformat(),
        "given": person.given,
        "family": person.family,
        "email": person.address.text,
        "country": action.country,
        "language": action.language,
    }


def _answers(action: Action) -> list[dict[str, Any]]:
    """Every answer that was given, the newest last, with the exact words that were asked."""
    consents = action.supporter.consents.select_related("wording").order_by("pk")
    return [
        {
            "purpose": each.wording.purpose,
            "given": each.given,
            "day": each.day.isoformat(),
            "language": each.wording.language,
            "version": each.wording.version,
            "words": each.wording.text,
        }
        for each in consents
    ]
