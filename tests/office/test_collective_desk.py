"""The collective letter in the office: its words, its rhythm, what went."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import NOW, a_campaign
from tests.office.desk import press, text_of
from tests.outcomes.lent import lend, lending, written
from tocsin.campaigns.collective import CollectiveSchedule, CollectiveWording
from tocsin.campaigns.models import Campaign
from tocsin.outbox.hold import pause_mailing
from tocsin.outbox.models import Message
from tocsin.outcomes.models import Tally

pytestmark = pytest.mark.django_db

WORDS = {"subject": "Where?", "body": "{voices} voices.", "closing": "Yours,"}


@pytest.fixture
def campaign() -> Campaign:
    """One with two voices, of which no letter went yet."""
    campaign = lending()
    lend(campaign, "amina", "gulnar")
    return campaign


def url_of(campaign: Campaign) -> str:
    return f"/office/mail/voices/{campaign.collective_schedule.pk}/"


def wording_url(campaign: Campaign, language: str = "en") -> str:
    wording = campaign.collective_wordings.get(language=language)
    return f"/office/mail/voices/wordings/{wording.pk}/"


def schedule_of(campaign: Campaign) -> CollectiveSchedule:
    return CollectiveSchedule.objects.get(campaign=campaign)


# -- what is seen --------------------------------------------------------------------------------


def test_the_next_letter_is_shown_with_the_number_as_it_is_now(
    client: Client, campaign: Campaign
) -> None:
    text = text_of(client.get(url_of(campaign)))
    assert "Number of voices: 2." in text
    assert "Nombre de voix : 2." in text
    assert "Voices so far 2" in text
    assert "None yet." in text
    Tally.objects.update(confirmed=1234, voices=1234)
    text = text_of(client.get(url_of(campaign)))
    assert "Number of voices: 1,234." in text


def test_what_is_shown_is_what_goes(client: Client, campaign: Campaign) -> None:
    shown = text_of(client.get(url_of(campaign)))
    written(campaign)
    assert "Yours respectfully, The Letter Table An answer to this message goes to" in shown


def test_what_went_is_listed_with_its_number_and_where_its_letters_are(
    client: Client, campaign: Campaign
) -> None:
    written(campaign)
    Message.objects.filter(collective_letter__language="fr").update(state="held")
    text = text_of(client.get(url_of(campaign)))
    assert "1 03/10/2026 2 2 1 waits to be sent, 1 held for a person to look at" in text
    assert "Told last 2" in text
    assert "New since then 0" in text


def test_the_list_says_of_each_campaign_what_will_happen(
    client: Client, campaign: Campaign
) -> None:
    others = [lending() for _ in range(4)]
    pause_mailing(others[0].mailing)
    CollectiveSchedule.objects.filter(campaign=others[1]).update(next_at=None)
    Campaign.objects.filter(pk__in=(others[2].pk, others[3].pk)).update(state="closed")
    CollectiveSchedule.objects.filter(campaign=others[3]).update(next_at=None)
    text = text_of(client.get("/office/mail/voices/"))
    for words in (
        f"{campaign} Goes on 03/10/2026 9:41 a.m. UTC, if enough voices have come. 2 0",
        f"{others[0]} Paused with its mailing: it goes when that is resumed. 0 0",
        f"{others[1]} Stopped: no letter goes. 0 0",
        f"{others[2]} The campaign is closed: one last letter, if enough voices have come. 0 0",
        f"{others[3]} The campaign is closed: no letter goes any more. 0 0",
    ):
        assert words in text


def test_a_letter_that_lacks_something_says_what(client: Client, campaign: Campaign) -> None:
    campaign.collective_wordings.all().delete()
    assert "It has no wording: add one." in text_of(client.get(url_of(campaign)))


def test_no_page_names_anybody(client: Client, campaign: Campaign) -> None:
    written(campaign)
    for url in ("/office/mail/voices/", url_of(campaign), wording_url(campaign)):
        text = text_of(client.get(url)).lower()
        assert "amina" not in text
        assert "gulnar" not in text


def test_the_page_asks_as_often_for_many_editions_as_for_one(
    client: Client, campaign: Campaign
) -> None:
    counts = []
    for week in range(3):
        lend(campaign, f"more{week}", f"again{week}")
        written(campaign, now=NOW + week * timedelta(days=7))
        client.get(url_of(campaign))
        with CaptureQueriesContext(connection) as asked:
            client.get(url_of(campaign))
        counts.append(len(asked))
    assert len(set(counts)) == 1


# -- when it goes --------------------------------------------------------------------------------


def test_what_is_saved_is_when_it_goes(client: Client, campaign: Campaign) -> None:
    said = press(
        client, url_of(campaign), "plan", first_at="2090-01-02T08:30", days="14", at_least="50"
    )
    assert "It is saved. The next letter: 01/02/2090 8:30 a.m. UTC." in said
    schedule = schedule_of(campaign)
    assert schedule.first_at == schedule.next_at == datetime(2090, 1, 2, 8, 30, tzinfo=UTC)
    assert (schedule.every, schedule.at_least) == (timedelta(days=14), 50)


def test_a_first_day_that_is_past_begins_with_the_next_of_its_rhythm(
    client: Client, campaign: Campaign
) -> None:
    press(client, url_of(campaign), "plan", first_at="2026-01-05T08:30", days="7", at_least="20")
    schedule = schedule_of(campaign)
    assert schedule.next_at is not None
    assert schedule.next_at > NOW
    assert (schedule.next_at - schedule.first_at) % timedelta(days=7) == timedelta()


@pytest.mark.parametrize(
    ("filled", "words"),
    [
        ({"at_least": "19"}, "greater than or equal to 20"),
        ({"days": "0"}, "greater than or equal to 1"),
        ({"first_at": "soon"}, "Enter a valid date/time."),
        ({"first_at": ""}, "This field is required."),
    ],
)
def test_a_schedule_that_makes_no_sense_is_not_saved(
    client: Client, campaign: Campaign, filled: dict[str, str], words: str
) -> None:
    before = schedule_of(campaign).__dict__
    sound = {"first_at": "2090-01-02T08:30", "days": "7", "at_least": "20"}
    assert words in press(client, url_of(campaign), "plan", **(sound | filled))
    after = schedule_of(campaign).__dict__
    assert {**before, "_state": None} == {**after, "_state": None}


def test_stopped_it_goes_no_more_until_it_is_planned_again(
    client: Client, campaign: Campaign
) -> None:
    said = press(client, url_of(campaign), "stop")
    assert "No collective letter goes until you save when it goes." in said
    assert "Stop the letters" not in said
    assert written(campaign, now=NOW + timedelta(days=30)) == []


def test_a_closed_campaign_cannot_be_planned(client: Client, campaign: Campaign) -> None:
    Campaign.objects.update(state="closed")
    sound = {"first_at": "2090-01-02T08:30", "days": "7", "at_least": "20"}
    said = press(client, url_of(campaign), "plan", **sound)
    assert "The campaign is closed. Nothing was changed." in said
    assert schedule_of(campaign).every == timedelta(days=7)
    assert schedule_of(campaign).first_at == NOW


# -- its words -----------------------------------------------------------------------------------


def test_words_that_are_saved_are_in_the_next_letter(client: Client, campaign: Campaign) -> None:
    said = press(client, wording_url(campaign), "words", **WORDS)
    assert "The words are saved; letters that wait already keep the old ones." in said
    assert "2 voices. Yours, The Letter Table" in text_of(client.get(url_of(campaign)))


@pytest.mark.parametrize(
    ("filled", "words"),
    [
        ({"body": "Many voices."}, "Write {voices} where the number stands."),
        ({"body": "{voices} of {people}"}, "No brace may stand here but those of {voices}"),
        ({"body": "{ {voices}"}, "No brace may stand here but those of {voices}"),
        ({"subject": "{number}"}, "No brace may stand here but those of {voices}"),
        ({"closing": "{voices}"}, "No brace may stand here but those of {voices}"),
        ({"subject": "a\u202eb"}, "a character in it that no letter may carry"),
        ({"body": "{voices}\u202e"}, "a character in it that no letter may carry"),
        ({"subject": "=?utf-8?q?a?="}, "a character in it that no letter may carry"),
        ({"closing": ""}, "This field is required."),
    ],
)
def test_words_that_no_letter_may_have_are_refused_and_kept_in_the_form(
    client: Client, campaign: Campaign, filled: dict[str, str], words: str
) -> None:
    said = press(client, wording_url(campaign), "words", **(WORDS | filled))
    assert words.replace("&", "&amp;") in said
    assert campaign.collective_wordings.get(language="en").subject == "Where are they?"


def test_a_language_is_added_and_its_readers_get_it(client: Client, campaign: Campaign) -> None:
    campaign.collective_wordings.filter(language="en").delete()
    assert "Number of voices: 2" not in text_of(client.get(url_of(campaign)))
    said = press(client, url_of(campaign), "add", language="EN", **WORDS)
    assert "The language is added." in said
    assert "2 voices." in said


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "The letter has this language already."), ("qqq?", "No language has this code.")],
)
def test_a_language_that_is_there_or_that_is_none_is_refused(
    client: Client, campaign: Campaign, language: str, words: str
) -> None:
    assert words in press(client, url_of(campaign), "add", language=language, **WORDS)
    assert campaign.collective_wordings.count() == 2


def test_a_language_is_removed_and_its_readers_get_another(
    client: Client, campaign: Campaign
) -> None:
    asked = press(client, wording_url(campaign), "remove")
    assert "Its words are gone then: this cannot be undone." in asked
    assert campaign.collective_wordings.filter(language="en").exists()
    said = press(client, wording_url(campaign), "remove", sure="yes")
    assert "The language is removed." in said
    assert "Number of voices: 2" not in said
    assert list(CollectiveWording.objects.values_list("language", flat=True)) == ["fr"]


def test_words_that_somebody_else_changed_meanwhile_are_not_written_over(
    client: Client, campaign: Campaign
) -> None:
    url = wording_url(campaign)
    text = text_of(client.post(url, {"do": "words", "mark": "as it was", **WORDS}, follow=True))
    assert "It has changed meanwhile." in text
    assert campaign.collective_wordings.get(language="en").subject == "Where are they?"


def test_a_wording_without_a_schedule_leads_to_the_list(client: Client) -> None:
    campaign = a_campaign()
    CollectiveWording.objects.create(campaign=campaign, language="en", **WORDS)
    text = client.get(wording_url(campaign)).content.decode()
    assert 'href="/office/mail/voices/">The collective letter' in text
