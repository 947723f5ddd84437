"""The collective letter: a true number, on schedule, once to each, and nothing of anybody."""

from datetime import timedelta
from email.utils import parseaddr

import pytest
from django.db import IntegrityError, transaction

from tests.eml import name_in, text_of
from tests.factories import NOW, a_campaign
from tests.mail import mail_of
from tests.outcomes.lent import lend, lending, letters, somebody, take_voice, written
from tests.privacy.days import DAY, DUE, HOUR, lived_until
from tocsin.actions.models import Action
from tocsin.actions.release import confirm_action
from tocsin.campaigns.collective import CollectiveSchedule, CollectiveWording
from tocsin.campaigns.models import Campaign
from tocsin.campaigns.rhythm import FEWEST, WEEK
from tocsin.kit.seal import HEAD, head_of
from tocsin.letters.editions import told
from tocsin.outbox.hold import pause_mailing, recall_mailing, resume_mailing, stop_mailing
from tocsin.outbox.models import Message, MessageContent
from tocsin.outcomes.audit import audit
from tocsin.outcomes.models import Tally
from tocsin.outcomes.tally import confirmed, tally_due, voices
from tocsin.outcomes.voices import write_collective_due
from tocsin.privacy.rights import erase_person

pytestmark = pytest.mark.django_db


