"""What Chiara sees of two targets that may be one, and what comes of her choice."""

import re

import pytest
from django.test import Client

from tests.factories import a_campaign, a_target
from tests.office.directory import a_client, text
from tocsin.targets.models import Target, TargetName
from tocsin.targets.pairs import DifferentTargets

pytestmark = pytest.mark.django_db


@pytest.fixture
def chiara() -> Client:
    """A campaigner who may change targets."""
    return a_client("view_target", "change_target")


def opened(client: Client, one: Target, other: Target) -> tuple[str, str, str]:
    """The page of the pair: its address, what it says, what it saw."""
    url = f"/office/targets/merge/{one.pk}/{other.pk}/"
    answer = client.get(url)
    return url, text(answer), str(answer.context["mark"])


def test_a_pair_is_shown_side_by_side_and_one_is_kept(chiara: Client) -> None:
    campaign = a_campaign()
    one = campaign.campaign_targets.get(target__kind="ministry").target
    other = a_target()
    TargetName.objects.filter(target=other, language="en").update(name="<b>The other</b>")
    page = text(chiara.get("/office/targets/duplicates/"))
    assert f"{one.slug} + {other.slug}" in page
    assert "name, country and seat – ministry" in page
    url, page, mark = opened(chiara, one, other)
    assert "&lt;b&gt;The other&lt;/b&gt;" in page
    assert re.search(r"<th[^>]*>Campaigns</th>\s*<td>1</td>\s*<td>0</td>", page)
    assert f"Keep {other.slug}" in page
    answer = chiara.post(url, {"keep": str(other.pk), "mark": mark}, follow=True)
    assert "They are one now." in text(answer)
    one.refresh_from_db()
    assert one.merged_into == other
    assert chiara.get(url, follow=True).status_code == 404
    assert "No two targets are alike." in text(chiara.get("/office/targets/duplicates/"))
    page = text(chiara.get(f"/office/targets/edit/{one.pk}/"))
    assert f"<dd>{other.slug}</dd>" in page
    assert 'value="back"' not in page


def test_what_changed_since_it_was_seen_is_not_merged(chiara: Client) -> None:
    one, other = a_target(), a_target()
    url, _page, mark = opened(chiara, one, other)
    other.addresses.update(address="corrected@mfa.example")
    answer = chiara.post(url, {"keep": str(one.pk), "mark": mark}, follow=True)
    assert "Nothing was done" in text(answer)
    assert Target.objects.current().count() == 2


@pytest.mark.parametrize("keep", ["", "0", "nonsense"])
def test_one_of_the_two_has_to_be_kept(chiara: Client, keep: str) -> None:
    one, other = a_target(), a_target()
    url, _page, mark = opened(chiara, one, other)
    assert chiara.post(url, {"keep": keep, "mark": mark}).status_code == 400
    assert Target.objects.current().count() == 2
    assert chiara.get(f"/office/targets/merge/{one.pk}/{one.pk}/", follow=True).status_code == 404


def test_two_that_only_look_alike_are_told_apart_and_that_can_be_taken_back(
    chiara: Client,
) -> None:
    one, other = a_target(), a_target()
    list_url = "/office/targets/duplicates/"
    url, page, _mark = opened(chiara, other, one)
    assert "They are two: do not show them again" in page
    for _twice in range(2):
        page = text(chiara.post(url, {"do": "apart"}, follow=True))
    assert "No two targets are alike." in page
    told = DifferentTargets.objects.get()
    assert (told.one, told.other) == (one, other)
    assert f"Show {told} again" in page
    third = a_target()
    page = text(chiara.get(list_url))
    assert f"{one.slug} + {third.slug}" in page.split("Alike, and two")[0]
    chiara.post(list_url, {"again": str(told.pk)})
    assert "Nothing was done" in text(chiara.post(list_url, {"again": "x"}, follow=True))
    page = text(chiara.get(list_url))
    assert f"{one.slug} + {other.slug}" in page
    assert "Alike, and two" not in page
    assert Target.objects.current().count() == 3


def test_who_may_only_look_merges_nothing() -> None:
    one, other = a_target(), a_target()
    bruno = a_client("view_target", "add_target")
    url = f"/office/targets/merge/{one.pk}/{other.pk}/"
    for place in ("/office/targets/duplicates/", url):
        assert bruno.get(place).status_code == 302
    bruno.post(url, {"keep": str(one.pk)})
    assert Target.objects.current().count() == 2
