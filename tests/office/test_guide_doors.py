"""Opening and ending in the office: who may, what is asked before, and who comes nowhere."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.utils import timezone

from tests.factories import a_campaign, a_campaign_page, a_draft, a_tested_draft, an_organisation
from tests.office.desk import a_clerk, chiara, text_of
from tests.office.test_guide import LETTER, at
from tocsin.campaigns.models import Campaign
from tocsin.office.guide_urls import PLACES
from tocsin.office.guide_words import ACTS
from tocsin.organisations.models import Organisation
from tocsin.organisations.teams import Team

pytestmark = pytest.mark.django_db


def somebody_of(organisation: Organisation, role: str) -> Client:
    """One of a team of the organisation."""
    group = Group.objects.create(name=f"{organisation.slug} {role}")
    names = ("access_admin", "view_campaign", "change_campaign")
    group.permissions.set(Permission.objects.filter(codename__in=names))
    Team.objects.create(organisation=organisation, group=group, role=role)
    user = User.objects.create_user(f"{role}-{organisation.slug}")
    user.groups.add(group)
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def test_it_opens_by_itself_later_and_its_pages_wait_for_that() -> None:
    campaign = a_tested_draft()
    page = a_campaign_page(campaign)
    client = chiara()
    past = (timezone.now() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    assert client.post(at(campaign), {"do": "plan", "opens_at": past}).status_code == 422
    soon = (timezone.now() + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    client.post(at(campaign), {"do": "plan", "opens_at": soon})
    assert Campaign.objects.get().opens_at
    assert Client().get(page.url).status_code == 404
    assert "It opens by itself on" in text_of(client.get(at(campaign)))
    client.post(at(campaign), {"do": "unplan"})
    assert Campaign.objects.get().opens_at is None


def test_what_is_missing_is_said_to_who_opens_it_all_the_same() -> None:
    campaign = a_draft()
    a_campaign_page(campaign)
    client = chiara()
    said = text_of(client.post(at(campaign, "do/open/"), follow=True))
    assert "It does not open yet. This is not so: Somebody has seen the letters" in said
    soon = (timezone.now() + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    said = text_of(client.post(at(campaign), {"do": "plan", "opens_at": soon}, follow=True))
    assert "It does not open yet." in said
    assert Campaign.objects.get().state == "draft"


def test_paused_closed_won_archived_and_open_again_each_asked_before() -> None:
    campaign, client = a_campaign(), chiara()
    for act, state in (
        ("pause", "paused"),
        ("reopen", "open"),
        ("close", "closed"),
        ("won", "won"),
        ("archive", "archived"),
        ("reopen", "open"),
    ):
        asked = client.get(at(campaign, f"do/{act}/"))
        assert str(ACTS[act].what) in text_of(asked).replace("&#x27;", "'")
        assert Campaign.objects.get().state != state
        said = text_of(client.post(at(campaign, f"do/{act}/"), follow=True))
        assert str(ACTS[act].done) in said
        assert Campaign.objects.get().state == state
    said = text_of(client.post(at(campaign, "do/open/"), follow=True))
    assert "It has changed meanwhile." in said
    assert client.get(at(campaign, "do/nothing/")).status_code == 404


def test_an_editor_prepares_and_a_publisher_opens() -> None:
    campaign = a_tested_draft()
    a_campaign_page(campaign)
    editor = somebody_of(campaign.organisation, "editor")
    assert editor.get(at(campaign)).status_code == 200
    assert "A publisher of the organisation opens" in text_of(editor.get(at(campaign)))
    for act in ACTS:
        for answer in (
            editor.get(at(campaign, f"do/{act}/")),
            editor.post(at(campaign, f"do/{act}/")),
        ):
            assert answer.status_code == 302
    soon = (timezone.now() + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    editor.post(at(campaign), {"do": "plan", "opens_at": soon})
    editor.post(at(campaign), {"do": "unplan"})
    found = Campaign.objects.get()
    assert (found.state, found.opens_at) == ("draft", None)
    publisher = somebody_of(campaign.organisation, "publisher")
    publisher.post(at(campaign, "do/open/"))
    assert Campaign.objects.get().state == "open"


def test_nobody_of_another_organisation_sees_or_changes_anything() -> None:
    campaign = a_draft()
    a_campaign_page(campaign)
    stranger = somebody_of(an_organisation(), "publisher")
    places = [route for route, _view, _name in PLACES if "<int:pk>" in route]
    assert len(places) == len(PLACES) - 1
    for route in places:
        path = route.replace("<int:pk>", str(campaign.pk))
        path = path.replace("<slug:language>", "fr").replace("<slug:act>", "open")
        for answer in (stranger.get(f"/office/{path}"), stranger.post(f"/office/{path}", LETTER)):
            assert answer.status_code == 404, path
    begin = stranger.get("/office/campaign/new/").content.decode()
    assert campaign.slug not in begin
    filled = {"organisation": campaign.organisation_id, "title": "T", "slug": "t", "language": "fr"}
    assert stranger.post("/office/campaign/new/", filled).status_code == 422
    assert Campaign.objects.count() == 1


def test_who_may_not_change_campaigns_comes_nowhere() -> None:
    campaign = a_draft()
    clerk = a_clerk("view_campaign")
    for path in (
        "/office/campaign/new/",
        at(campaign),
        at(campaign, "ways/"),
        at(campaign, "do/open/"),
    ):
        assert clerk.get(path).status_code == 302
        assert clerk.post(path, {"goal": 7}).status_code == 302
    assert 'href="/office/campaign/new/"' not in clerk.get("/office/").content.decode()


@pytest.mark.parametrize("place", ["", "ways/", "letter/fr/", "targets/", "languages/", "do/open/"])
def test_without_a_session_one_is_asked_to_sign_in_and_comes_back(place: str) -> None:
    campaign = a_draft()
    answer = Client().get(at(campaign, place))
    assert answer.status_code == 302
    assert answer["Location"] == f"/office/login/?next={at(campaign, place)}"
    asked = Client().post(at(campaign, place), {**LETTER, "goal": 7})
    assert asked.status_code == 401
    assert f'name="next" value="{at(campaign, place)}"' in asked.content.decode()
