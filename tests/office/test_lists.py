"""The lists of the office: who may look, what is shown, and what never is."""

from io import StringIO

import pytest
from django.contrib.auth.models import Permission, User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import AMINA, NOW, a_campaign, an_action
from tocsin.actions.release import confirm_action
from tocsin.actions.states import ACTION
from tocsin.campaigns.models import Campaign
from tocsin.kit.addresses import read_address
from tocsin.letters.write import write_due
from tocsin.office.words import ACTION_WORDS, MESSAGE_WORDS
from tocsin.outbox.states import MESSAGE
from tocsin.pages.models import CampaignPage
from tocsin.privacy.memory import Ending
from tocsin.supporters.person import Person

pytestmark = pytest.mark.django_db

LISTS = ("/office/letters/", "/office/actions/", "/office/targets/", "/office/campaigns/")


@pytest.fixture
def chiara() -> Client:
    """A campaigner with the run of the office."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.create_superuser("chiara"))
    return client


def some_letters(number: int) -> None:
    campaign = a_campaign()
    for each in range(number):
        person = Person("Amina", "Yusuf", read_address(f"amina{each}@mail.example"))
        confirm_action(action_id=an_action(campaign, person=person).pk, revision=1)
    write_due(now=NOW)


def test_every_state_has_its_word() -> None:
    assert set(ACTION_WORDS) == set(ACTION)
    assert set(MESSAGE_WORDS) == set(MESSAGE)


@pytest.mark.parametrize("url", LISTS)
def test_a_stranger_is_sent_to_the_door(url: str) -> None:
    answer = Client().get(url)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/office/login/")


@pytest.mark.parametrize("url", LISTS)
def test_who_has_no_permission_sees_nothing(url: str) -> None:
    client, bruno = Client(), User.objects.create_user("bruno")
    bruno.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(bruno)
    some_letters(1)
    answer = client.get(url, follow=True)
    assert b"ministry" not in answer.content


@pytest.mark.parametrize("url", LISTS)
def test_no_list_shows_who_wrote(chiara: Client, url: str) -> None:
    some_letters(1)
    text = chiara.get(url).content.decode()
    assert AMINA.given not in text
    assert "mail.example" not in text


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("/office/letters/", ["waits to be sent", "ministry", "embassy"]),
        ("/office/actions/", ["confirmed, letters written", "FR"]),
        ("/office/targets/", ["ministry-home", "@state.example", "embassy FR"]),
    ],
)
def test_a_list_shows_where_things_are(chiara: Client, url: str, words: list[str]) -> None:
    some_letters(1)
    text = chiara.get(url).content.decode()
    assert [word for word in words if word not in text] == []


@pytest.mark.parametrize("url", [url for url in LISTS if "targets" not in url])
@pytest.mark.parametrize("step", ["new/", "edit/1/", "delete/1/", "copy/1/", "history/1/"])
def test_nothing_can_be_changed_by_hand(chiara: Client, url: str, step: str) -> None:
    assert chiara.get(url + step).status_code in (302, 403, 404)
    assert chiara.post(url + step).status_code in (302, 403, 404)


@pytest.mark.parametrize("url", LISTS)
def test_a_list_asks_the_database_as_often_for_many_rows_as_for_few(
    chiara: Client, url: str
) -> None:
    counts = []
    for number in (1, 4):
        some_letters(number)
        chiara.get(url)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            chiara.get(url)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_office_s_own_screens_open(chiara: Client) -> None:
    call_command("sample", stdout=StringIO())
    page = CampaignPage.objects.get(locale__language_code="fr")
    for url in (
        "/office/",
        "/office/pages/",
        f"/office/pages/{page.get_parent().pk}/",
        f"/office/pages/{page.pk}/edit/",
        f"/office/pages/{page.pk}/history/",
        "/office/pages/search/?q=familles",
        "/office/images/",
        "/office/documents/",
        "/office/reports/site-history/",
        "/office/account/",
        "/office/sites/",
        "/office/users/",
        "/office/locales/",
    ):
        answer = chiara.get(url)
        assert answer.status_code == 200, url
        assert "gravatar" not in answer.content.decode()


def test_the_list_of_campaigns_says_which_is_closed_for_good(chiara: Client) -> None:
    first, second = a_campaign(), a_campaign()
    Campaign.objects.filter(pk=first.pk).update(state="closed", erased_on=NOW.date())
    Ending.objects.create(campaign=first, seen=NOW.date(), state="done")
    page = chiara.get("/office/campaigns/").content.decode()
    assert page.count("closed for good") == 1
    assert first.slug in page
    assert second.slug in page
