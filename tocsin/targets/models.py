"""Decision makers in their posts: the directory that all campaigns share."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from tocsin.kit.rows import Row
from tocsin.targets.areas import Area

SHOWN = _(
    "Then whoever writes by themselves is shown it. An address that stands on a page is collected "
    "by machines and gets unwanted mail, and some targets close it: show only what they publish "
    "themselves."
)
"""What it means that the public may see an address."""


class TargetQuerySet(models.QuerySet["Target"]):
    """Questions about the directory."""

    def current(self) -> "TargetQuerySet":
        """Those that may be written to; what is archived stays for its letters alone."""
        return self.filter(archived_on=None)

    def not_checked_since(self, day: date) -> "TargetQuerySet":
        """Those whose entry, or one of whose addresses, nobody has looked at since that day."""
        return self._unseen(models.Q(checked_on=None) | models.Q(checked_on__lt=day))

    def never_checked(self) -> "TargetQuerySet":
        """Those whose entry, or one of whose addresses, nobody has ever looked at."""
        return self._unseen(models.Q(checked_on=None))

    def _unseen(self, unseen: models.Q) -> "TargetQuerySet":
        addresses = TargetAddress.objects.filter(unseen)
        return self.filter(unseen | models.Q(pk__in=addresses.values("target")))


class Target(Row):
    """A person or an office that can decide; shared by campaigns.

    It is known by `slug`, and by `external_id` where somebody else's list is imported again and
    again. `holder` is the person in the post. On `checked_on` somebody last saw that the whole
    entry is right. One that is merged into another is archived, and leads to it.
    """

    class Kind(models.TextChoices):
        MINISTRY = "ministry", _("ministry")
        EMBASSY = "embassy", _("embassy")
        HEAD_OF_STATE = "head_of_state", _("head of state")
        PARLIAMENT = "parliament", _("member of parliament")
        COMPANY = "company", _("company")
        OTHER = "other", _("institution")

    slug = models.SlugField(_("short name"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    country = models.CharField(
        _("country"), max_length=2, help_text=_("Whose government it belongs to (ISO code).")
    )
    seat = models.CharField(
        _("seat"),
        max_length=2,
        blank=True,
        help_text=_("For an embassy: the country in which it sits (ISO code)."),
    )
    language = models.CharField(
        _("language"), max_length=12, help_text=_("The language in which it is written to.")
    )
    postal_address = models.TextField(
        _("postal address"),
        max_length=500,
        blank=True,
        default="",
        help_text=_(
            "As it stands on an envelope, a line each, with the country. It is shown to everybody "
            "who writes by themselves."
        ),
    )

    external_id = models.CharField(
        _("number elsewhere"),
        max_length=100,
        blank=True,
        default="",
        help_text=_("By which another list knows it: an import finds it again by that."),
    )
    holder = models.CharField(
        _("person in the post"),
        max_length=200,
        blank=True,
        default="",
        help_text=_(
            "Shown in the office, and in letters that have a field for it; a letter is addressed "
            "to the name below."
        ),
    )
    holder_since = models.DateField(_("in the post since"), null=True, blank=True)
    area = models.ForeignKey(
        Area,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="targets",
        verbose_name=_("area"),
        help_text=_("For which it stands: who lives there writes to it."),
    )
    checked_on = models.DateField(_("last checked"), null=True, blank=True)
    archived_on = models.DateField(_("archived on"), null=True, editable=False)
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="merged",
        verbose_name=_("merged into"),
    )

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ("slug",)
        constraints = (
            models.UniqueConstraint(
                fields=("external_id",),
                condition=~models.Q(external_id=""),
                name="a_number_elsewhere_means_one_target",
            ),
            models.CheckConstraint(
                name="what_is_merged_is_archived",
                condition=models.Q(merged_into=None) | models.Q(archived_on__isnull=False),
            ),
            models.CheckConstraint(
                name="an_embassy_has_a_seat",
                condition=~models.Q(kind="embassy") | ~models.Q(seat=""),
            ),
        )

    def __str__(self) -> str:
        return self.slug

    @property
    def is_new(self) -> bool:
        """Whether it is not in the directory yet."""
        return self._state.adding


class TargetName(Row):
    """How a target is named, and greeted, in one language."""

    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="names")
    language = models.CharField(_("language"), max_length=12)
    name = models.CharField(_("name"), max_length=200)
    salutation = models.CharField(_("salutation"), max_length=200)

    class Meta:
        verbose_name = _("name of a target")
        verbose_name_plural = _("names of targets")
        ordering = ("target", "language")
        constraints = (
            models.UniqueConstraint("target", "language", name="one_name_per_target_and_language"),
        )

    def __str__(self) -> str:
        return self.name


class TargetAddress(Row):
    """One way to reach a target; the public sees it only where somebody said that it may.

    On `checked_on` somebody last saw that it is right.
    """

    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="addresses")
    address = models.EmailField(_("address"))
    is_public = models.BooleanField(
        _("may be shown to the public"),
        default=False,
        help_text=SHOWN,
    )
    checked_on = models.DateField(_("last checked"), null=True, blank=True)

    class Meta:
        verbose_name = _("address of a target")
        verbose_name_plural = _("addresses of targets")
        ordering = ("target", "pk")
        constraints = (
            models.UniqueConstraint("target", "address", name="a_target_has_an_address_once"),
        )

    def __str__(self) -> str:
        return self.address
