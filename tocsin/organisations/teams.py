"""Who of the staff works for which organisation, and in which role."""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, Group, User
from django.db import models
from django.utils.translation import gettext_lazy as _

from tocsin.kit.rows import Row
from tocsin.organisations.models import Organisation


class Team(Row):
    """A group of the staff that works for one organisation.

    What its people may do is in the group's permissions; on whose rows, is said here. An account
    may be in teams of several organisations.
    """

    class Role(models.TextChoices):
        EDITOR = "editor", _("editor")
        PUBLISHER = "publisher", _("publisher")

    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.CASCADE,
        related_name="teams",
        verbose_name=_("organisation"),
    )
    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="team")
    role = models.CharField(_("role"), max_length=20, choices=Role)

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ("organisation", "role")
        constraints = (
            models.UniqueConstraint(
                "organisation", "role", name="an_organisation_has_a_team_once_a_role"
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_role_display()}"


def sees_all(user: AbstractBaseUser | AnonymousUser | None) -> bool:
    """Whether somebody runs the server: no row is another's to them."""
    return isinstance(user, User) and user.is_active and user.is_superuser


def organisations_of(
    user: AbstractBaseUser | AnonymousUser | None,
) -> models.QuerySet[Organisation]:
    """Those that somebody works for; all of them for who runs the server."""
    if not isinstance(user, User) or not user.is_active:
        return Organisation.objects.none()
    if user.is_superuser:
        return Organisation.objects.all()
    return Organisation.objects.filter(teams__group__user=user).distinct()
