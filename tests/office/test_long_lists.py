"""Lists of actions and letters: filtered, capped, asked for as seldom for many as for one."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import NOW, a_campaign, an_action
from tests.office.desk import a_clerk, chiara, text_of
from tocsin.actions.models import Action
from tocsin.actions.release import confirm_action
from tocsin.campaigns.models import Campaign
from tocsin.kit.addresses import read_address
from tocsin.letters.write import write_due
from tocsin.office.long_lists import LongPages
from tocsin.office.mail_shell import MOST_LISTED
from tocsin.supporters.person import Person

pytestmark = pytest.mark.django_db

LISTS = ("/office/actions/", "/office/letters/")


def some(campaign: Campaign, number: int, **sent: object) -> None:
    begin = Action.objects.count()
    for each in range(begin, begin + number):
        person = Person("Amina", "Yusuf", read_address(f"amina{each}@mail.example"))
        confirm_action(action_id=an_action(campaign, person=person, **sent).pk, revision=1)
    write_due(now=NOW)


@pytest.mark.parametrize("url", LISTS)
def test_a_list_asks_as_often_for_many_rows_as_for_one(url: str) -> None:
    client = chiara()
    campaign = a_campaign()
    asked = []
    for number in (1, 2, 27):
        some(campaign, number)
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        asked.append(len(queries))
    assert len(set(asked)) == 1


@pytest.mark.parametrize(
    ("asked", "actions", "letters"),
    [
        ("", 4, 7),
        ("country=FR", 3, 6),
        ("country=DE", 1, 1),
        ("country=XX", 0, 0),
        ("since=2026-03-10", 3, 5),
        ("until=2026-03-09", 1, 2),
        ("since=2026-03-10&until=2026-03-09", 0, 0),
        ("since=nonsense", 0, 0),
        ("campaign={first}", 2, 3),
        ("campaign={first}&country=FR", 1, 2),
        ("campaign=999999", 0, 0),
        ("campaign=' OR 1=1", 0, 0),
    ],
)
def test_the_filter_finds_what_it_says(asked: str, actions: int, letters: int) -> None:
    first, second = a_campaign(), a_campaign()
    some(first, 1)
    some(first, 1, country="DE")
    some(second, 1)
    some(second, 1, now=NOW - timedelta(days=1))
    assert found_by(asked.format(first=first.pk)) == (actions, letters)


def found_by(query: str) -> tuple[int, int]:
    """How many rows each list has."""
    client = chiara()
    counts = []
    for url in LISTS:
        answer = client.get(f"{url}?{query}")
        counts.append(len(answer.context["object_list"]))
    return counts[0], counts[1]


def test_a_state_of_letters_is_a_filter_of_letters() -> None:
    some(a_campaign(), 2)
    assert found_by("state=ready")[1] == 4
    assert found_by("state=written")[0] == 2


def test_the_filter_offers_the_campaigns_of_one_s_own_organisation_alone() -> None:
    ours, theirs = a_campaign(), a_campaign()
    some(ours, 1)
    some(theirs, 2)
    bruno = a_clerk("view_action", "view_letter", of=(ours.organisation,))
    for url in LISTS:
        page = bruno.get(url).content.decode()
        assert ours.slug in page
        assert theirs.slug not in page
        asked = f"{url}?campaign={theirs.pk}"
        assert len(bruno.get(asked).context["object_list"]) == 0


def test_pages_count_no_further_than_they_list() -> None:
    some(a_campaign(), 3)
    with CaptureQueriesContext(connection) as queries:
        assert LongPages(Action.objects.order_by("-day"), 50).count == 3
    assert f"LIMIT {MOST_LISTED}" in queries[0]["sql"]
    assert "ORDER BY" not in queries[0]["sql"]


def test_the_newest_day_is_first_and_nothing_sealed_is_read() -> None:
    campaign = a_campaign()
    some(campaign, 1, now=NOW - timedelta(days=1), country="DE")
    some(campaign, 1)
    with CaptureQueriesContext(connection) as queries:
        answer = chiara().get("/office/actions/")
    assert [row.country for row in answer.context["object_list"]] == ["FR", "DE"]
    assert not [each for each in queries if "sealed_words" in each["sql"]]
    assert "FR" in text_of(answer)
