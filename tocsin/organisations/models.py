"""Who campaigns."""

from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from tocsin.kit.colours import NoColour, TooPale, check_accent
from tocsin.kit.rows import Row


def readable_by_day(written: str) -> None:
    """Refuse, in words, what is no colour, and what nobody could read on a light page."""
    _refuse_unreadable(written, night=False)


def readable_by_night(written: str) -> None:
    """The same on a dark page."""
    _refuse_unreadable(written, night=True)


def _refuse_unreadable(written: str, *, night: bool) -> None:
    try:
        check_accent(written, night=night)
    except NoColour:
        raise ValidationError(_("Write the colour as # and six digits, like #8f2a07.")) from None
    except TooPale as refused:
        found = refused.contrast
        raise ValidationError(
            _(
                "This colour cannot be read well: its contrast with %(behind)s is %(ratio)s, and "
                "4.5 is the least. Take a darker one for light pages, a lighter one for dark pages."
            ),
            params={"behind": found.behind, "ratio": number_format(found.ratio, 1)},
        ) from None


COLOUR: dict[str, Any] = {"max_length": 7, "blank": True, "default": ""}
"""A column for a colour of a look; empty is that of what lies below."""


def look_name(*tokens: str, unless: tuple[str, ...]) -> str:
    """A short name of a look, another one for each; "" for the one that lies below."""
    return sha256("|".join(tokens).encode()).hexdigest()[:12] if tokens != unless else ""


class Organisation(Row):
    """A section, a partner: whose campaign it is, and in whose name mail leaves the house.

    `accent`, `night_accent` and `headings` are the look of its public pages; empty is Tocsin's own.
    """

    class Headings(models.TextChoices):
        SERIF = "serif", _("with serifs")
        SANS = "sans", _("without serifs")

    slug = models.SlugField(_("short name"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    mail_domain = models.CharField(
        _("sending domain"),
        max_length=200,
        help_text=_("The domain of the addresses that letters and confirmations come from."),
    )
    contact = models.EmailField(
        _("contact address"), help_text=_("Where a supporter reaches a person of the organisation.")
    )
    accent = models.CharField(
        _("colour"),
        validators=[readable_by_day],
        help_text=_("Of buttons, links and numbers on light pages: # and six digits."),
        **COLOUR,
    )
    night_accent = models.CharField(
        _("colour by night"),
        validators=[readable_by_night],
        help_text=_("The same on dark pages; empty: made from the colour."),
        **COLOUR,
    )
    headings = models.CharField(
        _("headings"), max_length=10, choices=Headings, default=Headings.SERIF
    )

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")

    def __str__(self) -> str:
        return self.name

    @property
    def own_look(self) -> str:
        """A short name of its look, another one for each; empty for Tocsin's own."""
        look = (self.accent, self.night_accent, str(self.headings))
        return look_name(*look, unless=("", "", "serif"))
