"""What Chiara does with a target: adds it, corrects it, says that it is right, archives it."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from wagtail.models import ModelLogEntry

from tests.at_once import at_once
from tests.factories import NOW, a_campaign, a_target, a_team, an_action
from tests.office.directory import NAME, a_client, mark_of, text, typed
from tocsin.actions.release import confirm_action
from tocsin.campaigns.models import Campaign
from tocsin.letters.models import Letter
from tocsin.letters.write import write_due
from tocsin.outbox.destinations import Mailbox
from tocsin.outbox.post import mailbox_for
from tocsin.targets.models import Target, TargetAddress

pytestmark = pytest.mark.django_db
POSTAL = "1 Example Square\n00000 Beijing\nCHINA"


@pytest.fixture
def chiara() -> Client:
    """A campaigner who may add and change targets."""
    return a_client("view_target", "add_target", "change_target")


def edit(client: Client, target: Target, **changes: Any) -> str:
    """Send the form of the target; what the page said, "" when it was taken."""
    sent = {"mark": mark_of(client, target), **typed(**changes)}
    answer = client.post(f"/office/targets/edit/{target.pk}/", sent)
    return "" if answer.status_code == 302 else text(answer)


def press(client: Client, target: Target, do: str) -> str:
    """Press a button; what the next page says."""
    return text(client.post(f"/office/targets/edit/{target.pk}/", {"do": do}, follow=True))


def shown() -> list[str]:
    rows = TargetAddress.objects.filter(is_public=True).order_by("address")
    return list(rows.values_list("address", flat=True))


def test_a_target_is_added_with_its_names_and_addresses_in_one_form(chiara: Client) -> None:
    sent = typed(
        holder="Wang Wu",
        holder_since="2024-05-06",
        external_id="Q123",
        postal_address=POSTAL,
        names=[NAME, {"language": "EN", "name": "The ministry", "salutation": "Sir,"}, {}],
        addresses=[{"address": " a@Mfa.EXAMPLE "}, {"address": "b@mfa.example", "is_public": "on"}],
    )
    assert chiara.post("/office/targets/new/", sent).status_code == 302
    target = Target.objects.get()
    assert (target.holder, target.external_id, target.postal_address) == ("Wang Wu", "Q123", POSTAL)
    assert target.checked_on is not None
    names = target.names.order_by("language").values_list("language", "name")
    assert list(names) == [("en", "The ministry"), ("fr", "Le ministère")]
    assert [each.address for each in target.addresses.all()] == ["a@mfa.example", "b@mfa.example"]
    assert shown() == ["b@mfa.example"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"slug": "é"}, "slug"),
        ({"slug": ""}, "required"),
        ({"kind": "king"}, "valid choice"),
        ({"kind": "embassy"}, "An embassy needs the country"),
        ({"country": "XX"}, "valid choice"),
        ({"language": "klingon"}, "No language has this code"),
        ({"external_id": "=1"}, "begins like a formula"),
        ({"holder": "\u202eWang"}, "turns the direction"),
        ({"holder_since": "2999-01-01"}, "has not come yet"),
        ({"postal_address": "1 \u202eSquare"}, "turns the direction"),
        ({"names": [{**NAME, "salutation": ""}]}, "It is missing"),
        ({"names": [{**NAME, "name": "=?utf-8?q?x?="}]}, "mail programs take"),
        ({"names": [NAME, NAME]}, "It stands here twice"),
        ({"addresses": [{"address": "nobody"}]}, "needs an @"),
        ({"addresses": [{"address": "a@b.example"}, {"address": "a@B.example"}]}, "stands here tw"),
        ({"addresses": [{"address": f"a{n}@b.example"} for n in range(6)]}, "at most 5"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    chiara: Client, changes: dict[str, Any], sentence: str
) -> None:
    answer = chiara.post("/office/targets/new/", typed(**changes))
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert not Target.objects.exists()


def test_a_short_name_and_a_number_mean_one_target(chiara: Client) -> None:
    chiara.post("/office/targets/new/", typed(external_id="Q1"))
    said = text(chiara.post("/office/targets/new/", typed(external_id="Q1")))
    assert "Another target has this number" in said
    assert "already exists" in said
    assert Target.objects.count() == 1


def test_letters_go_to_the_first_address_also_after_their_order_is_changed(chiara: Client) -> None:
    target = a_target()
    TargetAddress.objects.create(target=target, address="b@mfa.example", is_public=True)
    first = target.addresses.get(is_public=False).address
    swapped = [{"address": "b@mfa.example", "is_public": "on"}, {"address": first}]
    assert edit(chiara, target, slug=target.slug, addresses=swapped, were=(2, 2)) == ""
    assert [row.address for row in target.addresses.all()] == ["b@mfa.example", first]
    assert shown() == ["b@mfa.example"]


def test_a_row_that_is_emptied_is_removed_and_the_others_stay_the_same_rows(chiara: Client) -> None:
    target = a_target()
    french = target.names.get(language="fr")
    names = [{"language": "", "name": "", "salutation": ""}, {**NAME, "name": "Autre nom"}]
    assert edit(chiara, target, slug=target.slug, names=names, were=(2, 1)) == ""
    assert [(row.pk, row.name) for row in target.names.all()] == [(french.pk, "Autre nom")]
    assert not target.addresses.exists()


def test_no_address_is_shown_before_somebody_says_so(chiara: Client) -> None:
    target, _other = a_target(), a_target()
    assert shown() == []
    page = text(chiara.get(f"/office/targets/edit/{target.pk}/"))
    assert "gets unwanted mail" in page


def test_what_somebody_else_changed_meanwhile_is_not_overwritten_unseen(chiara: Client) -> None:
    target = a_target()
    seen = mark_of(chiara, target)
    target.addresses.update(address="corrected@mfa.example")
    sent = {"mark": seen, **typed(slug=target.slug, addresses=[{"address": "old@mfa.example"}])}
    answer = chiara.post(f"/office/targets/edit/{target.pk}/", sent)
    assert answer.status_code == 409
    assert "Somebody changed it meanwhile" in text(answer)
    assert "old@mfa.example" in text(answer)
    assert target.addresses.get().address == "corrected@mfa.example"
    again = {**sent, "mark": str(answer.context["mark"])}
    assert chiara.post(f"/office/targets/edit/{target.pk}/", again).status_code == 302
    assert target.addresses.get().address == "old@mfa.example"


def test_the_state_of_the_mailbox_stands_beside_the_address(chiara: Client) -> None:
    target = a_target()
    TargetAddress.objects.create(target=target, address="new@mfa.example")
    box = mailbox_for(target.addresses.exclude(address="new@mfa.example").get().address)
    Mailbox.objects.filter(pk=box.pk).update(state="invalid", since=NOW)
    page = text(chiara.get(f"/office/targets/edit/{target.pk}/"))
    assert "does not exist: its letters are held (since 03/10/2026)" in page
    assert "never written to" in page


def test_a_button_says_that_it_was_looked_at_today(chiara: Client) -> None:
    target = a_target()
    assert "<dd>never</dd>" in text(chiara.get(f"/office/targets/edit/{target.pk}/"))
    assert "reminded of it in six months" in press(chiara, target, "checked")
    target.refresh_from_db()
    assert target.checked_on is not None
    assert target.addresses.get().checked_on == target.checked_on


def test_each_address_has_a_day_of_its_own_which_stays_when_the_form_is_saved(
    chiara: Client,
) -> None:
    target = a_target()
    first = target.addresses.get().address
    url = f"/office/targets/edit/{target.pk}/"
    chiara.post(url, {"do": "address", "which": first})
    day = target.addresses.get().checked_on
    assert day is not None
    assert "Nothing was done" in text(
        chiara.post(url, {"do": "address", "which": "x"}, follow=True)
    )
    old = NOW.date()
    target.addresses.update(checked_on=old)
    addresses = [{"address": "new@mfa.example"}, {"address": first}]
    sent = typed(addresses=addresses, were=(2, 1), mark=mark_of(chiara, target))
    assert chiara.post(url, sent).status_code == 302
    rows = target.addresses.values_list("address", "checked_on")
    assert list(rows) == [("new@mfa.example", day), (first, old)]
    target.refresh_from_db()
    assert target.checked_on is None
    assert f"last checked: {day:%m/%d/%Y}" in text(chiara.get(url))


def test_a_target_that_a_campaign_writes_to_is_not_archived(chiara: Client) -> None:
    campaign = a_campaign()
    target = campaign.campaign_targets.get(target__kind="ministry").target
    said = press(chiara, target, "archive")
    assert "Campaigns write to it: some of other organisations." in said
    assert campaign.slug not in said
    a_team(User.objects.get(), campaign.organisation)
    assert f"Campaigns write to it: {campaign.slug}." in press(chiara, target, "archive")
    target.refresh_from_db()
    assert target.archived_on is None
    Campaign.objects.update(state="closed")
    assert "It is archived" in press(chiara, target, "archive")
    target.refresh_from_db()
    assert target.archived_on is not None
    assert "in the directory again" in press(chiara, target, "back")
    target.refresh_from_db()
    assert target.archived_on is None


def test_an_archived_target_gets_no_letter_when_its_campaign_opens_again(chiara: Client) -> None:
    campaign = a_campaign()
    target = campaign.campaign_targets.get(target__kind="ministry").target
    Campaign.objects.update(state="closed")
    press(chiara, target, "archive")
    Campaign.objects.update(state="open")
    rows = campaign.campaign_targets.for_country("FR")
    assert [row.target.kind for row in rows] == ["embassy"]


def test_only_what_nothing_refers_to_is_deleted(chiara: Client) -> None:
    campaign = a_campaign()
    confirm_action(action_id=an_action(campaign).pk, revision=1)
    write_due(now=NOW)
    target = campaign.campaign_targets.get(target__kind="ministry").target
    assert "can be archived, and not deleted" in press(chiara, target, "delete")
    campaign.campaign_targets.all().delete()
    assert "can be archived, and not deleted" in press(chiara, target, "delete")
    assert Letter.objects.filter(target=target).exists()
    mistake = a_target()
    assert "It is deleted" in press(chiara, mistake, "delete")
    assert not Target.objects.filter(pk=mistake.pk).exists()


@pytest.mark.parametrize("do", ["save", "checked", "archive", "back", "delete", "nonsense"])
def test_who_may_only_look_changes_nothing(do: str) -> None:
    target = a_target()
    before = Target.objects.values().get()
    bruno = a_client("view_target")
    page = text(bruno.get(f"/office/targets/edit/{target.pk}/"))
    assert "<fieldset disabled>" in page
    assert 'name="do"' not in page
    bruno.post(f"/office/targets/edit/{target.pk}/", {**typed(), "do": do})
    assert Target.objects.values().get() == before


def test_to_change_is_not_to_add() -> None:
    bruno = a_client("view_target", "change_target")
    assert bruno.get("/office/targets/new/").status_code == 302
    bruno.post("/office/targets/new/", typed())
    assert not Target.objects.exists()
    assert "/office/targets/new/" not in text(bruno.get("/office/targets/"))


def test_what_is_done_stands_in_the_history_of_the_site(chiara: Client) -> None:
    chiara.post("/office/targets/new/", typed())
    [entry] = ModelLogEntry.objects.all()
    assert (entry.label, entry.action) == ("ministry-cn", "wagtail.create")
    assert entry.user is not None


@pytest.mark.django_db(transaction=True)
def test_two_who_add_the_same_target_at_once_add_it_once() -> None:
    clients = [a_client("view_target", "add_target") for _each in range(2)]

    def add(client: Client) -> int:
        return client.post("/office/targets/new/", typed(external_id="Q1")).status_code

    told = at_once([lambda: add(clients[0]), lambda: add(clients[1])])
    assert sorted(told) in ([302, 409], [302, 422])
    assert Target.objects.count() == 1
