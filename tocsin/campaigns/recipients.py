"""Writing to more targets: which rows a campaign gets, in the order in which they were chosen."""

from collections.abc import Collection, Iterable

from django.db.models import Max

from tocsin.campaigns.models import Campaign, CampaignTarget
from tocsin.targets.models import Target


def write_to(
    campaign: Campaign,
    targets: Iterable[Target],
    *,
    scope: str = "",
    not_from: Collection[str] = (),
) -> int:
    """Write to these as well, and say how many are new.

    Without a `scope` an embassy is written to by those who live where it sits, others by all.
    """
    rows = campaign.campaign_targets
    there = set(rows.values_list("target", flat=True))
    last = rows.aggregate(last=Max("position"))["last"]
    first = 0 if last is None else last + 1
    fresh = [target for target in targets if target.pk not in there]
    CampaignTarget.objects.bulk_create(
        (
            CampaignTarget(
                campaign=campaign,
                target=target,
                scope=scope or _scope_of(target),
                not_from=list(not_from),
                position=first + number,
            )
            for number, target in enumerate(fresh)
        ),
        ignore_conflicts=True,  # somebody else added one of them at this moment
    )
    return len(fresh)


def _scope_of(target: Target) -> str:
    return CampaignTarget.Scope.COUNTRY if target.seat else CampaignTarget.Scope.EVERYONE
