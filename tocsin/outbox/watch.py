"""What keeps watch over the outbox: this installation's mark, and what a person should know."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from tocsin.kit.rows import Row


class Installation(Row):
    """Which installation this database belongs to; one row. A copy elsewhere may not send.

    `fingerprint` is a keyed hash of the token that lies outside the database; `epoch` grows while
    workers run and is kept beside the token: an older database than that was restored.
    """

    number = models.PositiveSmallIntegerField(primary_key=True, default=1)
    name = models.UUIDField(default=uuid.uuid4)
    fingerprint = models.BinaryField(max_length=16)
    epoch = models.PositiveBigIntegerField(default=0)
    marked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("installation")
        verbose_name_plural = _("installations")
        constraints = (
            models.CheckConstraint(name="there_is_one_installation", condition=models.Q(number=1)),
        )

    def __str__(self) -> str:
        return str(self.name)


class Incident(Row):
    """Something a person should look at; the same thing again raises its count, not a new row."""

    kind = models.CharField(_("kind"), max_length=40)
    about = models.CharField(_("about"), max_length=255, blank=True)
    words = models.CharField(_("their words"), max_length=500, blank=True)
    times = models.PositiveIntegerField(_("times"), default=1)
    first_at = models.DateTimeField(_("first at"))
    last_at = models.DateTimeField(_("last at"))
    closed = models.BooleanField(_("closed"), default=False)

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ("closed", "-last_at")
        constraints = (
            models.UniqueConstraint(
                "kind",
                "about",
                name="an_open_incident_is_one_row",
                condition=models.Q(closed=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.about}".strip()
