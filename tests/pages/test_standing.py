"""What a campaign page says and takes in each state of its campaign."""

from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import an_action
from tests.pages.filling import FORM, filled, send
from tests.pages.reading import Sheet
from tocsin.actions.links import confirm_url
from tocsin.actions.models import Action
from tocsin.campaigns.models import Campaign
from tocsin.outcomes.models import Tally
from tocsin.pages.models import CampaignPage

pytestmark = pytest.mark.django_db

WORDS = {
    "paused": "This campaign is paused",
    "won": "This campaign was won",
    "closed": "This campaign has ended",
    "archived": "An earlier campaign",
}


def in_state(page: CampaignPage, state: str) -> Sheet:
    """The page as it is then."""
    Campaign.objects.update(state=state)
    answer = Client().get(page.url)
    assert answer.status_code == 200
    return Sheet(answer)


@pytest.mark.parametrize("state", WORDS)
def test_it_says_where_it_is_and_keeps_its_story(english: CampaignPage, state: str) -> None:
    sheet = in_state(english, state)
    assert WORDS[state] in sheet.text()
    assert "Who they are" in sheet.text()
    assert not sheet.all("textarea")


@pytest.mark.parametrize(("state", "status"), [("paused", 503), ("won", 410), ("archived", 410)])
def test_a_form_that_comes_too_late_stores_nothing(
    english: CampaignPage, state: str, status: int
) -> None:
    typed = filled(english)
    Campaign.objects.update(state=state)
    answer = send(english, typed)
    assert answer.status_code == status
    assert WORDS[state] in answer.content.decode()
    assert not Action.objects.exists()


def test_the_goal_is_no_goal_any_more_and_the_number_stays(english: CampaignPage) -> None:
    Tally.objects.create(campaign=english.campaign, confirmed=1234)
    sheet = in_state(english, "won")
    assert "1,234 people took part." in sheet.text()
    assert "Help us reach" not in sheet.text()
    assert not sheet.all("progress")


def test_the_result_is_told_when_there_is_one(english: CampaignPage) -> None:
    english.result = "31 passports <b>returned</b>"
    english.save()
    assert "31 passports <b>returned</b>" in in_state(english, "closed").text()
    assert "31 passports" not in in_state(english, "paused").text()
    assert "31 passports" not in in_state(english, "open").text()


@pytest.mark.parametrize(("state", "taken"), [("paused", True), ("won", False), ("closed", False)])
def test_who_wrote_before_may_confirm_while_it_is_paused(
    english: CampaignPage, state: str, *, taken: bool
) -> None:
    action = an_action(english.campaign, language="en", now=timezone.now())
    path = urlsplit(confirm_url(action, now=timezone.now())).path
    Campaign.objects.update(state=state)
    Client().post(path, "revision=1", content_type=FORM)
    assert (Action.objects.get().state == "released") is taken
