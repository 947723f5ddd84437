"""Test runs: a draft tried out by one of the staff, whose mails go to nobody else.

A test run is no action: it has rows of its own, so that nothing that counts, seals, exports or
tells of actions can find it.
"""

import uuid
from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from tocsin.campaigns.models import DRAFT, Campaign
from tocsin.kit.rows import Row
from tocsin.outbox.models import Message
from tocsin.outbox.post import erase_messages

KEPT = timedelta(days=1)
"""So long a test run is kept, if its campaign does not open before."""

HANDED_OVER = ("sent", "delivered")


class Rehearsal(Row):
    """What the tester filled in, sealed, until it is confirmed; then what its letters were.

    `mark` is the mark of the letters that were written (checklist.letters_mark), empty before.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="rehearsals")
    language = models.CharField(_("language"), max_length=12)
    made_at = models.DateTimeField(_("made at"))
    sealed = models.BinaryField()
    mark = models.CharField(max_length=16, blank=True, default="")

    class Meta:
        verbose_name = _("test run")
        verbose_name_plural = _("test runs")

    def __str__(self) -> str:
        return str(self.pk)


class RehearsalMail(Row):
    """A mail of a test run, to the tester; erased with it."""

    rehearsal = models.ForeignKey(Rehearsal, on_delete=models.CASCADE, related_name="mails")
    message = models.OneToOneField(Message, on_delete=models.CASCADE)
    is_letter = models.BooleanField(_("letter"))

    class Meta:
        verbose_name = _("mail of a test run")
        verbose_name_plural = _("mails of test runs")

    def __str__(self) -> str:
        return str(self.message_id)


def seen_in(campaign: Campaign) -> Rehearsal | None:
    """The newest test run whose letters are written, and one of whose mails was handed over.

    It is a letter, but where no way has any.
    """
    return seen_in_each(Campaign.objects.filter(pk=campaign.pk)).first()


def seen_in_each(campaigns: models.QuerySet[Campaign]) -> models.QuerySet[Rehearsal]:
    """The same of each of these that has one."""
    letters = RehearsalMail.objects.filter(rehearsal=models.OuterRef("pk"), is_letter=True)
    over = Rehearsal.objects.filter(
        models.Q(mails__is_letter=True) | ~models.Exists(letters),
        campaign__in=campaigns.values("pk"),
        mails__message__state__in=HANDED_OVER,
    ).exclude(mark="")
    one_each = over.order_by("campaign_id", "-mails__is_letter", "-made_at", "pk")
    return one_each.distinct("campaign_id")


@transaction.atomic
def letters_were_seen(campaign: Campaign, *, now: datetime) -> bool:
    """Somebody has seen the letters of the newest test run; False if there were none to see."""
    run = seen_in(campaign)
    if run is None:
        return False
    campaign.tested_at, campaign.tested_mark = now, run.mark
    campaign.save(update_fields=["tested_at", "tested_mark"])
    return True


def forget_rehearsals_due(*, now: datetime) -> int:
    """Station: erase test runs after a day, or once their campaign is open; how many."""
    old = models.Q(made_at__lte=now - KEPT) | ~models.Q(campaign__state=DRAFT)
    return erase_rehearsals(Rehearsal.objects.filter(old))


@transaction.atomic
def erase_rehearsals(rehearsals: models.QuerySet[Rehearsal]) -> int:
    """Delete them with all their mails, sent or not; how many there were."""
    found = list(rehearsals.select_for_update(of=("self",)).values_list("pk", flat=True))
    mails = RehearsalMail.objects.filter(rehearsal__in=found)
    erase_messages(ids=list(mails.values_list("message_id", flat=True)))
    Rehearsal.objects.filter(pk__in=found).delete()
    return len(found)
