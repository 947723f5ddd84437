"""The sums behind the board: they are the rows, and they stand when the rows go."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from tests.at_once import at_once
from tests.factories import AMINA, BRUNO, MALLORY, NOW, a_campaign, an_action
from tocsin.actions.models import Action
from tocsin.actions.release import confirm_action
from tocsin.campaigns.models import Campaign
from tocsin.outcomes.audit import audit
from tocsin.outcomes.days import Known, add_days, forget_few
from tocsin.outcomes.models import DayCount, HourCount, Tally
from tocsin.outcomes.tally import tally_due, uncount
from tocsin.privacy.rights import erase_person
from tocsin.supporters.person import Person

pytestmark = pytest.mark.django_db


def confirmed_one(campaign: Campaign, **sent: object) -> Action:
    action = an_action(campaign, **sent)
    confirm_action(action_id=action.pk, revision=1)
    return action


def sums(campaign: Campaign) -> dict[tuple[str, str], int]:
    found = DayCount.objects.filter(campaign=campaign).values_list("by", "name", "number")
    return {(by, name): number for by, name, number in found}


def rules() -> list[str]:
    return [broken.rule for broken in audit().broken]


def test_each_thing_known_is_counted_once_and_by_itself() -> None:
    campaign = a_campaign()
    confirmed_one(campaign, person=AMINA, country="FR", language="fr")
    confirmed_one(campaign, person=BRUNO, country="KZ", language="fr")
    an_action(campaign, person=MALLORY, country="DE")
    assert tally_due(now=NOW) == 2
    assert tally_due(now=NOW) == 0
    assert sums(campaign) == {
        ("country", "FR"): 1,
        ("country", "KZ"): 1,
        ("language", "fr"): 2,
        ("way", "open"): 2,
        ("variant", "1"): 2,
    }
    assert rules() == []


def test_who_wrote_on_another_day_is_counted_on_that_day() -> None:
    campaign = a_campaign()
    confirmed_one(campaign, person=AMINA)
    confirmed_one(campaign, person=BRUNO, now=NOW - timedelta(days=1))
    tally_due(now=NOW)
    days = DayCount.objects.filter(by="way").values_list("day", "number")
    assert dict(days) == {NOW.date(): 1, NOW.date() - timedelta(days=1): 1}


def test_who_is_erased_stays_in_the_sums_counted_or_not() -> None:
    campaign = a_campaign()
    confirmed_one(campaign, person=AMINA)
    tally_due(now=NOW)
    confirmed_one(campaign, person=BRUNO, country="KZ")
    erase_person(address=AMINA.address, now=NOW)
    erase_person(address=BRUNO.address, now=NOW)
    assert tally_due(now=NOW) == 0
    assert sums(campaign)["country", "FR"] == sums(campaign)["country", "KZ"] == 1
    assert (Action.objects.count(), rules()) == (0, [])


def test_who_is_taken_out_of_the_number_is_taken_out_of_the_sums() -> None:
    campaign = a_campaign()
    action = confirmed_one(campaign, person=AMINA)
    confirmed_one(campaign, person=BRUNO)
    tally_due(now=NOW)
    action.refresh_from_db()
    uncount([action])
    Action.objects.filter(pk=action.pk).delete()
    assert set(sums(campaign).values()) == {1}
    assert rules() == []


def test_a_station_that_falls_half_way_has_counted_nobody() -> None:
    campaign = a_campaign()
    confirmed_one(campaign)
    with transaction.atomic():
        tally_due(now=NOW)
        transaction.set_rollback(True)
    assert (sums(campaign), Tally.objects.count()) == ({}, 0)
    assert tally_due(now=NOW) == 1


def test_hours_are_forgotten_after_two_days_and_tell_nothing_but_a_number() -> None:
    campaign = a_campaign()
    confirmed_one(campaign, person=AMINA)
    tally_due(now=NOW)
    confirmed_one(campaign, person=BRUNO)
    tally_due(now=NOW + timedelta(minutes=10))
    hour = NOW.replace(minute=0, second=0, microsecond=0)
    assert list(HourCount.objects.values_list("hour", "number")) == [(hour, 2)]
    tally_due(now=NOW + timedelta(hours=48))
    assert HourCount.objects.count() == 1
    tally_due(now=NOW + timedelta(hours=49))
    assert HourCount.objects.count() == 0
    assert Counter(sums(campaign).values()) == Counter([2, 2, 2, 2])


def test_when_a_campaign_is_over_from_where_few_came_is_forgotten_and_the_sums_stand() -> None:
    campaign, other = a_campaign(), a_campaign()
    day = NOW.date()
    for each in (campaign, other):
        for country, number in (("FR", 12), ("KZ", 9), ("TR", 1)):
            for ago in (0, 1):
                known = Known(each.pk, day - timedelta(days=ago), country, "fr", "open", 1)
                add_days(Counter({known: number - ago}))
    before = sums(other)
    for _ in range(2):
        forget_few(campaign.pk)
    left = DayCount.objects.filter(campaign=campaign, by="country")
    assert {(each.name, each.day == day, each.number) for each in left} == {
        ("FR", True, 12), ("FR", False, 11),
        ("KZ", True, 9), ("KZ", False, 8),
        ("", True, 1), ("", False, 0),
    }  # fmt: skip
    assert sums(other) == before


def test_the_audit_finds_sums_that_are_not_the_rows() -> None:
    campaign = a_campaign()
    confirmed_one(campaign, person=AMINA, country="FR")
    confirmed_one(campaign, person=BRUNO, country="KZ")
    tally_due(now=NOW)
    DayCount.objects.filter(name="KZ").update(number=2)
    assert rules() == ["a campaign whose days do not add up to its number"]
    DayCount.objects.filter(name="FR").update(number=0)
    assert rules() == ["a campaign with a day that counts fewer than are there"]


def test_a_sum_is_there_once_and_never_below_nothing() -> None:
    campaign = a_campaign()
    made = {"campaign": campaign, "by": "way", "day": NOW.date(), "name": "open"}
    DayCount.objects.create(**made, number=1)
    for number in (1, -1):
        with pytest.raises(IntegrityError), transaction.atomic():
            DayCount.objects.create(
                **{**made, "name": "open" if number > 0 else "x"}, number=number
            )


def test_what_was_counted_before_is_counted_by_the_migration() -> None:
    from importlib import import_module

    migration = import_module("tocsin.migrations.0026_board")
    campaign = a_campaign()
    confirmed_one(campaign, person=AMINA)
    confirmed_one(campaign, person=BRUNO)
    tally_due(now=NOW)
    erase_person(address=BRUNO.address, now=NOW)
    DayCount.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(migration.COUNT_AGAIN)
        cursor.execute(migration.COUNT_ERASED)
    assert sums(campaign)["way", ""] == sums(campaign)["way", "open"] == 1
    assert rules() == []


@pytest.mark.django_db(transaction=True)
def test_stations_and_erasures_at_the_same_moment_leave_true_sums() -> None:
    campaigns = [a_campaign(), a_campaign()]
    for campaign in campaigns:
        for person in (AMINA, BRUNO, MALLORY):
            confirmed_one(campaign, person=person)

    def erase(person: Person) -> Callable[[], int]:
        return lambda: erase_person(address=person.address, now=NOW)

    stations: list[Callable[[], int]] = [lambda: tally_due(now=NOW)] * 3
    at_once([*stations, erase(AMINA), erase(BRUNO)])
    tally_due(now=NOW)
    assert [sums(campaign)["way", "open"] for campaign in campaigns] == [3, 3]
    assert rules() == []
