"""Who campaigns."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tocsin.kit.rows import Row


class Organisation(Row):
    """A section, a partner: whose campaign it is, and in whose name mail leaves the house."""

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

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")

    def __str__(self) -> str:
        return self.name
