"""The board: what it says, to whom, how often it asks, and that it points at nobody."""

import re
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import NOW, a_campaign, a_partner, an_action, an_organisation
from tests.office.desk import a_clerk, chiara
from tocsin.actions.release import confirm_action
from tocsin.campaigns.models import Campaign
from tocsin.kit.addresses import read_address
from tocsin.letters.write import write_due
from tocsin.office.page import database_now
from tocsin.outbox.models import Message
from tocsin.outcomes.days import Known, add_days
from tocsin.outcomes.models import DayCount, HourCount, SourceCount, Tally
from tocsin.outcomes.tally import tally_due
from tocsin.supporters.person import Person

pytestmark = pytest.mark.django_db

BOARD = "/office/board/"
UNREAD = "not read here"
"""Of answers: no number, for a 0 would say that there are none."""


def counted(campaign: Campaign, *, country: str, number: int, days_ago: int = 0) -> None:
    """So many confirmed from there, as the sums have it."""
    day = (database_now() - timedelta(days=days_ago)).date()
    add_days(Counter({Known(campaign.pk, day, country, "fr", "open", 1): number}))
    tally, _ = Tally.objects.get_or_create(campaign=campaign)
    tally.confirmed += number
    tally.save()


def figures(page: str) -> dict[str, str]:
    """The big figures by their names."""
    return dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page))


def table(page: str, key: str) -> list[list[str]]:
    """The rows of the table behind a chart."""
    found = re.search(rf'<details id="{key}-table">.*?</details>', page, re.DOTALL)
    rows = re.findall(r"<tr>(.*?)</tr>", found[0] if found else "", re.DOTALL)
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows][1:]


def letters_of(number: int) -> Campaign:
    """A campaign with letters of so many people, counted."""
    campaign = a_campaign()
    for each in range(number):
        person = Person("Amina", "Yusuf", read_address(f"amina{each}@mail.example"))
        confirm_action(action_id=an_action(campaign, person=person).pk, revision=1)
    write_due(now=NOW)
    tally_due(now=NOW)
    return campaign


def test_the_figures_are_those_of_the_rows() -> None:
    campaign = letters_of(3)
    an_action(campaign)
    messages = list(Message.objects.filter(lane="letter").order_by("pk"))
    for message, state in zip(messages, ("sent", "bounced", "failed", "held"), strict=False):
        force(message, state)
    assert figures(chiara().get(BOARD).content.decode()) == {
        "have confirmed": "3",
        "have not confirmed yet": "1",
        "letters written": "6",
        "letters handed over": "1",
        "letters on their way": "2",
        "letters held for a person": "1",
        "letters that came back or were refused": "2",
        "signed on paper, not among those confirmed": "0",
        "say that they wrote by themselves": "0",
        "answers of those who are written to": UNREAD,
    }


