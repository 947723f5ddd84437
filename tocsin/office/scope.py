"""Whose rows somebody of the staff sees: those of the organisations that they work for."""

from typing import TypeVar

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.db.models import Model, QuerySet

from tocsin.actions.models import Action
from tocsin.campaigns.models import Campaign, CampaignTarget, Wording
from tocsin.letters.models import Letter
from tocsin.organisations.models import Organisation
from tocsin.organisations.partners import Partner
from tocsin.organisations.teams import Team

M = TypeVar("M", bound=Model)

WAYS: dict[type[Model], str] = {
    Organisation: "pk",
    Team: "organisation",
    Partner: "organisation",
    Campaign: "organisation",
    CampaignTarget: "campaign__organisation",
    Wording: "campaign__organisation",
    Action: "campaign__organisation",
    Letter: "action__campaign__organisation",
}
"""From a noun to the organisation that it belongs to. What is not named here belongs to all."""


def organisations_of(user: AbstractBaseUser | AnonymousUser) -> QuerySet[Organisation]:
    """Those that somebody works for; all of them for who runs the server."""
    if not isinstance(user, User) or not user.is_active:
        return Organisation.objects.none()
    if user.is_superuser:
        return Organisation.objects.all()
    return Organisation.objects.filter(teams__group__user=user).distinct()


def within(user: AbstractBaseUser | AnonymousUser, rows: QuerySet[M]) -> QuerySet[M]:
    """Those of the rows that belong to an organisation of theirs."""
    way = WAYS.get(rows.model)
    if way is None or (isinstance(user, User) and user.is_active and user.is_superuser):
        return rows
    return rows.filter(**{f"{way}__in": organisations_of(user).values("pk")})
