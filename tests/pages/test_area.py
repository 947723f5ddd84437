"""The postcode on the form: asked where it is needed, turned into an area, and kept nowhere."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import AMINA, NOW, a_target, an_action, an_area
from tests.pages.every_frame import frame_path
from tests.pages.filling import FORM, body_of, everything_kept, filled, send
from tests.pages.reading import Sheet
from tocsin.actions.links import make_thanks_link
from tocsin.actions.models import Action
from tocsin.actions.release import confirm_action
from tocsin.actions.words import Words, open_words
from tocsin.campaigns.models import DRAFT, Campaign, CampaignTarget
from tocsin.kit.seal import destroy_day_key, seal, unseal
from tocsin.letters.draft import drafts_of
from tocsin.letters.models import Letter
from tocsin.letters.rehearse import Rehearsed, drafts_of_rehearsal, rehearse, rehearsed
from tocsin.letters.write import write_due
from tocsin.pages.area_question import MOST_CHOICES
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
    for code in ("75002", "99999"):  # what was chosen on the form goes along, from part to part
        chosen = {**words, "postcode": code, field_of(one()): str(one().pk)}
        sheet = Sheet(Client().post(place, body_of(chosen), content_type=FORM))
        assert "Deputy One" in sheet.source
        assert "Deputy Two" not in sheet.source
    page.campaign.campaign_targets.bulk_create(
        CampaignTarget(campaign=page.campaign, target=a_target(), position=9) for _each in range(9)
    )
    sheet = Sheet(Client().post(place, body_of(chosen), content_type=FORM))
    (parts,) = [each for each in sheet.all("form") if each.get("class") == "parts"]
    hidden = [each for each in parts.iter() if each.get("type") == "hidden"]
    found = {each.get("name"): each.get("value") for each in hidden}
    assert found == {**chosen, "variant": "1"}


def test_in_the_frame_of_a_partner_the_postcode_is_asked_for_too(page: CampaignPage) -> None:
    path = frame_path(page)

    def filled_in(**typed: str) -> Any:
        return Client().post(path, body_of(filled(page, **typed)), content_type=FORM)

    assert 'name="postcode"' in Sheet(Client().get(path)).source
    assert shown(filled_in(step="preview", postcode="75001")) == ["Deputy One"]
    assert len(choices(filled_in(postcode="75002"))) == 4
    answer = filled_in(postcode="75001")
    assert answer.status_code == 303
    assert "75001" not in answer["Location"]
    assert open_words(Action.objects.get()).areas == (one().pk,)


def test_who_lends_a_voice_is_asked_for_no_area_and_an_area_is_no_word_of_ones_own(
    page: CampaignPage,
) -> None:
    send(page, filled(page, own="", postcode="75001"))
    assert not Action.objects.get().is_own
    Action.objects.all().delete()
    campaign = page.campaign
    campaign.offers_open, campaign.offers_lent, campaign.first_way = False, True, "lent"
    campaign.save()
    assert send(page, filled(page, postcode="75001")).status_code == 303
    assert open_words(Action.objects.get()).areas == ()


def test_who_stands_for_no_area_any_more_is_neither_asked_for_nor_promised(
    page: CampaignPage,
) -> None:
    gone = Target.objects.filter(area__isnull=False)
    gone.filter(area=one()).update(area=None)
    source = Sheet(Client().get(page.url)).source
    assert "Deputy One" not in source
    assert "Deputy Two" in source
    action = an_action(page.campaign, words=Words(areas=(Area.objects.get(code="7502").pk,)))
    gone.update(area=None)
    source = Sheet(Client().get(page.url)).source
    assert "Deputy" not in source
    assert "postcode" not in source
    assert not [each for each in drafts_of(action) if each.target_name.startswith("Deputy")]


def test_a_campaign_that_writes_to_areas_alone_takes_no_letters(page: CampaignPage) -> None:
    page.campaign.campaign_targets.exclude(scope=Scope.AREA).delete()
    assert 'name="email"' not in Sheet(Client().get(page.url)).source


def test_of_more_areas_than_anybody_reads_none_is_offered(page: CampaignPage) -> None:
    table = one().table
    table.areas.bulk_create(
        Area(table=table, code=f"x{each}", name="X") for each in range(MOST_CHOICES)
    )
    assert len(choices(send(page, filled(page, postcode="99999")))) == 2


def test_thanks_are_said_when_nobody_can_read_the_area_any_more(page: CampaignPage) -> None:
    send(page, filled(page, postcode="75001"))
    action = Action.objects.get()
    confirm_action(action_id=action.pk, revision=1)
    destroy_day_key(action.day)
    assert thanked(action) == []


def test_what_was_sealed_before_there_were_areas_still_opens(page: CampaignPage) -> None:
    action = an_action(page.campaign)
    old = json.dumps(["My own.", ""]).encode()
    action.sealed_words = seal(old, day=action.day, about=f"action:{action.pk}")
    assert open_words(action) == Words(own="My own.")
    Campaign.objects.filter(pk=page.campaign.pk).update(state=DRAFT)
    typed = Rehearsed(person=AMINA, words=Words(), country="FR", way="open", variant=1)
    run = rehearse(campaign=page.campaign, typed=typed, language="fr", now=NOW)
    about = f"rehearsal:{run.pk}"
    *values, _areas = json.loads(unseal(run.sealed, about=about))
    run.sealed = seal(json.dumps(values).encode(), day=NOW.date(), about=about)
    assert rehearsed(run) == typed


def test_a_test_run_writes_to_who_stands_for_the_area_too(page: CampaignPage) -> None:
    Campaign.objects.filter(pk=page.campaign.pk).update(state=DRAFT)
    typed = Rehearsed(
        person=AMINA, words=Words(areas=(one().pk,)), country="FR", way="open", variant=1
    )
    run = rehearse(campaign=page.campaign, typed=typed, language="fr", now=NOW)
    names = [draft.target_name for draft in drafts_of_rehearsal(run)]
    assert [name for name in names if name.startswith("Deputy")] == ["Deputy One"]
