"""The rules of whom a campaign writes to, as Chiara says them on the guided way."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry

from tests.factories import NOW, a_campaign, a_target, an_area, an_organisation
from tests.office.directory import a_client, text
from tocsin.campaigns.models import Campaign, CampaignTarget
from tocsin.organisations.teams import Team
from tocsin.targets.models import Target

pytestmark = pytest.mark.django_db


def place(campaign: Campaign) -> str:
    return f"/office/campaign/{campaign.pk}/targets/"


def join(client: Client, campaign: Campaign) -> Client:
    """Let whoever is there work for the organisation of the campaign."""
    group = Group.objects.create(name="editors")
    Team.objects.create(organisation=campaign.organisation, group=group, role="editor")
    User.objects.get(pk=client.session["_auth_user_id"]).groups.add(group)
    return client


@pytest.fixture
def campaign() -> Campaign:
    """A campaign that writes to a ministry and an embassy."""
    return a_campaign()


@pytest.fixture
def chiara(campaign: Campaign) -> Client:
    """A campaigner of its organisation."""
    return join(a_client("view_campaign", "change_campaign"), campaign)


def press(client: Client, campaign: Campaign, do: str, **fields: Any) -> Any:
    return client.post(place(campaign), {"do": do, **fields}, follow=True)


def test_targets_are_added_by_their_names_with_a_rule(chiara: Client, campaign: Campaign) -> None:
    one, two = a_target(kind="company"), a_target(kind="other")
    slugs = f"{one.slug}\r\n {two.slug}"
    answer = press(chiara, campaign, "add", slugs=slugs, scope="pool", not_from="cn, ru CN")
    assert "2 targets are added." in text(answer)
    rows = CampaignTarget.objects.filter(campaign=campaign, scope="pool")
    assert [(row.target, row.not_from, row.position) for row in rows] == [
        (one, ["CN", "RU"], 2),
        (two, ["CN", "RU"], 3),
    ]
    again = press(chiara, campaign, "add", slugs=slugs, scope="everyone")
    assert "0 targets are added." in text(again)
    assert campaign.campaign_targets.count() == 4


def test_all_of_a_kind_and_country_are_added_but_none_that_is_archived(
    chiara: Client, campaign: Campaign
) -> None:
    deputies = [a_target(kind="parliament") for _each in range(3)]
    Target.objects.filter(pk=deputies[0].pk).update(country="FR")
    Target.objects.filter(pk=deputies[1].pk).update(archived_on=NOW.date())
    press(chiara, campaign, "add", kind="parliament", country="cn", scope="pool")
    rows = campaign.campaign_targets.filter(scope="pool")
    assert [row.target for row in rows] == [deputies[2]]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"scope": "pool"}, "Say which targets."),
        ({"slugs": "nobody", "scope": "pool"}, "There is no target nobody."),
        ({"kind": "other", "scope": "nonsense"}, "valid choice"),
        ({"kind": "king", "scope": "pool"}, "valid choice"),
        ({"kind": "other", "scope": "pool", "not_from": "XX"}, "No country has this code: XX."),
    ],
)
def test_what_makes_no_sense_adds_nobody(
    chiara: Client, campaign: Campaign, fields: dict[str, str], sentence: str
) -> None:
    a_target(kind="other")
    answer = chiara.post(place(campaign), {"do": "add", **fields})
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert campaign.campaign_targets.count() == 2


def test_rules_are_changed_and_rows_taken_out_for_the_selected_alone(
    chiara: Client, campaign: Campaign
) -> None:
    first, second = campaign.campaign_targets.all()
    foreign = a_campaign().campaign_targets.get(target__kind="ministry")
    rows = [first.pk, foreign.pk, "x", "-1"]
    press(chiara, campaign, "change", row=rows, scope="elsewhere", not_from="CN")
    first.refresh_from_db()
    foreign.refresh_from_db()
    assert (first.scope, first.not_from, foreign.scope) == ("elsewhere", ["CN"], "everyone")
    assert "Nothing was selected." in text(press(chiara, campaign, "remove"))
    press(chiara, campaign, "remove", row=[second.pk, foreign.pk])
    assert list(campaign.campaign_targets.all()) == [first]
    assert CampaignTarget.objects.filter(pk=foreign.pk).exists()


def test_one_says_how_many_of_the_pool_and_sees_who_is_written_to_from_where(
    chiara: Client, campaign: Campaign
) -> None:
    for _each in range(5):
        target = a_target(kind="parliament")
        CampaignTarget.objects.create(campaign=campaign, target=target, scope="pool")
    press(chiara, campaign, "share", pool_size="2")
    campaign.refresh_from_db()
    assert campaign.pool_size == 2
    page = text(chiara.get(f"{place(campaign)}?country=FR"))
    assert "A supporter in France writes to:" in page
    assert page.count("parliament ·") + page.count("· parliament") >= 2
    assert "embassy FR</p>" in page
    assert "embassy FR</p>" not in text(chiara.get(f"{place(campaign)}?country=SN"))
    assert "A supporter in" not in text(chiara.get(f"{place(campaign)}?country=XX"))
    assert chiara.post(place(campaign), {"do": "share", "pool_size": "-1"}).status_code == 422
    assert "Nothing was done." in text(press(chiara, campaign, "nonsense"))


def test_whoever_is_put_first_is_written_to_first_and_all_of_it_is_in_the_journal(
    chiara: Client, campaign: Campaign
) -> None:
    first, second = campaign.campaign_targets.all()
    third = CampaignTarget.objects.create(campaign=campaign, target=a_target(), position=1)
    press(chiara, campaign, "first", row=[second.pk, third.pk])
    assert list(campaign.campaign_targets.all()) == [second, third, first]
    press(chiara, campaign, "last", row=[second.pk])
    assert list(campaign.campaign_targets.all()) == [third, first, second]
    press(chiara, campaign, "first")
    press(chiara, campaign, "pick", chosen=[a_target().pk])
    press(chiara, campaign, "remove", row=[second.pk])
    assert ModelLogEntry.objects.filter(action="wagtail.edit").count() == 4


def test_who_stands_for_an_area_gets_letters_of_who_lives_there(
    chiara: Client, campaign: Campaign
) -> None:
    deputy, nobody = a_target(kind="parliament"), a_target(kind="company")
    Target.objects.filter(pk=deputy.pk).update(area=an_area("7501", postcodes=("75001",)))
    assert 'name="postcode"' not in text(chiara.get(place(campaign)))
    press(chiara, campaign, "pick", chosen=[deputy.pk])
    assert campaign.campaign_targets.get(target=deputy).scope == "area"
    page = text(chiara.get(f"{place(campaign)}?country=FR&postcode=75001"))
    assert "for which it stands: Paris 7501" in page
    assert "parliament</p>" in page
    assert "parliament</p>" not in text(chiara.get(f"{place(campaign)}?country=FR&postcode=1"))
    press(chiara, campaign, "add", slugs=nobody.slug, scope="area")
    assert "none is said, so nobody writes to it" in text(chiara.get(place(campaign)))


def test_two_thousand_rows_are_pages_and_each_can_be_come_to(
    chiara: Client, campaign: Campaign
) -> None:
    Target.objects.bulk_create(
        Target(slug=f"mp-{number}", kind="parliament", country="FR", language="fr")
        for number in range(2000)
    )
    press(chiara, campaign, "add", kind="parliament", country="fr", scope="pool")
    assert campaign.campaign_targets.count() == 2002
    page = text(chiara.get(f"{place(campaign)}?p=41"))
    assert "Page 41 of 41" in page
    last = campaign.campaign_targets.last()
    assert last
    assert f'value="{last.pk}"' in page
    press(chiara, campaign, "first", row=[last.pk])
    assert campaign.campaign_targets.first() == last


def test_a_campaign_of_others_is_not_there(chiara: Client, campaign: Campaign) -> None:
    other = a_campaign(organisation=an_organisation())
    assert chiara.get(place(other), follow=True).status_code == 404
    rows = list(other.campaign_targets.values_list("pk", flat=True))
    press(chiara, other, "remove", row=rows)
    assert other.campaign_targets.count() == 2


def test_who_may_only_look_changes_nothing(campaign: Campaign) -> None:
    bruno = join(a_client("view_campaign"), campaign)
    page = text(bruno.get(place(campaign)))
    assert "ministry" in page
    assert 'name="do"' not in page
    assert f"/office/campaign/{campaign.pk}/ways/" not in page  # which is not theirs to see
    press(bruno, campaign, "remove", row=[row.pk for row in campaign.campaign_targets.all()])
    assert campaign.campaign_targets.count() == 2


def test_the_page_costs_the_same_for_many_rows(chiara: Client, campaign: Campaign) -> None:
    counts = []
    for number in (1, 30):
        for _each in range(number):
            CampaignTarget.objects.create(campaign=campaign, target=a_target())
        chiara.get(place(campaign))
        with CaptureQueriesContext(connection) as asked:
            chiara.get(f"{place(campaign)}?country=FR")
        counts.append(len(asked))
    assert counts[0] == counts[1]
