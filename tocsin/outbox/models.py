"""What leaves the house: one row per e-mail of any kind."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from tocsin.kit.rows import Row
from tocsin.outbox.states import MESSAGE


class Message(Row):
    """One e-mail in a lane; the hot, narrow row. Its life is the table in outbox/states.py."""

    class Lane(models.TextChoices):
        CONFIRM = "confirm", _("confirmation")
        LETTER = "letter", _("letter")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lane = models.CharField(_("lane"), max_length=20, choices=Lane)
    state = models.CharField(_("state"), max_length=20, default="ready")
    priority = models.PositiveSmallIntegerField(_("priority"))
    due_at = models.DateTimeField(_("due at"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    doubts = models.PositiveSmallIntegerField(_("doubts"), default=0)
    message_id = models.CharField("Message-ID", max_length=200, unique=True)
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
        )
        indexes = (
            models.Index(
                "priority", "due_at", "id", name="message_due", condition=models.Q(state="ready")
            ),
            models.Index(
                "lease_owner",
                name="message_in_hand",
                condition=models.Q(state__in=("leased", "sending")),
            ),
            models.Index(
                "state", name="message_waits", condition=models.Q(state__in=("held", "in_doubt"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.lane} {self.pk}"


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
    """One try to hand a message over: written before we speak, completed after."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="tries")
    number = models.PositiveSmallIntegerField(_("number"))
    at = models.DateTimeField(_("in the hour of"))
    outcome = models.CharField(_("outcome"), max_length=20, blank=True)
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
        )

    def __str__(self) -> str:
        return f"{self.message_id} {self.number}"
