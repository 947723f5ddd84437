"""What leaves the house: one row per e-mail of any kind."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from tocsin.kit.rows import Row
from tocsin.outbox.destinations import Mailbox, MailDomain
from tocsin.outbox.routes import Mailing, SendingDomain
from tocsin.outbox.states import MESSAGE


def message_id_of(pk: uuid.UUID, *, domain: str) -> str:
    """The Message-ID of the message with that key which is sent from that domain."""
    return f"{pk.hex}@{domain}"


class Message(Row):
    """One e-mail in a lane; the hot, narrow row. Its life is the table in outbox/states.py.

    A letter has a `mailbox`, which has its pace. A mail to a supporter has none: of its address
    the row knows at most the `domain`, and that only where very many people have theirs.
    `attempts` are those that count against it; `began` is the hour of the first of them.
    """

    class Lane(models.TextChoices):
        CONFIRM = "confirm", _("confirmation")
        STAFF = "staff", _("notice to the staff")
        LETTER = "letter", _("letter")
        UPDATE = "update", _("news to supporters")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lane = models.CharField(_("lane"), max_length=20, choices=Lane)
    # Without an index each: those below are the ones that are asked, and this table is hot.
    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, null=True, db_index=False)
    domain = models.ForeignKey(MailDomain, on_delete=models.PROTECT, null=True, db_index=False)
    sending_domain = models.ForeignKey(SendingDomain, on_delete=models.PROTECT, db_index=False)
    mailing = models.ForeignKey(Mailing, on_delete=models.PROTECT, null=True, db_index=False)
    state = models.CharField(_("state"), max_length=20, default="ready")
    reason = models.CharField(_("why"), max_length=20, blank=True)
    priority = models.PositiveSmallIntegerField(_("priority"))
    due_at = models.DateTimeField(_("due at"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    tried = models.PositiveSmallIntegerField(_("number of the last attempt"), default=0)
    began = models.DateTimeField(_("patience counts from"), null=True)
    doubts = models.PositiveSmallIntegerField(_("doubts"), default=0)
    lease_owner = models.BigIntegerField(null=True)
    lease_number = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = (
            models.CheckConstraint(
                name="a_message_is_in_a_state_of_its_table",
                condition=models.Q(state__in=sorted(MESSAGE)),
            ),
            models.CheckConstraint(
                name="a_message_in_hand_has_a_lease",
                condition=models.Q(state__in=("leased", "sending"))
                ^ models.Q(lease_owner__isnull=True),
            ),
            models.CheckConstraint(
                name="a_message_to_a_mailbox_goes_by_its_domain",
                condition=models.Q(mailbox__isnull=True) | models.Q(domain__isnull=True),
            ),
        )
        indexes = (
            models.Index(
                "lane",
                "due_at",
                "id",
                name="message_due",
                condition=models.Q(state="ready", mailbox=None, domain=None),
            ),
            models.Index(
                "domain",
                "priority",
                "due_at",
                "id",
                name="message_due_to_domain",
                condition=models.Q(state="ready", mailbox=None, domain__isnull=False),
            ),
            models.Index(
                "mailbox",
                "priority",
                "due_at",
                "id",
                name="message_due_to_mailbox",
                condition=models.Q(state="ready", mailbox__isnull=False),
            ),
            models.Index(
                "mailing",
                "state",
                name="message_of_mailing",
                condition=models.Q(state__in=("ready", "held")),
            ),
            # What has ended is counted by it: one entry for each letter, made once it is over.
            models.Index(
                "state",
                "mailing",
                name="letter_ended",
                condition=models.Q(
                    lane="letter",
                    state__in=("sent", "delivered", "bounced", "failed", "cancelled"),
                ),
            ),
            models.Index(
                "lease_owner",
                name="message_in_hand",
                condition=models.Q(state__in=("leased", "sending")),
            ),
            models.Index(
                "state",
                "reason",
                name="message_waits",
                condition=models.Q(state__in=("held", "in_doubt")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.lane} {self.pk}"

    @property
    def message_id(self) -> str:
        """Its Message-ID, without brackets; no two have the same, as no two have the key."""
        return message_id_of(self.pk, domain=self.sending_domain.name)


class MessageContent(Row):
    """The bytes of a message with its envelope, sealed; kept out of the hot row."""

    message = models.OneToOneField(
        Message, on_delete=models.CASCADE, primary_key=True, related_name="content"
    )
    sealed = models.BinaryField()

    class Meta:
        verbose_name = _("content of a message")
        verbose_name_plural = _("contents of messages")

    def __str__(self) -> str:
        return str(self.pk)


class Attempt(Row):
    """One try to hand a message over, written when it has ended or nobody knows how."""

    # Found by the constraint below, which begins with it.
    message = models.ForeignKey(
        Message, on_delete=models.CASCADE, related_name="tries", db_index=False
    )
    number = models.PositiveSmallIntegerField(_("number"))
    at = models.DateTimeField(_("in the hour of"))
    outcome = models.CharField(_("outcome"), max_length=20)
    phase = models.CharField(_("phase"), max_length=20, blank=True)
    code = models.PositiveSmallIntegerField(_("code"), null=True)
    enhanced = models.CharField(_("enhanced code"), max_length=12, blank=True)
    text = models.CharField(_("answer"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ("message", "number")
        constraints = (
            models.UniqueConstraint("message", "number", name="an_attempt_has_its_own_number"),
            models.CheckConstraint(
                name="an_attempt_is_written_when_it_is_over", condition=~models.Q(outcome="")
            ),
        )

    def __str__(self) -> str:
        return f"{self.message_id} {self.number}"
