"""Taking a target out of the directory, as far as campaigns and letters allow it."""

from datetime import date

from django.db import transaction
from django.db.models import ProtectedError
from django.db.models.functions import Now

from tocsin.campaigns.models import Campaign
from tocsin.targets.models import Target


class StillWrittenTo(Exception):
    """Campaigns that are going write to it: `slugs`."""

    def __init__(self, slugs: list[str]) -> None:
        super().__init__(slugs)
        self.slugs = slugs


class InUse(Exception):
    """A campaign or a letter refers to it: it can be archived, and not deleted."""


@transaction.atomic
def archive_target(target: Target, *, today: date) -> None:
    """Nobody writes to it any more, and its letters stay; raises StillWrittenTo."""
    Target.objects.select_for_update(no_key=True).get(pk=target.pk)
    going = Campaign.objects.going_at(Now()).filter(campaign_targets__target=target)
    if slugs := list(going.values_list("slug", flat=True)):
        raise StillWrittenTo(slugs)
    target.archived_on = today
    target.save(update_fields=["archived_on"])


def take_back_target(target: Target) -> bool:
    """It is in the directory again; False: it was merged into another, and stays archived."""
    rows = Target.objects.filter(pk=target.pk, merged_into=None)
    return rows.update(archived_on=None) > 0


def delete_target(target: Target) -> None:
    """As if it had never been there; raises InUse."""
    try:
        with transaction.atomic():
            target.delete()
    except ProtectedError:
        raise InUse from None
