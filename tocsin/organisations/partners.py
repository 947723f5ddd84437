"""Partners: on whose sites a campaign of ours may stand in a frame."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tocsin.kit.rows import Row
from tocsin.organisations.models import (
    COLOUR,
    Organisation,
    look_name,
    readable_by_day,
    readable_by_night,
)
from tocsin.organisations.origins import read_origins


class PartnerQuerySet(models.QuerySet["Partner"]):
    """Questions about partners."""

    def active_of(self, organisation: Organisation) -> "PartnerQuerySet":
        """Those on whose sites the campaigns of that organisation may stand now."""
        return self.filter(organisation=organisation, active=True)


class Partner(Row):
    """A site, or several of one owner, that may show the campaigns of an organisation in a frame.

    `slug` is the source under which those are counted who take part there. `origins` has one
    origin a line (origins.py): a browser shows the frame on pages of these, and of no other.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, verbose_name=_("organisation")
    )
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(
        _("short name"),
        max_length=60,
        unique=True,
        help_text=_(
            "The source under which those are counted who take part on the partner’s site. It "
            "stands in the code on that site: it cannot be changed later."
        ),
    )
    origins = models.TextField(
        _("sites"),
        help_text=_(
            "One a line, like https://www.example.org, without a path. The browser shows the "
            "frame on pages of these sites only."
        ),
    )
    accent = models.CharField(
        _("colour"),
        validators=[readable_by_day],
        help_text=_("In place of the organisation’s own, on light pages: # and six digits."),
        **COLOUR,
    )
    night_accent = models.CharField(
        _("colour by night"),
        validators=[readable_by_night],
        help_text=_("The same on dark pages; empty: made from the colour."),
        **COLOUR,
    )
    active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_("Without it no frame is shown, and nobody more is counted."),
    )

    objects = PartnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name

    @property
    def framed_on(self) -> tuple[str, ...]:
        """The origins whose pages may show the frame; raises NoOrigin rather than let more in."""
        return read_origins(self.origins)

    @property
    def own_look(self) -> str:
        """A short name of its look, another one for each; empty for the organisation's."""
        return look_name(self.accent, self.night_accent, unless=("", ""))
