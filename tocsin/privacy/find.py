"""Everything of one person, found again by the address."""

from django.db.models import QuerySet

from tocsin.actions.models import Action
from tocsin.actions.take import action_blind
from tocsin.campaigns.models import Campaign
from tocsin.kit.addresses import Address


def actions_of(address: Address) -> QuerySet[Action]:
    """Every action of the owner of the address, over all campaigns, always in the same order.

    Each campaign has a salt of its own, so the address has another blind index in each. Of those
    that are erased nobody can be found any more.
    """
    campaigns = Campaign.objects.filter(erased_on=None).only("salt_name")
    indexes = {each.pk: action_blind(each, address) for each in campaigns}
    found = Action.objects.select_related("supporter", "campaign__organisation")
    # Both, since the one index that there is begins with the campaign.
    mine = found.filter(campaign__in=indexes.keys(), blind__in=indexes.values())
    return mine.order_by("pk")
