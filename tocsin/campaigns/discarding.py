"""Throwing away a draft that was never open, with all that was made for it.

In one transaction go its rows, and a note is left of its salt, which is a file: a station destroys
the file and then the note. So wherever this is killed, either all is there or nothing stays.
"""

from datetime import datetime

from django.db import models, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from tocsin.campaigns.models import Campaign
from tocsin.campaigns.opening import lock_draft
from tocsin.campaigns.rehearsal import erase_rehearsals
from tocsin.kit.nudge import nudge
from tocsin.kit.rows import Row
from tocsin.kit.seal import KeyMissing, destroy_salt
from tocsin.outbox.alarm import close_all, close_incidents, raise_incident
from tocsin.supporters.models import ConsentWording

ABOUT = "discarded drafts"


class Kept(Exception):
    """Something that stays refers to it: an export that somebody took out."""


class LeftSalt(Row):
    """The name of a salt whose campaign is gone; its file is still to be destroyed."""

    name = models.UUIDField(primary_key=True)

    class Meta:
        verbose_name = _("salt of a discarded draft")
        verbose_name_plural = _("salts of discarded drafts")

    def __str__(self) -> str:
        return str(self.name)


@transaction.atomic
def discard_draft(campaign: Campaign) -> None:
    """Delete it, without its pages, which the caller deletes before in the same transaction.

    Words of permission that nobody agreed to, and no other campaign has, go as well. Raises Opened
    when it is no draft any more, or somebody was quicker; Kept.
    """
    row = lock_draft(campaign)
    erase_rehearsals(row.rehearsals.all())
    own = models.Q(pk__in=list(row.consents.values_list("pk", flat=True)))
    LeftSalt.objects.get_or_create(name=row.salt_name)
    close_all(("opening", "collective"), about=[row.slug])
    try:
        row.delete()
        row.mailing.delete()
    except ProtectedError:
        raise Kept from None
    consents = ConsentWording.objects.filter(own | models.Q(slug=row.slug))
    consents.filter(campaign=None, consent=None).delete()
    nudge("discard")


def discard_due(*, now: datetime) -> int:
    """Station: destroy the salts of drafts that were thrown away; how many.

    Where the keys are not there a person is told, and it is tried again.
    """
    names = list(LeftSalt.objects.values_list("name", flat=True))
    try:
        for name in names:
            destroy_salt(name)
            LeftSalt.objects.filter(name=name).delete()
    except KeyMissing as error:
        raise_incident("retention", about=ABOUT, words=str(error), now=now)
        return 0
    close_incidents("retention", about=ABOUT)
    return len(names)
