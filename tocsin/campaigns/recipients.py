"""Which targets a campaign writes to, in the order in which they were chosen, or put."""

from collections.abc import Collection, Iterable

from django.db import transaction
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

    Without a `scope` who stands for an area is written to by those who live there, an embassy by
    those who live where it sits, others by all.
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
    if target.area_id:
        return CampaignTarget.Scope.AREA
    return CampaignTarget.Scope.COUNTRY if target.seat else CampaignTarget.Scope.EVERYONE


def put_first(campaign: Campaign, rows: Iterable[CampaignTarget]) -> int:
    """Let these be written to before all others, in the order they have; how many they are."""
    return _in_order(campaign, {row.pk for row in rows}, first=True)


def put_last(campaign: Campaign, rows: Iterable[CampaignTarget]) -> int:
    """Let these be written to after all others, in the order they have; how many they are."""
    return _in_order(campaign, {row.pk for row in rows}, first=False)


@transaction.atomic
def _in_order(campaign: Campaign, moved: Collection[int], *, first: bool) -> int:
    rows = list(campaign.campaign_targets.select_for_update().order_by("position", "pk"))
    rows.sort(key=lambda row: (row.pk in moved) != first)
    for number, row in enumerate(rows):
        row.position = number
    CampaignTarget.objects.bulk_update(rows, ["position"], batch_size=500)
    return sum(row.pk in moved for row in rows)
