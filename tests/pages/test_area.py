"""The postcode on the form: asked where it is needed, turned into an area, and kept nowhere."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import AMINA, NOW, a_target, an_area
from tests.pages.filling import FORM, body_of, everything_kept, filled, send
from tests.pages.reading import Sheet
from tocsin.actions.links import make_thanks_link
from tocsin.actions.models import Action
from tocsin.actions.release import confirm_action
from tocsin.actions.words import Words, open_words
from tocsin.campaigns.models import DRAFT, Campaign, CampaignTarget
from tocsin.letters.draft import drafts_of
from tocsin.letters.models import Letter
from tocsin.letters.rehearse import Rehearsed, drafts_of_rehearsal, rehearse
from tocsin.letters.write import write_due
from tocsin.pages.models import CampaignPage
from tocsin.privacy.disclose import disclose
from tocsin.supporters.person import open_person
from tocsin.targets.areas import Area
from tocsin.targets.models import Target, TargetName

Scope = CampaignTarget.Scope


def stand_for(page: CampaignPage, area: Area, name: str) -> Target:
    """Somebody who stands for the area, and whom the campaign writes to."""
    target = a_target(kind="parliament")
    TargetName.objects.filter(target=target).update(name=name)
    Target.objects.filter(pk=target.pk).update(area=area)
    page.campaign.campaign_targets.create(target=target, scope=Scope.AREA, position=5)
    return target


@pytest.fixture
def page(french: CampaignPage) -> CampaignPage:
    """A page whose campaign writes to two deputies; one postcode lies in both of their areas."""
    stand_for(french, an_area("7501", postcodes=("75001", "75002")), "Deputy One")
    stand_for(french, an_area("7502", postcodes=("75002", "75003")), "Deputy Two")
    return french


def shown(answer: Any) -> list[str]:
    """The deputies to whom letters on the page are addressed."""
    return re.findall(r"<dd[^>]*>(Deputy \w+)</dd>", Sheet(answer).source)


def choices(answer: Any) -> list[str]:
    """The areas that the list on the page offers, and what stands before them."""
    found = re.search(r'<select name="area_\d+".*?</select>', Sheet(answer).source, re.DOTALL)
    return re.findall(r">([^<>]+)</option>", found[0]) if found else []


def thanked(action: Action) -> list[str]:
    """The deputies that the page of thanks names."""
    link = make_thanks_link(action.pk, now=timezone.now())
    source = Sheet(Client().get(f"/fr/letter/thanks/{link}/")).source
    return re.findall(r">(Deputy \w+)<", source)


def field_of(area: Area) -> str:
    return f"area_{area.table_id}"


def one() -> Area:
    return Area.objects.get(code="7501")


def test_a_campaign_without_areas_asks_for_no_postcode(french: CampaignPage) -> None:
    assert "postcode" not in Sheet(Client().get(french.url)).source
    send(french, filled(french, postcode="75001"))
    assert open_words(Action.objects.get()).areas == ()


def test_what_the_preview_shows_by_postcode_is_confirmed_and_sent(page: CampaignPage) -> None:
    form = Sheet(Client().get(page.url)).source
    assert 'name="postcode"' in form
    assert '<select name="area_' not in form
    assert shown(send(page, filled(page, step="preview", postcode="75 001"))) == ["Deputy One"]
    assert send(page, filled(page, postcode="75001")).status_code == 303
    action = Action.objects.get()
    named = [draft.target_name for draft in drafts_of(action)]
    assert "Deputy One" in named
    assert "Deputy Two" not in named
    confirm_action(action_id=action.pk, revision=1)
    assert thanked(action) == ["Deputy One"]
    write_due(now=NOW)
    assert thanked(action) == ["Deputy One"]
    names = Letter.objects.filter(target__area=one()).values_list("action", flat=True)
    assert list(names) == [action.pk]
    assert not Letter.objects.filter(target__area__code="7502").exists()


def test_the_postcode_is_nowhere_and_the_area_sealed_until_a_letter_goes(
    page: CampaignPage,
) -> None:
    an_area("9999", postcodes=("98765",))
    stand_for(page, Area.objects.get(code="9999"), "Deputy Far")
    before = everything_kept()
    send(page, filled(page, postcode="98765"))
    after = everything_kept()
    changed = [row for name, rows in after.items() for row in rows if row not in before[name]]
    assert changed
    assert "98765" not in repr(changed)
    action = Action.objects.get()
    area = Area.objects.get(code="9999")
    assert open_words(action).areas == (area.pk,)
    assert not Letter.objects.exists()
    told = disclose(address=open_person(action.supporter).address)
    assert told.actions[0].areas == ("Paris 9999",)


@pytest.mark.parametrize("postcode", ["", "99999", "<script>", "75001" * 9, "\x00"])
def test_an_unknown_postcode_is_said_and_an_area_can_be_chosen(
    page: CampaignPage, postcode: str
) -> None:
    answer = send(page, filled(page, postcode=postcode))
    assert answer.status_code == 422
    assert not Action.objects.exists()
    assert choices(answer)[2:] == ["Paris 7501 (7501)", "Paris 7502 (7502)"]
    area = {field_of(one()): str(one().pk)}
    assert shown(send(page, filled(page, step="preview", postcode=postcode, **area))) == [
        "Deputy One"
    ]


def test_who_does_not_say_writes_to_the_others_and_to_who_stands_in(page: CampaignPage) -> None:
    page.campaign.campaign_targets.filter(scope=Scope.COUNTRY).delete()
    target = a_target(kind="other")
    TargetName.objects.filter(target=target).update(name="Deputy Instead")
    page.campaign.campaign_targets.create(target=target, scope=Scope.ELSEWHERE)
    silent = {"step": "preview", "postcode": "", field_of(one()): "0"}
    assert shown(send(page, filled(page, **silent))) == ["Deputy Instead"]
    assert shown(send(page, filled(page, step="preview", postcode="75001"))) == ["Deputy One"]
    abroad = filled(page, step="preview", country="DE", postcode="75001")
    assert shown(send(page, abroad)) == ["Deputy Instead"]


def test_a_postcode_in_two_areas_asks_which_or_goes_to_both(page: CampaignPage) -> None:
    answer = send(page, filled(page, step="preview", postcode="75002"))
    assert answer.status_code == 422
    assert len(choices(answer)) == 4
    both = {"step": "preview", "postcode": "75002", field_of(one()): "0"}
    assert shown(send(page, filled(page, **both))) == ["Deputy One", "Deputy Two"]
    chosen = {"step": "preview", "postcode": "75002", field_of(one()): str(one().pk)}
    assert shown(send(page, filled(page, **chosen))) == ["Deputy One"]
    # A postcode that was corrected says more than the list, which is that of the one before.
    corrected = {**chosen, "postcode": "75003"}
    assert shown(send(page, filled(page, **corrected))) == ["Deputy Two"]
    forged = {**chosen, field_of(one()): "1 OR 1"}
    assert send(page, filled(page, **forged)).status_code == 422


def test_letters_that_one_sends_oneself_go_to_who_stands_for_the_area(page: CampaignPage) -> None:
    place = f"{page.url}yourself/"
    words = {"country": "FR", "postcode": "75003"}
    there = Sheet(Client().post(place, body_of(words), content_type=FORM)).source
    assert "Deputy Two" in there
    assert "Deputy One" not in there
    nowhere = Client().post(place, body_of({"country": "FR"}), content_type=FORM)
    assert "Deputy" not in Sheet(nowhere).source


def test_a_test_run_writes_to_who_stands_for_the_area_too(page: CampaignPage) -> None:
    Campaign.objects.filter(pk=page.campaign.pk).update(state=DRAFT)
    typed = Rehearsed(
        person=AMINA, words=Words(areas=(one().pk,)), country="FR", way="open", variant=1
    )
    run = rehearse(campaign=page.campaign, typed=typed, language="fr", now=NOW)
    names = [draft.target_name for draft in drafts_of_rehearsal(run)]
    assert [name for name in names if name.startswith("Deputy")] == ["Deputy One"]
