"""Beginning a campaign: as an empty draft, or as the copy of another one of its organisation."""

from typing import Any

from django.db import transaction

from tocsin.campaigns.models import DRAFT, Campaign
from tocsin.campaigns.ways import WAYS
from tocsin.organisations.models import Organisation
from tocsin.outbox.post import sending_domain_for

GOAL = 1000
"""What a new draft has for its goal until somebody says another."""


@transaction.atomic
def begin_campaign(
    *, organisation: Organisation, slug: str, model: Campaign | None = None
) -> Campaign:
    """A new draft; with a `model`, one that has its texts, targets, ways and consents, no numbers.

    Stop date, moment of opening and what was tested are its own. The model is of the same
    organisation, or ValueError.
    """
    if model and model.organisation_id != organisation.pk:
        raise ValueError(model)
    # Its records in the DNS are looked at from now on, not from the first mail on.
    sending_domain_for(organisation.mail_domain)
    campaign = Campaign(organisation=organisation, slug=slug, state=DRAFT, goal=GOAL)
    if model:
        for name in (
            "goal",
            "pool_size",
            "first_way",
            "letter_is_fixed",
            *(f"offers_{way}" for way in WAYS),
        ):
            setattr(campaign, name, getattr(model, name))
    campaign.save()
    if model:
        campaign.consents.set(model.consents.all())
        for rows in (
            model.campaign_targets.all(),
            model.wordings.filter(is_retired=False),
            model.wording_rules.all(),
            model.collective_wordings.all(),
            model.translations.all(),
        ):
            _copy(rows, campaign)
    return campaign


def _copy(rows: Any, campaign: Campaign) -> None:
    """These rows once more, for the other campaign."""
    for row in list(rows.order_by("pk")):
        row.pk, row.campaign = None, campaign
        row.save()
