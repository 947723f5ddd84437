"""Where mail goes, and how much of it at a time: mailboxes of targets, and their domains."""

from datetime import UTC, datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from tocsin.kit.rows import Row

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def long_ago() -> datetime:
    """Before any message: nothing is booked."""
    return LONG_AGO


class MailDomain(Row):
    """What one mail system takes: so many an hour, so many at once.

    Its pace is a leaky bucket (GCRA): `booked_until` is the moment at which all that was sent so
    far would have left at an even pace; `burst` mails may be ahead of that. `slow` is the factor
    by which the pace is slower than asked for, since they said "too fast".
    """

    name = models.CharField(_("name"), max_length=255, unique=True)
    per_hour = models.PositiveIntegerField(_("an hour"), default=300)
    burst = models.PositiveSmallIntegerField(_("at one go"), default=5)
    connections = models.PositiveSmallIntegerField(_("in hand at once"), default=2)
    booked_until = models.DateTimeField(default=long_ago)
    slow = models.PositiveSmallIntegerField(_("slower by"), default=1)
    slowed_at = models.DateTimeField(null=True)
    refusals = models.PositiveSmallIntegerField(_("refusals in a row"), default=0)
    refused_at = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(_("paused until"), null=True)
    paused = models.BooleanField(_("paused by hand"), default=False)
    words = models.CharField(_("their words"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("mail domain")
        verbose_name_plural = _("mail domains")
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(
                name="a_mail_domain_takes_something",
                condition=models.Q(per_hour__gt=0, burst__gt=0, connections__gt=0, slow__gt=0),
            ),
        )

    def __str__(self) -> str:
        return self.name


class Mailbox(Row):
    """One address of a target, as the outbox knows it: public, so it stands here in clear.

    A slot opens every 3600 / `per_hour` seconds, up to a quarter of that late, by chance.
    Outside of `opens` to `closes` in its `time_zone` nothing is sent to it; without them, always.
    """

    class State(models.TextChoices):
        OK = "ok", _("takes mail")
        FULL = "full", _("full")
        REFUSING = "refusing", _("refuses mail")
        INVALID = "invalid", _("does not exist")

    address = models.EmailField(_("address"))
    # Found by the index below, which begins with it.
    domain = models.ForeignKey(
        MailDomain, on_delete=models.PROTECT, related_name="mailboxes", db_index=False
    )
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.OK)
    since = models.DateTimeField(_("since"), null=True)
    words = models.CharField(_("their words"), max_length=500, blank=True)
    per_hour = models.PositiveIntegerField(_("an hour"), default=20)
    booked_until = models.DateTimeField(default=long_ago)
    next_at = models.DateTimeField(_("next slot"), default=long_ago)
    opens = models.TimeField(_("from"), null=True, blank=True)
    closes = models.TimeField(_("to"), null=True, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    workdays = models.BooleanField(_("Monday to Friday only"), default=False)
    paused = models.BooleanField(_("paused by hand"), default=False)

    class Meta:
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")
        ordering = ("address",)
        constraints = (
            # As for Message: `unique` on the field would add a second index.
            models.UniqueConstraint(fields=("address",), name="a_mailbox_has_its_own_address"),
            models.CheckConstraint(
                name="a_mailbox_takes_something", condition=models.Q(per_hour__gt=0)
            ),
            models.CheckConstraint(
                name="a_mailbox_that_opens_also_closes",
                condition=models.Q(opens__isnull=True, closes__isnull=True)
                | models.Q(opens__isnull=False, closes__isnull=False),
            ),
        )
        indexes = (models.Index("domain", "next_at", name="mailbox_next_slot"),)

    def __str__(self) -> str:
        return self.address


class Suppression(Row):
    """An address that must not be written to; a keyed hash, since it may be a supporter's."""

    blind = models.BinaryField(max_length=16, unique=True)
    reason = models.CharField(_("reason"), max_length=40)
    since = models.DateField(_("since"))

    class Meta:
        verbose_name = _("suppression")
        verbose_name_plural = _("suppressions")

    def __str__(self) -> str:
        return f"{self.reason} since {self.since}"
