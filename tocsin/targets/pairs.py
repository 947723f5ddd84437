"""Pairs of targets that look alike and are two, as somebody said who looked."""

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from tocsin.kit.rows import Row
from tocsin.targets.models import Target


class DifferentTargets(Row):
    """That two targets are not one; `one` has the lower number."""

    one = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("pair of different targets")
        verbose_name_plural = _("pairs of different targets")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint("one", "other", name="a_pair_is_said_once"),
            models.CheckConstraint(
                name="a_pair_is_in_order", condition=models.Q(one__lt=F("other"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.one} + {self.other}"


def tell_apart(one: Target, other: Target) -> None:
    """Remember that they are two."""
    low, high = sorted((one.pk, other.pk))
    DifferentTargets.objects.get_or_create(one_id=low, other_id=high)
