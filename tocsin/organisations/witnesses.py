"""What witnesses permitted: that a consent exists, where, for what and until when; never who."""

from datetime import date

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from tocsin.kit.rows import Row
from tocsin.organisations.models import Organisation


class WitnessConsentQuerySet(models.QuerySet["WitnessConsent"]):
    """Questions about consents of witnesses."""

    def valid_of(self, organisation: Organisation, *, day: date) -> frozenset[str]:
        """The references of those that allow to quote on that day."""
        found = self.filter(
            models.Q(until=None) | models.Q(until__gte=day),
            organisation=organisation,
            to_be_quoted=True,
            withdrawn_on=None,
            given_on__lte=day,
        )
        return frozenset(found.values_list("reference", flat=True))

    def withdrawn_of(self, organisation: Organisation) -> frozenset[str]:
        """The references of those that were taken back."""
        found = self.filter(organisation=organisation).exclude(withdrawn_on=None)
        return frozenset(found.values_list("reference", flat=True))


class WitnessConsent(Row):
    """That a witness permitted something, kept in full elsewhere under `reference`.

    A quote on a page names the reference. Once the consent ends no page shows it, in no version.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, verbose_name=_("organisation")
    )
    reference = models.CharField(
        _("reference"),
        max_length=40,
        validators=[
            RegexValidator(
                r"^[A-Za-z0-9./_-]+\Z", _("Letters without accents, digits, . / _ - only.")
            )
        ],
        help_text=_(
            "Under which you find the signed consent again, outside of Tocsin: W-2026-014. Never "
            "a name, nor letters of one."
        ),
    )
    given_on = models.DateField(_("given on"))
    to_be_quoted = models.BooleanField(
        _("to be quoted in public"),
        default=False,
        help_text=_("The witness permits that their words stand on public pages."),
    )
    until = models.DateField(
        _("until"),
        null=True,
        blank=True,
        help_text=_(
            "The last day on which it holds; after it no page shows the words. May be empty."
        ),
    )
    withdrawn_on = models.DateField(
        _("withdrawn on"),
        null=True,
        blank=True,
        help_text=_(
            "Once there is a day here, the words are taken off every page and out of all its "
            "versions, at once and for good."
        ),
    )

    objects = WitnessConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent of a witness")
        verbose_name_plural = _("consents of witnesses")
        ordering = ("organisation", "reference")
        constraints = [
            models.UniqueConstraint(
                fields=("organisation", "reference"), name="one_consent_for_each_reference"
            )
        ]

    def __str__(self) -> str:
        return self.reference
