"""Which ways to take part an open campaign offers: what is said where that cannot be."""

import re

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from tests.factories import NOW, a_campaign, a_draft, a_team, an_action
from tests.office.test_guide import at, fill
from tocsin.campaigns.checklist import points_of
from tocsin.campaigns.models import Campaign
from tocsin.campaigns.ways import LENT, OPEN, SHIELDED

pytestmark = pytest.mark.django_db


@pytest.fixture
def chiara() -> Client:
    """A campaigner who may change campaigns."""
    client = Client(headers={"accept-language": "en"})
    user = User.objects.create_user("chiara")
    user.user_permissions.set(
        Permission.objects.filter(codename__in=("access_admin", "view_campaign", "change_campaign"))
    )
    client.force_login(user)
    return client


def edit(client: Client, campaign: Campaign, *ways: str, first: str, goal: str = "1000") -> str:
    """Send the form of one's campaign; what the page said, "" when it was taken."""
    a_team(User.objects.get(), campaign.organisation)
    fields = {"goal": goal, "first_way": first, **{f"offers_{way}": "on" for way in ways}}
    answer = fill(client, at(campaign, "ways/"), stop_at="", **fields)
    return "" if answer.status_code == 302 else answer.content.decode()


def test_chiara_chooses_the_ways_and_which_is_first(chiara: Client) -> None:
    campaign = a_campaign()
    assert edit(chiara, campaign, OPEN, SHIELDED, LENT, first=SHIELDED, goal="7000") == ""
    campaign.refresh_from_db()
    assert campaign.ways == (SHIELDED, OPEN, LENT)
    assert campaign.goal == 7000


def test_a_first_way_that_is_not_offered_is_refused_with_a_sentence(chiara: Client) -> None:
    campaign = a_campaign()
    said = edit(chiara, campaign, OPEN, first=LENT)
    assert "The first way must be one of those that are offered." in said
    assert "the_first_way_is_offered" not in said
    campaign.refresh_from_db()
    assert campaign.ways == (OPEN,)


def test_no_way_at_all_is_refused(chiara: Client) -> None:
    campaign = a_campaign()
    assert "Offer one way at least." in edit(chiara, campaign, first=OPEN)
    campaign.refresh_from_db()
    assert campaign.ways == (OPEN,)


def test_a_way_without_words_to_agree_to_is_refused_and_the_language_named(chiara: Client) -> None:
    campaign = a_campaign()
    campaign.consents.filter(purpose="send_shielded", language="fr").delete()
    said = edit(chiara, campaign, OPEN, SHIELDED, first=OPEN)
    assert "The words that people agree to are missing in: fr." in said
    campaign.refresh_from_db()
    assert campaign.ways == (OPEN,)


def test_a_draft_may_lack_them_until_it_opens(chiara: Client) -> None:
    campaign = a_draft()
    campaign.consents.filter(purpose="send_shielded", language="fr").delete()
    assert edit(chiara, campaign, OPEN, SHIELDED, first=OPEN) == ""
    lacking = {point.name: point.lacks for point in points_of(campaign, now=NOW)}
    assert lacking["consents"] == ()
    campaign.refresh_from_db()
    lacking = {point.name: point.lacks for point in points_of(campaign, now=NOW)}
    assert lacking["consents"] == ("shielded · fr",)


def test_the_form_shows_what_is_and_the_list_leads_to_it(chiara: Client) -> None:
    campaign = a_campaign(ways=(SHIELDED, OPEN))
    a_team(User.objects.get(), campaign.organisation)
    assert campaign.slug in chiara.get("/office/campaigns/").content.decode()
    page = chiara.get(at(campaign, "ways/")).content.decode()
    for name in ("goal", "offers_open", "offers_shielded", "offers_lent", "first_way"):
        assert f'name="{name}"' in page
    assert "salt" not in page


def test_nobody_adds_or_deletes_a_campaign_by_hand(chiara: Client) -> None:
    campaign = a_campaign()
    for step in ("new/", f"edit/{campaign.pk}/", f"delete/{campaign.pk}/"):
        assert chiara.post(f"/office/campaigns/{step}").status_code in (302, 403, 404)
    assert Campaign.objects.filter(pk=campaign.pk).exists()


def test_who_may_not_change_campaigns_does_not() -> None:
    client, bruno = Client(), User.objects.create_user("bruno")
    bruno.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(bruno)
    campaign = a_campaign()
    edit(client, campaign, OPEN, SHIELDED, first=SHIELDED)
    campaign.refresh_from_db()
    assert campaign.ways == (OPEN,)


def test_the_list_of_actions_says_the_way() -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("daniel"))
    an_action(a_campaign(ways=(LENT,)), now=NOW, way=LENT)
    page = client.get("/office/actions/", headers={"accept-language": "en"}).content.decode()
    assert "lent voice" in page


def test_what_became_of_the_campaign_meanwhile_is_not_undone(chiara: Client) -> None:
    campaign = a_campaign()
    a_team(User.objects.get(), campaign.organisation)
    page = chiara.get(at(campaign, "ways/")).content.decode()
    mark = re.search(r'name="mark" value="([^"]*)"', page)
    assert mark
    Campaign.objects.update(state="closed", erased_on=NOW.date())
    fields = {"goal": "7000", "offers_open": "on", "first_way": OPEN, "stop_at": ""}
    assert chiara.post(at(campaign, "ways/"), {**fields, "mark": mark[1]}).status_code == 302
    campaign = Campaign.objects.get()
    assert (campaign.goal, campaign.state, campaign.erased_on) == (7000, "closed", NOW.date())
