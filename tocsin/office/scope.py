"""Whose rows somebody of the staff sees: those of the organisations that they work for."""

from typing import TypeVar

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Model, QuerySet
from django.db.models.functions import Lower

from tocsin.actions.models import Action
from tocsin.campaigns.collective import CollectiveSchedule, CollectiveWording
from tocsin.campaigns.models import Campaign
from tocsin.campaigns.wording_rules import WordingRule
from tocsin.letters.models import Letter
from tocsin.organisations.models import Organisation
from tocsin.organisations.partners import Partner
from tocsin.organisations.teams import organisations_of, sees_all
from tocsin.organisations.witnesses import WitnessConsent
from tocsin.outbox.models import Message
from tocsin.outbox.routes import Mailing, SendingDomain
from tocsin.outcomes.paper import PaperCount

M = TypeVar("M", bound=Model)

WAYS: dict[type[Model], str] = {
    Organisation: "pk",
    Partner: "organisation",
    WitnessConsent: "organisation",
    Campaign: "organisation",
    CollectiveSchedule: "campaign__organisation",
    CollectiveWording: "campaign__organisation",
    WordingRule: "campaign__organisation",
    Mailing: "campaign__organisation",
    Action: "campaign__organisation",
    Letter: "action__campaign__organisation",
    PaperCount: "campaign__organisation",
}
"""From a noun to the organisation that it belongs to. What is not named here belongs to all."""


def within(user: AbstractBaseUser | AnonymousUser, rows: QuerySet[M]) -> QuerySet[M]:
    """Those of the rows that belong to an organisation of theirs."""
    if sees_all(user):
        return rows
    own = organisations_of(user)
    if rows.model is Message:
        # Fetched first: knowing which, the database finds their messages much faster.
        mailings = Mailing.objects.filter(campaign__organisation__in=own)
        return rows.filter(mailing__in=list(mailings.values_list("pk", flat=True)))
    if rows.model is SendingDomain:
        return rows.filter(name__in=own.values_list(Lower("mail_domain")))
    way = WAYS.get(rows.model)
    return rows if way is None else rows.filter(**{f"{way}__in": own.values("pk")})
