"""What Chiara does with partners: sites, colours, the code for them, and what they brought."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils.html import escape

from tests.factories import NOW, a_campaign_page, a_partner, a_team, an_organisation
from tocsin.organisations.partners import Partner
from tocsin.outcomes.sources import count_confirmed, count_taken
from tocsin.pages.models import CampaignPage
from tocsin.pages.snippets import snippet

pytestmark = pytest.mark.django_db


@pytest.fixture
def page() -> CampaignPage:
    """A page of a campaign."""
    return a_campaign_page()


@pytest.fixture
def chiara(page: CampaignPage) -> Client:
    """A campaigner of its organisation who may add and change partners, and look at campaigns."""
    client = somebody("view_partner", "add_partner", "change_partner", "view_campaign")
    a_team(User.objects.get(), page.campaign.organisation)
    return client


def somebody(*may: str) -> Client:
    """Somebody of the staff with these permissions."""
    client = Client(headers={"accept-language": "en"})
    user = User.objects.create_user(f"staff-{len(may)}")
    names = ("access_admin", *may)
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(user)
    return client


def typed(page: CampaignPage, **changes: str) -> dict[str, str]:
    """The form of a new partner."""
    return {
        "organisation": str(page.campaign.organisation.pk),
        "name": "Friends",
        "slug": "Friends",
        "origins": " https://B.example/ \r\n\r\nhttps://a.example:443",
        "accent": "#0B5D3B",
        "night_accent": "",
        "active": "on",
        **changes,
    }


def test_a_partner_is_added_with_its_sites_as_browsers_write_them(
    chiara: Client, page: CampaignPage
) -> None:
    assert chiara.post("/office/partners/new/", typed(page)).status_code == 302
    found = Partner.objects.get()
    assert (found.slug, found.origins, found.accent) == (
        "friends",
        "https://b.example\nhttps://a.example",
        "#0B5D3B",
    )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"origins": "https://*.example"}, "https://*.example: name each site by itself"),
        ({"origins": "http://a.example"}, "http://a.example: a site begins with https://"),
        ({"origins": "https://a.example/page"}, "leave out what comes after the name"),
        ({"origins": "https://a"}, "that is not the name of a site"),
        ({"origins": "https://a.example:x"}, "is not the number of a port"),
        ({"origins": "\n".join(f"https://a{n}.example" for n in range(21))}, "at most 20 sites"),
        ({"origins": "50% https://<b>.example"}, "50% https://<b>.example: a site begins"),
        ({"slug": "poster"}, "This name is that of a channel"),
        ({"slug": "lost"}, "This name is that of a channel"),
        ({"accent": "#ffee00"}, "cannot be read well"),
        ({"night_accent": "#000000"}, "cannot be read well"),
        ({"accent": "red"}, "Write the colour as #"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    chiara: Client, page: CampaignPage, changes: dict[str, str], sentence: str
) -> None:
    answer = chiara.post("/office/partners/new/", typed(page, **changes))
    assert answer.status_code == 200
    assert escape(sentence) in answer.content.decode()
    assert not Partner.objects.exists()


def test_the_short_name_stands_in_code_elsewhere_and_cannot_be_changed(
    chiara: Client, page: CampaignPage
) -> None:
    friends = a_partner(page.campaign.organisation, slug="friends")
    other = an_organisation()
    changes = typed(page, slug="foes", organisation=str(other.pk), name="Old Friends")
    del changes["active"]
    answer = chiara.post(f"/office/partners/edit/{friends.pk}/", changes)
    assert answer.status_code == 302
    friends.refresh_from_db()
    assert (friends.slug, friends.organisation, friends.name, friends.active) == (
        "friends",
        page.campaign.organisation,
        "Old Friends",
        False,
    )


def test_the_page_of_a_partner_has_the_code_and_what_it_brought(
    chiara: Client, page: CampaignPage
) -> None:
    friends = a_partner(page.campaign.organisation)
    url = f"/office/partners/inspect/{friends.pk}/"
    text = chiara.get(url).content.decode()
    assert escape(str(snippet(page, friends))) in text
    assert escape("<!-- wp:html -->") in text
    assert "Nobody yet." in text
    for _ in range(3):
        count_taken(campaign=page.campaign, source=friends.slug, day=NOW.date())
    count_confirmed(campaign=page.campaign, source=friends.slug, day=NOW.date())
    row = f'<th scope="row">{page.campaign.slug}</th><td>3</td><td>1</td>'
    assert row in chiara.get(url).content.decode()
    Partner.objects.update(active=False)
    assert "There is none: the partner is not active" in chiara.get(url).content.decode()


def test_beside_a_campaign_stands_where_people_come_from(
    chiara: Client, page: CampaignPage
) -> None:
    url = f"/office/campaigns/inspect/{page.campaign.pk}/"
    assert "Nobody has come by a source" in chiara.get(url).content.decode()
    friends = a_partner(page.campaign.organisation)
    for source in (friends.slug, "poster", "other"):
        count_taken(campaign=page.campaign, source=source, day=NOW.date())
    count_confirmed(campaign=page.campaign, source=friends.slug, day=NOW.date())
    text = chiara.get(url).content.decode()
    for name, confirmed in ((friends.name, 1), ("poster", 0), ("another name in the address", 0)):
        assert f'<th scope="row">{name}</th><td>1</td><td>{confirmed}</td>' in text


def test_who_may_not_does_not(page: CampaignPage) -> None:
    friends = a_partner(page.campaign.organisation, name="Secret Friends")
    urls = [f"/office/partners/{end}" for end in ("", "new/", f"edit/{friends.pk}/")]
    urls += [f"/office/partners/inspect/{friends.pk}/"]
    bruno = somebody()
    for url in urls:
        assert Client().get(url).status_code == 302
        assert b"Secret Friends" not in bruno.get(url).content


def test_nobody_deletes_a_partner_by_hand(page: CampaignPage) -> None:
    friends = a_partner(page.campaign.organisation)
    client = somebody("view_partner", "add_partner", "change_partner", "delete_partner")
    client.post(f"/office/partners/delete/{friends.pk}/")
    assert Partner.objects.filter(pk=friends.pk).exists()