def force(message: Message, state: str) -> None:
    """Whatever the table of states says: the board reads what is there."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE tocsin_message SET state = %s WHERE id = %s", [state, message.pk])
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_an_empty_board_says_so() -> None:
    page = chiara().get(BOARD).content.decode()
    assert "<svg viewBox" not in page
    assert page.count("Nothing to show yet.") == 7
    assert set(figures(page).values()) == {"0", UNREAD}


def test_a_chart_says_what_it_shows_and_has_its_table() -> None:
    campaign = a_campaign()
    counted(campaign, country="FR", number=1200)
    page = chiara().get(f"{BOARD}{campaign.slug}/?span=7").content.decode()
    days = table(page, "days")
    assert (len(days), days[-1][1]) == (7, "1,200")
    assert table(page, "country") == [["France", "1,200"]]
    assert '<svg viewBox="0 0 360 200" role="img" aria-labelledby="days-title days-desc">' in page
    assert "Most: France, 1,200. All together: 1,200." in page


def test_the_numbers_are_written_as_the_reader_writes_them() -> None:
    campaign = a_campaign()
    counted(campaign, country="DE", number=1200)
    page = chiara("fr").get(f"{BOARD}{campaign.slug}/").content.decode()
    assert table(page, "country") == [["Allemagne", "1\N{NO-BREAK SPACE}200"]]
    assert not re.search(r'(?:x|y|width|height)="[^"]*[,\s][^"]*"', page.split("data-again")[1])


def test_where_few_are_from_is_not_said() -> None:
    campaign = a_campaign()
    for country, number in (("FR", 12), ("KZ", 9), ("TR", 1)):
        counted(campaign, country=country, number=number)
    page = chiara().get(f"{BOARD}{campaign.slug}/").content.decode()
    assert table(page, "country") == [["France", "12"], ["2 others, with fewer than 10 each", "10"]]
    assert "Kazakhstan" not in page
    assert "Türkiye" not in page


def test_an_hour_in_which_few_confirmed_has_no_number() -> None:
    campaign = a_campaign()
    now = database_now().replace(minute=0, second=0, microsecond=0)
    HourCount.objects.create(campaign=campaign, hour=now, number=9)
    HourCount.objects.create(campaign=campaign, hour=now - timedelta(hours=1), number=10)
    rows = table(chiara().get(f"{BOARD}?span=today").content.decode(), "hours")
    assert [row[1] for row in rows[-3:]] == ["0", "10", "fewer than 10"]


@pytest.mark.parametrize(
    ("span", "number"), [("today", "1"), ("7", "3"), ("30", "6"), ("all", "10"), ("nonsense", "6")]
)
def test_a_span_has_the_days_that_it_says(span: str, number: str) -> None:
    campaign = a_campaign()
    for count, ago in ((1, 0), (2, 6), (3, 29), (4, 400)):
        counted(campaign, country="FR", number=count, days_ago=ago)
    page = chiara().get(f"{BOARD}{campaign.slug}/?span={span}").content.decode()
    assert table(page, "way") == [["openly", number]]
    assert figures(page)["have confirmed"] == "10"


def test_sources_have_their_names_and_both_numbers() -> None:
    campaign = a_campaign()
    partner = a_partner(campaign.organisation)
    day = database_now().date()
    for source, taken, confirmed in ((partner.slug, 5, 3), ("poster", 2, 1), ("lost", 0, 1)):
        SourceCount.objects.create(
            campaign=campaign, source=source, day=day, slot=0, taken=taken, confirmed=confirmed
        )
    page = chiara().get(f"{BOARD}{campaign.slug}/").content.decode()
    assert table(page, "sources")[:2] == [
        [partner.name, "5", "3"],
        ["poster", "2", "1"],
    ]


def test_somebody_sees_the_campaigns_of_their_own_organisation_alone() -> None:
    ours, theirs = a_campaign(), a_campaign()
    counted(ours, country="FR", number=11)
    counted(theirs, country="KZ", number=77)
    bruno = a_clerk("view_campaign", of=(ours.organisation,))
    page = bruno.get(BOARD).content.decode()
    assert figures(page)["have confirmed"] == "11"
    assert ours.slug in page
    assert theirs.slug not in page
    assert "Kazakhstan" not in page
    assert bruno.get(f"{BOARD}{ours.slug}/").status_code == 200
    for foreign in (f"{BOARD}{theirs.slug}/", f"{BOARD}{theirs.slug}/?now=1"):
        assert bruno.get(foreign, follow=True).status_code == 404


def test_who_may_not_see_campaigns_sees_no_board() -> None:
    campaign = a_campaign()
    for url in (BOARD, f"{BOARD}{campaign.slug}/", f"{BOARD}?now=1"):
        assert a_clerk().get(url).status_code == 302
        assert Client().get(url).status_code == 302


def test_who_is_in_no_team_sees_no_number() -> None:
    counted(a_campaign(), country="FR", number=11)
    nobody = a_clerk("view_campaign", of=())
    assert set(figures(nobody.get(BOARD).content.decode()).values()) == {"0", UNREAD}


def test_what_is_fetched_again_is_a_part_of_the_page() -> None:
    campaign = a_campaign()
    client = chiara()
    whole = client.get(f"{BOARD}{campaign.slug}/?span=7").content.decode()
    assert f'data-again="{BOARD}{campaign.slug}/?span=7&amp;now=1"' in whole
    part = client.get(f"{BOARD}{campaign.slug}/?span=7&now=1").content.decode()
    assert "<html" not in part
    assert figures(part) == figures(whole)


@pytest.mark.parametrize("span", ["today", "all"])
def test_many_campaigns_are_asked_for_as_often_as_one(span: str) -> None:
    client = chiara()
    organisation = an_organisation()
    asked = []
    for number in (1, 2, 27):
        for _ in range(number):
            campaign = Campaign.objects.create(
                organisation=organisation, slug=f"many-{Campaign.objects.count()}", goal=10
            )
            counted(campaign, country="FR", number=number)
        client.get(BOARD)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"{BOARD}?span={span}").status_code == 200
        asked.append(len(queries))
    assert len(set(asked)) == 1
    assert DayCount.objects.count() > 100
