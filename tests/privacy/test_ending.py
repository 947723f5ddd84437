"""The end of a campaign: nobody is known any more, and the number stands."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as live
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from tests.at_once import at_once
from tests.factories import AMINA, BRUNO, MALLORY, NOW, a_campaign
from tests.privacy.amina import letters_are, took_part, wrote
from tests.privacy.canaries import hashes_of_amina, traces_of_amina
from tests.privacy.days import DAY, HOUR, Days, forget_everything, lived_until
from tests.privacy.test_killed import Killed, killed_at
from tocsin.actions.models import Action, Confirmation, MailGuard
from tocsin.actions.take import NotOpen, renew_confirmation
from tocsin.campaigns.models import Campaign
from tocsin.campaigns.opening import Erased, close_campaign, reopen_campaign
from tocsin.kit.seal import KeyMissing, read_salt
from tocsin.letters.models import Letter
from tocsin.outbox.hold import stop_mailing
from tocsin.outbox.models import Attempt, Message, MessageContent
from tocsin.outcomes.audit import audit
from tocsin.outcomes.models import Tally
from tocsin.privacy import ending
from tocsin.privacy.disclose import disclose
from tocsin.privacy.memory import Ending, RetentionReport
from tocsin.privacy.reports import find_tampered
from tocsin.supporters.models import Consent, Supporter

pytestmark = pytest.mark.django_db

OF_PEOPLE = (Action, Supporter, Consent, Confirmation, Letter, Message, MessageContent, Attempt)


@pytest.fixture
def campaign() -> Campaign:
    """Amina's letters were sent, Bruno's wait, and the campaign is closed."""
    campaign = a_campaign()
    letters_are(wrote(campaign), "sent")
    wrote(campaign, person=BRUNO)
    close_campaign(campaign)
    return campaign


def salts() -> int:
    return len(list((live.KEYS_DIR / "salts").iterdir()))


def rows_of_people() -> int:
    return sum(model._default_manager.count() for model in OF_PEOPLE)


def ended(days: Days, *, ago: int = 91) -> Days:
    """It was first seen so many days ago that the campaign had ended."""
    days.keep()
    Ending.objects.update(seen=F("seen") - timedelta(days=ago))
    return days


def test_90_days_after_its_end_nobody_is_known_and_not_before(campaign: Campaign) -> None:
    hashes = hashes_of_amina()
    days = lived_until(NOW + 90 * DAY - 10 * HOUR, step=DAY)
    assert salts() == 1
    assert Action.objects.count() == 2
    assert {each.what for each in traces_of_amina(hashes=hashes)} == {"blind", "sealed"}
    days.live(10 * HOUR, step=2 * HOUR)
    assert salts() == rows_of_people() == 0
    MailGuard.objects.all().delete()
    assert traces_of_amina(hashes=hashes) == []


def test_the_number_stands_and_the_books_balance(campaign: Campaign) -> None:
    ended(Days()).keep()
    assert rows_of_people() == 0
    tally = Tally.objects.get(campaign=campaign)
    assert (tally.confirmed, tally.erased) == (2, 2)
    assert audit().holds


def test_what_waits_is_cancelled_and_all_of_it_is_in_a_signed_report(campaign: Campaign) -> None:
    ended(Days()).keep()
    report = RetentionReport.objects.get()
    assert (report.what, report.about) == ("campaign", campaign.slug)
    assert report.counts == {
        "letters": 4,
        "letters not sent": 2,
        "other mails": 2,
        "other mails not sent": 2,
        "people": 2,
    }
    assert find_tampered() == []
    RetentionReport.objects.update(about="another")
    assert find_tampered() == [1]


def test_a_campaign_past_the_stop_date_of_its_mailing_has_ended() -> None:
    campaign = a_campaign()
    wrote(campaign)
    stop_mailing(campaign.mailing, at=NOW + HOUR)
    days = Days()
    days.keep()
    assert not Ending.objects.exists()
    days.live(3 * HOUR)
    assert Ending.objects.get().seen == NOW.date()
    ended(days).keep()
    campaign.refresh_from_db()
    assert (rows_of_people(), campaign.state) == (0, "closed")


def test_another_campaign_is_left_alone(campaign: Campaign) -> None:
    other = a_campaign()
    wrote(other)
    ended(Days()).keep()
    assert Action.objects.get().campaign == other
    assert len(disclose(address=AMINA.address).actions) == 1


def test_a_campaign_that_is_opened_again_before_its_day_is_not_erased(campaign: Campaign) -> None:
    days = ended(Days(), ago=89)
    reopen_campaign(campaign, now=NOW)
    days.live(3 * DAY, step=DAY)
    assert Action.objects.count() == 2
    assert not Ending.objects.exists()
    close_campaign(campaign)
    days.keep()
    assert Ending.objects.get().seen == days.at.date(), "its days begin anew"


def test_a_campaign_that_is_opened_at_the_last_moment_is_not_erased(campaign: Campaign) -> None:
    days = ended(Days())

    def opens(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if "FOR UPDATE" in sql and "tocsin_campaign" in sql:
            reopen_campaign(campaign, now=NOW)
        return execute(sql, *rest)

    with connection.execute_wrapper(opens):
        days.keep()
    assert (salts(), Action.objects.count()) == (1, 2)


def test_an_erased_campaign_stays_closed_whoever_tries(campaign: Campaign) -> None:
    ended(Days()).keep()
    with pytest.raises(Erased):
        reopen_campaign(campaign, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Campaign.objects.update(state="open")
    campaign.refresh_from_db()
    with pytest.raises(NotOpen):
        took_part(campaign)
    renew_confirmation(campaign=campaign, address=AMINA.address, language="fr", now=NOW)
    assert not Message.objects.exists()


def test_your_data_goes_on_when_a_campaign_is_erased(campaign: Campaign) -> None:
    ended(Days()).keep()
    assert disclose(address=AMINA.address).actions == ()


def test_who_took_part_at_the_very_moment_in_which_it_was_erased_is_erased_as_well(
    campaign: Campaign,
) -> None:
    days = ended(Days())
    late = Action(campaign=campaign, supporter=Supporter(sealed=b"x"), blind=b"late")
    late.language, late.country, late.day, late.sealed_words = "fr", "FR", NOW.date(), b"x"
    days.keep()
    late.supporter.save(force_insert=True)
    late.save(force_insert=True)
    days.keep()
    assert rows_of_people() == 0
    assert audit().holds


def test_a_setting_says_how_many_days(campaign: Campaign, settings: Any) -> None:
    settings.KEEP_DAYS = 5
    days = ended(Days(), ago=4)
    days.keep()
    assert Action.objects.count() == 2
    ended(days, ago=2).keep()
    assert Action.objects.count() == 0


@pytest.mark.parametrize("off", [-400 * DAY, 400 * DAY])
def test_a_clock_that_jumps_ends_nothing_early(campaign: Campaign, off: timedelta) -> None:
    days = lived_until(NOW + 3 * HOUR, step=HOUR)
    days.off = off
    days.live(DAY, step=6 * HOUR)
    assert (salts(), Action.objects.count()) == (1, 2)
    days.off = timedelta()
    days.live(2 * HOUR)
    assert Ending.objects.get().seen == NOW.date()


def test_a_stop_date_does_not_come_by_a_jump_of_the_clock() -> None:
    campaign = a_campaign()
    wrote(campaign)
    stop_mailing(campaign.mailing, at=NOW + 200 * DAY)
    days = lived_until(NOW + 3 * HOUR, step=HOUR)
    days.off = 400 * DAY
    days.live(DAY, step=6 * HOUR)
    assert not Ending.objects.exists()


def test_while_the_keys_are_not_there_nothing_is_erased(campaign: Campaign) -> None:
    days = ended(Days())
    live.KEYS_DIR.rename(live.KEYS_DIR.with_name("elsewhere"))
    days.keep()
    campaign.refresh_from_db()
    assert (campaign.erased_on, Action.objects.count()) == (None, 2)
    live.KEYS_DIR.with_name("elsewhere").rename(live.KEYS_DIR)
    days.keep()
    assert Action.objects.count() == 0


def test_a_large_campaign_goes_in_turns(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrote(campaign_opened(campaign), person=MALLORY)
    close_campaign(campaign)
    days = ended(Days())
    monkeypatch.setattr(ending, "BATCH", 1)
    monkeypatch.setattr(ending, "TURN", -1.0)
    for left in (2, 1, 0):
        days.keep()
        assert Action.objects.count() == left
        assert Ending.objects.get().state == "closing"
    days.keep()
    assert RetentionReport.objects.get().counts["people"] == 3


def campaign_opened(campaign: Campaign) -> Campaign:
    reopen_campaign(campaign, now=NOW)
    campaign.refresh_from_db()
    return campaign


@pytest.mark.django_db(transaction=True)
def test_killed_at_any_step_nothing_is_erased_before_the_salt_and_all_of_it_after() -> None:
    number, was_killed = 0, True
    while was_killed:
        number += 1
        campaign = a_campaign()
        wrote(campaign)
        close_campaign(campaign)
        days = ended(Days())
        with killed_at(number):
            try:
                days.keep()
                was_killed = False
            except Killed:
                pass
        try:
            read_salt(campaign.salt_name)
        except KeyMissing:
            assert Campaign.objects.get().erased_on is not None
        else:
            assert Letter.objects.count() == 2
            assert Consent.objects.count() == 2
        days.keep()
        assert rows_of_people() == 0
        assert Ending.objects.get().state == "done"
        counts = RetentionReport.objects.get(what="campaign").counts
        assert (counts["people"], counts["letters"], counts["letters not sent"]) == (1, 2, 2)
        with pytest.raises(KeyMissing):
            read_salt(campaign.salt_name)
        assert audit().holds
        forget_everything()
    assert number > 30


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_erase_a_campaign_once() -> None:
    wrote(a_campaign())
    close_campaign(Campaign.objects.get())
    days = ended(Days())
    assert sorted(at_once([days.keep] * 2)) == [0, 1]
    assert RetentionReport.objects.get().counts["people"] == 1
