"""How many say that they wrote by themselves: a sum of its own, added to no other number."""

from datetime import date

from django.db import connection, models
from django.db.models.functions import Coalesce

from tocsin.campaigns.models import Campaign
from tocsin.outcomes.models import SaidCount
from tocsin.outcomes.sources import any_slot

MOST_A_DAY = 1000
"""More is not counted for one campaign on one day: no machine makes a great number in a night.

Whoever presses a button is nobody to us: there is nothing else by which machines are told apart.
"""

ADD = """
    INSERT INTO tocsin_saidcount (campaign_id, how, day, slot, number)
    SELECT %(campaign)s, %(how)s, %(day)s, %(slot)s, 1
    WHERE (SELECT coalesce(sum(number), 0) FROM tocsin_saidcount
           WHERE campaign_id = %(campaign)s AND day = %(day)s) < %(most)s
    ON CONFLICT (campaign_id, how, day, slot) DO UPDATE
    SET number = tocsin_saidcount.number + excluded.number
"""


def count_said(*, campaign: Campaign, how: str, day: date) -> None:
    """One more says so; those who press at the same moment may pass the limit by a few."""
    values: dict[str, int | str | date] = {
        "campaign": campaign.pk,
        "how": how,
        "day": day,
        "slot": any_slot(),
        "most": MOST_A_DAY,
    }
    with connection.cursor() as cursor:
        cursor.execute(ADD, values)


def said(campaign: Campaign) -> int:
    """How many said so, in any way; one person may have said it more than once."""
    found = SaidCount.objects.filter(campaign=campaign).aggregate(sum=models.Sum("number"))["sum"]
    return found or 0


def with_said(campaigns: models.QuerySet[Campaign]) -> models.QuerySet[Campaign]:
    """Campaigns with how many said that they wrote, as `said_mail` and `said_post`."""
    rows = SaidCount.objects.filter(campaign=models.OuterRef("pk"))

    def sum_of(how: str) -> Coalesce:
        sums = rows.filter(how=how).values("campaign").annotate(sum=models.Sum("number"))
        return Coalesce(models.Subquery(sums.values("sum")), 0)

    return campaigns.annotate(said_mail=sum_of("mail"), said_post=sum_of("post"))