def close(campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(state="closed")


def next_at(campaign: Campaign) -> object:
    return CollectiveSchedule.objects.get(campaign=campaign).next_at


# -- the letter ----------------------------------------------------------------------------------


def test_each_target_gets_one_letter_in_its_language_with_the_number() -> None:
    campaign = lending()
    lend(campaign, "amina", "gulnar", "bruno")
    assert written(campaign) == [3]
    ministry, embassy = letters(campaign)
    assert text_of(mail_of(ministry.message)) == (
        "Your Excellency,\n\n"
        "Number of voices: 3.\n\n"
        "Where are the people who are detained?\n\n"
        "Yours respectfully,\n\n"
        "The Letter Table\n\n"
        "An answer to this message goes to The Letter Table.\n"
    )
    assert text_of(mail_of(embassy.message)).startswith("Excellence,\n\nNombre de voix : 3.\n\nOù")
    assert (ministry.language, embassy.language) == ("en", "fr")


def test_it_comes_from_the_organisation_and_answers_go_there() -> None:
    campaign = lending()
    lend(campaign, "amina", "gulnar")
    written(campaign)
    for letter in letters(campaign):
        mail = mail_of(letter.message)
        assert name_in(mail, "From") == "The Letter Table"
        alias = parseaddr(mail["From"])[1]
        assert alias == f"{campaign.slug.replace('-', '.')}.1@letters.table.example"
        assert mail["Reply-To"] == "The Letter Table <hello@table.example>"
        assert parseaddr(mail["To"])[1] == letter.target.addresses.get().address
        assert mail.get_content_type() == "text/plain"
        assert mail["Content-Language"] == letter.language
        assert letter.message.mailing == campaign.mailing


def test_a_great_number_is_written_as_each_language_writes_it() -> None:
    campaign = lending()
    Tally.objects.create(campaign=campaign, confirmed=12_345, voices=12_345)
    assert written(campaign) == [12_345]
    ministry, embassy = (mail_of(letter.message) for letter in letters(campaign))
    assert "Number of voices: 12,345." in text_of(ministry)
    assert "Nombre de voix : 12\u202f345." in text_of(embassy)
    assert embassy["Subject"] == "12\u202f345 ?"


def test_a_language_that_we_do_not_speak_has_its_number_too() -> None:
    campaign = lending()
    campaign.collective_wordings.filter(language="en").delete()
    campaign.collective_wordings.update(language="xx")
    Tally.objects.create(campaign=campaign, confirmed=1_234, voices=1_234)
    written(campaign)
    assert {str(mail_of(each.message)["Subject"]) for each in letters(campaign)} == {"1,234 ?"}


def test_a_target_whose_language_has_no_wording_gets_another() -> None:
    campaign = lending()
    campaign.collective_wordings.filter(language="en").delete()
    lend(campaign, "amina", "gulnar")
    written(campaign)
    assert {letter.language for letter in letters(campaign)} == {"fr"}


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Where are they?", "Many people ask."),
        ("Where are they?", "{number} people ask, {voices} of them now."),
        ("Where are they?", "{voices} people ask {"),
        ("{people}", "{voices} people ask."),
        ("Where are they?", "{{voices}} people ask."),
    ],
)
def test_a_wording_that_does_not_tell_the_number_is_refused(subject: str, body: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        CollectiveWording.objects.create(
            campaign=a_campaign(), language="en", subject=subject, body=body, closing="Yours,"
        )


# -- the number ----------------------------------------------------------------------------------


def test_who_did_not_confirm_is_no_voice() -> None:
    campaign = lending()
    lend(campaign, "amina", "gulnar")
    take_voice(campaign, somebody("mallory"))
    tally_due(now=NOW)
    assert written(campaign) == [2]


def test_who_wrote_openly_is_no_voice_and_counts_all_the_same() -> None:
    campaign = lending()
    lend(campaign, "amina", "gulnar")
    take_voice(campaign, somebody("chiara"))
    Action.objects.filter(state="pending").update(way="open")
    lend(campaign)
    assert (voices(campaign), confirmed(campaign)) == (2, 3)
    assert written(campaign) == [2]
    assert audit().holds


def test_who_takes_part_twice_is_one_voice() -> None:
    campaign = lending()
    lend(campaign, "amina", "gulnar")
    lend(campaign, "amina")
    assert written(campaign) == [2]


def test_the_number_grows_from_edition_to_edition() -> None:
    campaign = lending()
    lend(campaign, "amina", "gulnar")
    assert written(campaign) == [2]
    lend(campaign, "bruno", "chiara", "daniel")
    assert written(campaign, now=NOW + WEEK) == [2, 5]
    assert len(letters(campaign)) == 4
    assert audit().holds


def test_who_was_erased_stays_in_the_number_as_one_that_is_nobody_s() -> None:
    campaign = lending()
    lend(campaign, "amina", "gulnar", "bruno")
    erase_person(address=somebody("amina").address, now=NOW)
    assert written(campaign) == [3]
    erase_person(address=somebody("gulnar").address, now=NOW)
    assert (voices(campaign), confirmed(campaign)) == (3, 3)
    tally = Tally.objects.get()
    assert (tally.erased, tally.erased_voices) == (2, 2)
    assert audit().holds


def test_who_is_erased_before_being_counted_is_counted_at_once() -> None:
    campaign = lending()
    take_voice(campaign, somebody("amina"))
    action = Action.objects.get()
    confirm_action(action_id=action.pk, revision=action.revision)
    erase_person(address=somebody("amina").address, now=NOW)
    assert (voices(campaign), confirmed(campaign)) == (1, 1)
    assert audit().holds


@pytest.mark.usefixtures("keys_dir")
def test_a_voice_whose_day_is_destroyed_stays_a_voice() -> None:
    """Nothing of it needs to be read any more, whatever the worker had come to."""
    campaign = lending(at_least=1)
    lend(campaign, "amina")
    take_voice(campaign, somebody("gulnar"))
    gulnar = Action.objects.get(state="pending")
    confirm_action(action_id=gulnar.pk, revision=gulnar.revision)
    days = lived_until(DUE + HOUR, step=DAY)
    days.at += 2 * HOUR
    days.keep()
    lend(campaign)
    assert written(campaign, now=days.at) == [2]
    assert audit().holds


# -- few voices ----------------------------------------------------------------------------------


def test_fewer_than_twenty_are_in_no_letter() -> None:
    campaign = lending(at_least=FEWEST)
    lend(campaign, *(f"voice{number}" for number in range(FEWEST - 1)))
    assert written(campaign) == []
    assert not Message.objects.filter(lane="letter").exists()
    lend(campaign, "gulnar")
    assert written(campaign) == [], "not at once: the hour would tell when she came"
    assert written(campaign, now=NOW + WEEK) == [FEWEST]


def test_too_few_since_the_last_letter_wait_for_the_next() -> None:
    campaign = lending(at_least=3)
    lend(campaign, "amina", "gulnar", "bruno")
    assert written(campaign) == [3]
    lend(campaign, "chiara", "daniel")
    assert written(campaign, now=NOW + WEEK) == [3]
    lend(campaign, "mallory")
    assert written(campaign, now=NOW + 2 * WEEK) == [3, 6]


# -- the schedule --------------------------------------------------------------------------------


def test_before_its_hour_no_letter_goes_and_after_it_one() -> None:
    campaign = lending(first_at=NOW + HOUR)
    lend(campaign, "amina", "gulnar")
    assert written(campaign) == []
    assert written(campaign, now=NOW + HOUR) == [2]
    assert next_at(campaign) == NOW + HOUR + WEEK


def test_a_worker_that_slept_for_weeks_writes_one_letter() -> None:
    campaign = lending()
    lend(campaign, "amina", "gulnar")
    late = NOW + 5 * WEEK + HOUR
    assert written(campaign, now=late) == [2]
    assert written(campaign, now=late) == [2]
    assert next_at(campaign) == NOW + 6 * WEEK


def test_a_campaign_that_takes_lent_voices_has_a_weekly_schedule_by_itself() -> None:
    campaign = lending()
    CollectiveSchedule.objects.all().delete()
    other = a_campaign()
    write_collective_due(now=NOW)
    schedule = CollectiveSchedule.objects.get()
    assert schedule.campaign == campaign != other
    assert (schedule.every, schedule.at_least) == (WEEK, 20)
    assert schedule.next_at == schedule.first_at > NOW


def test_a_schedule_that_somebody_stopped_writes_nothing() -> None:
    campaign = lending()
    lend(campaign, "amina", "gulnar")
    CollectiveSchedule.objects.update(next_at=None)
    assert written(campaign, now=NOW + 3 * WEEK) == []
    close(campaign)
    assert written(campaign, now=NOW + 3 * WEEK) == []


def test_when_the_campaign_closes_one_last_letter_goes_at_once() -> None:
    campaign = lending()
    lend(campaign, "amina", "gulnar")
    written(campaign)
    lend(campaign, "bruno", "chiara")
    close(campaign)
    assert written(campaign, now=NOW + HOUR) == [2, 4]
    assert next_at(campaign) is None
    assert written(campaign, now=NOW + 9 * WEEK) == [2, 4]


def test_the_last_letter_tells_of_no_few_people_either() -> None:
    campaign = lending()
    lend(campaign, "amina", "gulnar")
    written(campaign)
    lend(campaign, "bruno")
    close(campaign)
    assert written(campaign, now=NOW + HOUR) == [2]
    assert next_at(campaign) is None


def test_the_last_letter_waits_until_everybody_is_counted() -> None:
    campaign = lending()
    lend(campaign, "amina")
    take_voice(campaign, somebody("gulnar"))
    gulnar = Action.objects.get(state="pending")
    confirm_action(action_id=gulnar.pk, revision=gulnar.revision)
    close(campaign)
    assert written(campaign) == []
    lend(campaign)
    assert written(campaign) == [2]


def test_a_paused_campaign_writes_when_it_is_resumed_and_tells_what_is_true_then() -> None:
    campaign = lending()
    lend(campaign, "amina", "gulnar")
    pause_mailing(campaign.mailing)
    assert written(campaign) == []
    lend(campaign, "bruno")
    resume_mailing(campaign.mailing)
    assert written(campaign, now=NOW + HOUR) == [3]


def test_after_its_stop_date_a_campaign_writes_nothing() -> None:
    campaign = lending()
    lend(campaign, "amina", "gulnar")
    stop_mailing(campaign.mailing, at=NOW)
    assert written(campaign) == []


def test_in_the_last_hour_before_its_stop_date_the_last_letter_goes_once() -> None:
    campaign = lending()
    lend(campaign, "amina", "gulnar")
    assert written(campaign) == [2]
    lend(campaign, "bruno", "mallory")
    stop_mailing(campaign.mailing, at=NOW + 10 * HOUR)
    assert written(campaign, now=NOW + 8 * HOUR) == [2]
    assert written(campaign, now=NOW + 9 * HOUR) == [2, 4]
    assert CollectiveSchedule.objects.get(campaign=campaign).next_at == NOW + 10 * HOUR
    assert written(campaign, now=NOW + 9.5 * HOUR) == [2, 4]


def test_a_letter_that_was_recalled_told_nobody_and_the_next_carries_its_number() -> None:
    campaign = lending()
    lend(campaign, "amina", "gulnar")
    written(campaign)
    assert told(campaign) == 2
    recall_mailing(campaign.mailing)
    assert told(campaign) == 0
    assert written(campaign, now=NOW + WEEK) == [2, 2]


def test_a_letter_that_was_tried_may_have_told_the_number() -> None:
    campaign = lending()
    lend(campaign, "amina", "gulnar")
    written(campaign)
    Message.objects.filter(pk=letters(campaign)[0].message_id).update(tried=1)
    recall_mailing(campaign.mailing)
    assert told(campaign) == 2
    assert written(campaign, now=NOW + WEEK) == [2]


@pytest.mark.usefixtures("keys_dir")
def test_an_edition_that_is_not_sent_in_its_time_is_cancelled_and_the_next_goes_on() -> None:
    campaign = lending()
    lend(campaign, "amina", "gulnar")
    written(campaign)
    days = lived_until(DUE + HOUR, step=DAY)
    days.at += 2 * HOUR
    days.keep()
    cancelled = Message.objects.filter(lane="letter", state="cancelled", reason="expired")
    assert cancelled.count() == 2
    assert not MessageContent.objects.filter(message__lane="letter").exists()
    assert written(campaign, now=NOW + WEEK) == [2, 2]
    assert audit().holds


def test_it_is_sealed_with_the_key_of_the_day_on_which_it_is_written() -> None:
    campaign = lending()
    lend(campaign, "amina", "gulnar")
    later = NOW + timedelta(days=3)
    written(campaign, now=later)
    sealed = MessageContent.objects.filter(message__lane="letter").values_list("sealed", flat=True)
    assert {bytes(each)[:HEAD] for each in sealed} == {head_of(later.date())}
