"""Whom a campaign writes to: everybody's, an embassy, where there is none, by lot, and not from."""

from collections import Counter
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import a_campaign, a_target
from tocsin.campaigns.lot import drawn, new_draw, read_draw
from tocsin.campaigns.models import Campaign, CampaignTarget
from tocsin.targets.models import Target

pytestmark = pytest.mark.django_db
Scope = CampaignTarget.Scope


def add(campaign: Campaign, scope: str, *, kind: str = "other", **more: object) -> Target:
    """One target more, by that rule."""
    target = a_target(kind=kind)
    CampaignTarget.objects.create(campaign=campaign, target=target, scope=scope, position=9, **more)
    return target


def kinds(campaign: Campaign, country: str, draw: str = "") -> list[str]:
    """Who is written to from there."""
    rows = campaign.campaign_targets.for_country(country, draw=draw)
    return [row.target.kind for row in rows]


def test_who_has_no_embassy_writes_to_the_one_that_stands_in() -> None:
    campaign = a_campaign()
    add(campaign, Scope.ELSEWHERE, kind="head_of_state")
    assert kinds(campaign, "FR") == ["ministry", "embassy"]
    assert kinds(campaign, "SN") == ["ministry", "head_of_state"]


def test_another_campaign_s_embassy_is_no_embassy_of_this_one() -> None:
    campaign, other = a_campaign(), a_campaign()
    campaign.campaign_targets.filter(scope=Scope.COUNTRY).delete()
    add(campaign, Scope.ELSEWHERE, kind="head_of_state")
    assert kinds(campaign, "FR") == ["ministry", "head_of_state"]
    assert kinds(other, "FR") == ["ministry", "embassy"]


def test_an_embassy_that_is_archived_or_left_out_is_stood_in_for() -> None:
    campaign = a_campaign()
    add(campaign, Scope.ELSEWHERE, kind="head_of_state")
    embassy = campaign.campaign_targets.filter(scope=Scope.COUNTRY)
    embassy.update(not_from=["FR"])
    assert kinds(campaign, "FR") == ["ministry", "head_of_state"]
    embassy.update(not_from=[])
    Target.objects.filter(kind="embassy").update(archived_on="2026-01-01")
    assert kinds(campaign, "FR") == ["ministry", "head_of_state"]


def test_a_country_can_be_left_out() -> None:
    campaign = a_campaign()
    campaign.campaign_targets.filter(target__kind="ministry").update(not_from=["CN", "RU"])
    assert kinds(campaign, "CN") == []
    assert kinds(campaign, "FR") == ["ministry", "embassy"]


def test_of_a_pool_each_lot_means_so_many_and_always_the_same() -> None:
    campaign = a_campaign()
    for _each in range(7):
        add(campaign, Scope.POOL, kind="parliament")
    Campaign.objects.filter(pk=campaign.pk).update(pool_size=3)
    one = kinds(campaign, "FR", draw="a")
    assert Counter(one) == {"ministry": 1, "embassy": 1, "parliament": 3}
    rows = [list(campaign.campaign_targets.for_country("FR", draw=draw)) for draw in "aab"]
    assert rows[0] == rows[1] != rows[2]
    assert Counter(kinds(campaign, "FR"))["parliament"] == 7
    Campaign.objects.filter(pk=campaign.pk).update(pool_size=0)
    assert Counter(kinds(campaign, "FR", draw="a"))["parliament"] == 7
    Campaign.objects.filter(pk=campaign.pk).update(pool_size=30)
    assert Counter(kinds(campaign, "FR", draw="a"))["parliament"] == 7


def test_who_is_left_out_is_not_drawn_in_the_place_of_others() -> None:
    campaign = a_campaign()
    for _each in range(4):
        add(campaign, Scope.POOL, kind="parliament", not_from=["FR"])
    add(campaign, Scope.POOL, kind="company")
    Campaign.objects.filter(pk=campaign.pk).update(pool_size=1)
    for draw in "abcdefgh":
        assert kinds(campaign, "FR", draw=draw)[2:] == ["company"]


def test_the_question_costs_the_same_for_a_large_pool() -> None:
    campaign = a_campaign()
    counts = []
    for number in (1, 12):
        for _each in range(number):
            add(campaign, Scope.POOL)
        with CaptureQueriesContext(connection) as asked:
            list(campaign.campaign_targets.for_country("FR", draw="a"))
        counts.append(len(asked))
    assert counts == [2, 2]


def test_everybody_writes_to_somebody_or_the_campaign_offers_no_form() -> None:
    campaign = a_campaign()
    rows = campaign.campaign_targets
    assert rows.for_anybody().exists()
    rows.filter(scope=Scope.EVERYONE).update(not_from=["CN"])
    assert not rows.for_anybody().exists()
    add(campaign, Scope.ELSEWHERE)
    assert rows.for_anybody().exists()


def test_lots_are_even() -> None:
    got = Counter(each for _lot in range(4000) for each in drawn(str(uuid4()), range(40), number=4))
    assert len(got) == 40
    assert 300 < min(got.values()) <= max(got.values()) < 500


def test_who_is_taken_out_of_the_pool_moves_nobody_else() -> None:
    for lot in map(str, range(50)):
        before = drawn(lot, range(20), number=5)
        after = drawn(lot, [each for each in range(20) if each != before[2]], number=5)
        assert set(before) - set(after) == {before[2]}


@pytest.mark.parametrize(
    "text", ["", "x" * 16, "A" * 16, "0" * 17, "0" * 15, "\0" * 16, "0" * 15 + "\n"]
)
def test_what_is_no_lot_is_drawn_anew(text: str) -> None:
    assert read_draw(text) != text
    assert len(read_draw(text)) == 16


def test_a_lot_that_is_one_stays() -> None:
    lot = new_draw()
    assert read_draw(lot) == lot
    assert new_draw() != lot
