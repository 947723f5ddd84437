"""What people say of letters of their own: a sum that nothing else is mixed with."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.at_once import at_once
from tests.factories import NOW, a_campaign
from tocsin.campaigns.models import Campaign
from tocsin.outcomes.audit import audit
from tocsin.outcomes.models import SaidCount, SourceCount, Tally
from tocsin.outcomes.said import MOST_A_DAY, count_said, said, with_said
from tocsin.outcomes.tally import confirmed

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def test_each_way_and_each_day_is_a_sum_and_nothing_else_grows() -> None:
    campaign, other = a_campaign(), a_campaign()
    for how, day in (("mail", 0), ("mail", 0), ("post", 0), ("mail", 1)):
        count_said(campaign=campaign, how=how, day=TODAY + timedelta(days=day))
    assert (said(campaign), said(other)) == (4, 0)
    found = [vars(each) for each in with_said(Campaign.objects.order_by("pk"))]
    assert [(each["said_mail"], each["said_post"]) for each in found] == [(3, 1), (0, 0)]
    assert confirmed(campaign) == 0
    assert not Tally.objects.exists()
    assert not SourceCount.objects.exists()
    assert audit().holds


def test_a_row_knows_a_day_and_nothing_finer() -> None:
    names = {field.name for field in SaidCount._meta.get_fields()}
    assert names == {"id", "campaign", "how", "day", "slot", "number"}


def test_no_machine_makes_a_great_number_in_a_night() -> None:
    campaign, other = a_campaign(), a_campaign()
    SaidCount.objects.create(
        campaign=campaign, how="mail", day=TODAY, slot=0, number=MOST_A_DAY - 1
    )
    for _ in range(3):
        count_said(campaign=campaign, how="post", day=TODAY)
    assert said(campaign) == MOST_A_DAY
    count_said(campaign=campaign, how="post", day=TODAY + timedelta(days=1))
    count_said(campaign=other, how="post", day=TODAY)
    assert (said(campaign), said(other)) == (MOST_A_DAY + 1, 1)


def test_the_database_knows_no_third_way() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        count_said(campaign=a_campaign(), how="amina", day=TODAY)


@pytest.mark.django_db(transaction=True)
def test_those_who_press_at_once_are_all_counted() -> None:
    campaign = a_campaign()
    at_once([lambda: count_said(campaign=campaign, how="mail", day=TODAY)] * 12)
    assert said(campaign) == 12
