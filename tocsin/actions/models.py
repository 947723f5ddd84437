"""Actions: that a person took part, once."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from tocsin.actions.states import ACTION
from tocsin.campaigns.models import Campaign
from tocsin.campaigns.ways import OPEN, WAYS
from tocsin.kit.rows import Row
from tocsin.outbox.models import Message
from tocsin.supporters.models import Supporter


class Action(Row):
    """One person took part once in one campaign. Its life is the table in actions/states.py.

    `revision` grows with each new submission of the same person before the confirmation: what is
    confirmed is what was shown. `way` is one of campaigns/ways.py, as that submission chose it.
    `variant` is the number of the wording that they had before them, `is_own` says whether any of
    the words are theirs. `draw` is the lot of a preview, by which it is sent as it was shown.
    `counted` says that the campaign's tally contains this action.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, verbose_name=_("campaign"))
    supporter = models.OneToOneField(Supporter, on_delete=models.CASCADE)
    blind = models.BinaryField(max_length=16)
    state = models.CharField(_("state"), max_length=20, default="pending")
    way = models.CharField(_("way to take part"), max_length=20, default=OPEN)
    revision = models.PositiveIntegerField(default=1)
    language = models.CharField(_("language"), max_length=12)
    country = models.CharField(_("country"), max_length=2)
    day = models.DateField(_("day"))
    variant = models.PositiveSmallIntegerField(_("variant"), default=1)
    is_own = models.BooleanField(_("words of one's own"), null=True)
    draw = models.CharField(max_length=16, blank=True, default="")
    sealed_words = models.BinaryField()
    counted = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        constraints = (
            models.UniqueConstraint("campaign", "blind", name="a_person_acts_once_per_campaign"),
            models.CheckConstraint(
                name="an_action_is_in_a_state_of_its_table",
                condition=models.Q(state__in=sorted(ACTION)),
            ),
            models.CheckConstraint(
                name="an_action_has_a_way_of_the_table",
                condition=models.Q(way__in=sorted(WAYS)),
            ),
        )
        indexes = (
            models.Index("id", name="action_to_write", condition=models.Q(state="released")),
            models.Index(
                "campaign",
                name="action_to_count",
                condition=models.Q(state__in=("released", "written", "lent"), counted=False),
            ),
            models.Index("campaign", "day", "id", name="action_by_day"),
            models.Index("day", "id", name="action_newest"),
            models.Index("campaign", name="action_waits", condition=models.Q(state="pending")),
        )

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def lot(self) -> str:
        """By which it is decided whom of a pool this letter goes to, and nobody else is."""
        return self.draw or str(self.pk)


class Confirmation(Row):
    """A mail that asked the person to confirm; erased with the action."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="confirmations")
    message = models.OneToOneField(Message, on_delete=models.CASCADE)

    class Meta:
        verbose_name = _("confirmation")
        verbose_name_plural = _("confirmations")

    def __str__(self) -> str:
        return str(self.message_id)


class MailGuard(Row):
    """How many mails one address was sent unasked since a day, over all campaigns."""

    blind = models.BinaryField(max_length=16, unique=True)
    since = models.DateField(db_index=True)
    mails = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("mail guard")
        verbose_name_plural = _("mail guards")

    def __str__(self) -> str:
        return f"{self.mails} since {self.since}"
