"""Closing, opening again, and the salt that a campaign has from the start."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.utils import timezone

from tests.factories import AMINA, BRUNO, NOW, a_campaign, an_action
from tocsin.actions.take import NotOpen, action_blind
from tocsin.campaigns.collective import CollectiveSchedule
from tocsin.campaigns.models import Campaign
from tocsin.campaigns.opening import Stopped, close_campaign, make_missing_salts, reopen_campaign
from tocsin.kit.seal import KeyMissing, destroy_salt, make_keys, read_salt
from tocsin.outbox.hold import stop_mailing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_keys(tmp_path_factory: pytest.TempPathFactory, settings: LazySettings) -> None:
    settings.KEYS_DIR = tmp_path_factory.mktemp("keys")
    make_keys(settings.KEYS_DIR)


def test_every_campaign_has_a_salt_of_its_own_which_stays() -> None:
    first, second = a_campaign(), a_campaign()
    salt = read_salt(first.salt_name)
    assert len(salt) == 16
    assert salt != read_salt(second.salt_name)
    first.goal = 5
    first.save()
    assert read_salt(Campaign.objects.get(pk=first.pk).salt_name) == salt


def test_the_same_address_has_another_index_in_each_campaign() -> None:
    first, second = a_campaign(), a_campaign()
    index = action_blind(first, AMINA.address)
    assert index == action_blind(Campaign.objects.get(pk=first.pk), AMINA.address)
    assert index not in (action_blind(second, AMINA.address), action_blind(first, BRUNO.address))


def test_closed_and_opened_again() -> None:
    campaign = a_campaign()
    close_campaign(campaign)
    assert not Campaign.objects.get().is_open
    reopen_campaign(campaign, now=NOW)
    assert Campaign.objects.get().is_open
    an_action(Campaign.objects.get())


def test_without_its_salt_a_campaign_takes_nobody_until_it_has_a_fresh_one() -> None:
    campaign = a_campaign()
    an_action(campaign)
    destroy_salt(campaign.salt_name)
    with pytest.raises(KeyMissing):
        an_action(campaign)
    assert make_missing_salts() == 1
    assert make_missing_salts() == 0
    an_action(campaign)


def test_an_erased_campaign_gets_no_fresh_salt() -> None:
    campaign = a_campaign()
    destroy_salt(campaign.salt_name)
    Campaign.objects.update(state="closed", erased_on="2026-03-10")
    assert make_missing_salts() == 0


def test_a_stop_date_that_is_past_ends_it_for_who_wants_to_take_part() -> None:
    campaign = a_campaign()
    stop_mailing(campaign.mailing, at=timezone.now() - timedelta(minutes=1))
    campaign = Campaign.objects.get()
    assert not campaign.is_open
    with pytest.raises(NotOpen):
        an_action(campaign)
    close_campaign(campaign)
    with pytest.raises(Stopped):
        reopen_campaign(campaign, now=timezone.now())
    stop_mailing(campaign.mailing, at=timezone.now() + timedelta(days=1))
    reopen_campaign(Campaign.objects.get(), now=timezone.now())
    assert Campaign.objects.get().is_open


def test_a_reopened_campaign_goes_on_with_its_collective_letter() -> None:
    campaign = a_campaign()
    schedule = CollectiveSchedule.objects.create(campaign=campaign, first_at=NOW, next_at=None)
    close_campaign(campaign)
    reopen_campaign(campaign, now=NOW + timedelta(days=1))
    schedule.refresh_from_db()
    assert schedule.next_at == NOW + timedelta(days=7)
