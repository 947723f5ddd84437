"""People who act, with what they permitted."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from tocsin.kit.rows import Row


class Supporter(Row):
    """A person who takes part in one campaign; two campaigns never share a row.

    `sealed` is the working copy of names and address, readable through supporters/person.py only.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sealed = models.BinaryField()

    class Meta:
        verbose_name = _("supporter")
        verbose_name_plural = _("supporters")

    def __str__(self) -> str:
        return str(self.pk)


class SealedRecord(Row):
    """Who took part, for the organisation alone: sealed to its readers, nothing here opens it.

    `readers` is the fingerprint of the list that it is sealed for. `later` are all the answers as
    they are now, sealed, where one was given when the working copy could not be read any more.
    `is_behind` says that even this is still to be done. See actions/records.py.
    """

    supporter = models.OneToOneField(
        Supporter, on_delete=models.CASCADE, primary_key=True, related_name="record"
    )
    sealed = models.BinaryField()
    readers = models.CharField(max_length=32)
    later = models.BinaryField(default=b"")
    later_readers = models.CharField(max_length=32, blank=True)
    is_behind = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("sealed record")
        verbose_name_plural = _("sealed records")

    def __str__(self) -> str:
        return str(self.supporter_id)


class ConsentWording(Row):
    """The exact words of one permission in one language; a new text is a new version."""

    class Purpose(models.TextChoices):
        SEND = "send", _("send a letter in my name")
        SEND_SHIELDED = "send_shielded", _("send a letter without my name")
        SEND_LENT = "send_lent", _("count my voice")
        NEWS = "news", _("send me news")

    slug = models.SlugField(_("short name"), max_length=80)
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose)
    language = models.CharField(_("language"), max_length=12)
    version = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("text"))

    class Meta:
        verbose_name = _("consent wording")
        verbose_name_plural = _("consent wordings")
        ordering = ("slug", "purpose", "language", "version")
        constraints = (
            models.UniqueConstraint(
                "slug", "purpose", "language", "version", name="a_consent_wording_never_changes"
            ),
        )

    def __str__(self) -> str:
        return f"{self.slug} {self.purpose} {self.language} {self.version}"


class Consent(Row):
    """What one person answered to one wording, and on which day; rows are only ever added."""

    supporter = models.ForeignKey(Supporter, on_delete=models.CASCADE, related_name="consents")
    wording = models.ForeignKey(ConsentWording, on_delete=models.PROTECT)
    given = models.BooleanField(_("given"))
    day = models.DateField(_("day"))

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.wording}: {self.given}"
