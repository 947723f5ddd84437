"""The home page: campaigns by state, what was achieved, in numbers that are true."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import a_campaign, a_campaign_page, an_organisation
from tests.pages.reading import Sheet
from tocsin.campaigns.models import Campaign
from tocsin.outbox.hold import stop_mailing
from tocsin.outcomes.models import Tally
from tocsin.pages.models import CampaignPage

pytestmark = pytest.mark.django_db


def a_page(
    title: str, *, state: str = "open", confirmed: int = 0, result: str = ""
) -> CampaignPage:
    """A campaign's page in French, in that state."""
    page = a_campaign_page()
    page.title, page.result = title, result
    page.save()
    Campaign.objects.filter(pk=page.campaign_id).update(state=state)
    if confirmed:
        Tally.objects.create(campaign=page.campaign, confirmed=confirmed)
    return page


def home(language: str = "fr") -> str:
    """What stands on it, in one line."""
    answer = Client().get(f"/{language}/")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", Sheet(answer).text())


def test_campaigns_stand_under_their_state_those_that_can_be_written_for_first() -> None:
    a_page("Alpha", state="archived")
    a_page("Beta", state="closed")
    a_page("Gamma", state="won")
    a_page("Delta", state="paused")
    a_page("Epsilon")
    found = re.findall(
        "Écrire maintenant|En pause|Gagnée|Terminée|Campagnes passées|"
        "Alpha|Beta|Gamma|Delta|Epsilon",
        home().replace("Write now", ""),
    )
    assert found == [
        *("Écrire maintenant", "Epsilon", "En pause", "Delta", "Gagnée", "Gamma"),
        *("Terminée", "Beta", "Campagnes passées", "Alpha"),
    ]


def test_an_open_campaign_whose_mail_is_stopped_has_ended() -> None:
    page = a_page("Alpha")
    stop_mailing(page.campaign.mailing, at=timezone.now() - timedelta(minutes=1))
    assert "Terminée Alpha" in home()
    assert "Écrire maintenant" not in home()


def test_the_numbers_are_those_of_the_campaigns_that_stand_there() -> None:
    a_page("Alpha", confirmed=1200)
    a_page("Beta", state="won", confirmed=34)
    Tally.objects.create(campaign=a_campaign(), confirmed=9999)  # it has no page
    text = home()
    assert "1 234 participations" in text.replace("\u202f", " ").replace("\xa0", " ")
    assert "2 campagnes" in text
    assert "1 gagnée" in text
    assert "34 personnes ont participé" in text


def test_before_the_first_letter_no_number_stands_there() -> None:
    a_page("Alpha")
    assert "participation" not in home()
    assert " 0 " not in home()


def test_what_was_achieved_is_told_once_it_has_ended() -> None:
    page = a_page("Alpha", state="won", result="31 passeports rendus")
    assert "31 passeports rendus" in home()
    Campaign.objects.filter(pk=page.campaign_id).update(state="open")
    assert "31 passeports rendus" not in home()


def test_a_home_page_of_one_organisation_bears_its_name() -> None:
    page = a_page("Alpha")
    name = page.campaign.organisation.name
    assert name in home()
    a_campaign_page(a_campaign(organisation=an_organisation())).save()
    assert f"Une campagne de {name}" not in home()


def test_a_page_that_is_not_public_is_in_no_number() -> None:
    page = a_page("Alpha", confirmed=5)
    page.unpublish()
    assert "Alpha" not in home()
    assert "participation" not in home()


def test_as_many_queries_for_many_campaigns_as_for_one(
    django_assert_max_num_queries: pytest.FixtureRequest,
) -> None:
    a_page("Alpha", confirmed=1)
    home()
    for number in range(8):
        a_page(f"Another {number}", confirmed=1)
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        home()
