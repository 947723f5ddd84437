"""What Chiara lets the public see of a target, and what she is shown of those who write alone."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from tests.factories import NOW, a_campaign, a_target, a_team
from tocsin.organisations.models import Organisation
from tocsin.outcomes.said import count_said
from tocsin.targets.models import Target, TargetAddress

pytestmark = pytest.mark.django_db
POSTAL = "1 Example Square\n00000 Beijing\nCHINA"


def a_client(*permissions: str) -> Client:
    """Somebody in the office who may do that."""
    client = Client(headers={"accept-language": "en"})
    user = User.objects.create_user("chiara")
    user.user_permissions.set(
        Permission.objects.filter(codename__in=("access_admin", *permissions))
    )
    for organisation in Organisation.objects.all():
        a_team(user, organisation)
    client.force_login(user)
    return client


@pytest.fixture
def chiara() -> Client:
    """A campaigner who may change targets."""
    return a_client("view_target", "change_target")


def edit(client: Client, target: Target, **fields: Any) -> str:
    """Send the form of the target; what the page said, "" when it was taken."""
    answer = client.post(f"/office/targets/edit/{target.pk}/", fields)
    return "" if answer.status_code == 302 else answer.content.decode()


def shown() -> list[str]:
    rows = TargetAddress.objects.filter(is_public=True).order_by("address")
    return list(rows.values_list("address", flat=True))


def test_no_address_is_shown_before_somebody_says_so(chiara: Client) -> None:
    target, _other = a_target(), a_target()
    assert shown() == []
    page = chiara.get(f"/office/targets/edit/{target.pk}/").content.decode()
    assert "gets unwanted mail" in page
    assert page.count("@state.example") == 1
    row = target.addresses.get()
    assert edit(chiara, target, postal_address=POSTAL, public=[row.pk]) == ""
    assert shown() == [row.address]
    target.refresh_from_db()
    assert target.postal_address == POSTAL
    assert edit(chiara, target, postal_address="") == ""
    assert shown() == []


def test_the_form_changes_nothing_else(chiara: Client) -> None:
    target, other = a_target(), a_target()
    foreign = other.addresses.get()
    said = edit(chiara, target, postal_address="", public=[foreign.pk], slug="x", language="fr")
    assert "not one of the available choices" in said
    assert shown() == []
    edit(chiara, target, postal_address="", slug="x", language="fr")
    assert Target.objects.get(pk=target.pk).slug == target.slug


def test_what_nobody_could_read_is_no_postal_address(chiara: Client) -> None:
    target = a_target()
    assert "cannot be shown" in edit(chiara, target, postal_address="1 \u202eSquare")
    target.refresh_from_db()
    assert target.postal_address == ""


def test_who_may_only_look_changes_nothing() -> None:
    target = a_target()
    edit(a_client("view_target"), target, postal_address=POSTAL)
    target.refresh_from_db()
    assert target.postal_address == ""


@pytest.mark.parametrize("step", ["new/", "delete/{}/"])
def test_nobody_adds_or_deletes_a_target_by_hand(chiara: Client, step: str) -> None:
    target = a_target()
    answer = chiara.post(f"/office/targets/{step.format(target.pk)}")
    assert answer.status_code in (302, 403, 404)
    assert Target.objects.get() == target


def test_the_list_of_campaigns_says_what_people_said() -> None:
    campaign = a_campaign()
    for how in ("mail", "mail", "post"):
        count_said(campaign=campaign, how=how, day=NOW.date())
    page = a_client("view_campaign").get("/office/campaigns/").content.decode()
    assert "2 + 1" in page
