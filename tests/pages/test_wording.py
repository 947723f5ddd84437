"""Which letter a visitor sees first, and what of it they cannot change, whatever they send."""

from collections import Counter

import pytest
from django.test import Client

from tests.factories import a_campaign, a_campaign_page, a_second_letter, a_tested_draft
from tests.pages.filling import filled, send, the_offer
from tests.pages.reading import Sheet
from tests.pages.test_rehearsing import fill, stage
from tests.pages.test_yourself import path_of, post
from tocsin.actions.models import Action
from tocsin.actions.words import Words, open_words
from tocsin.campaigns.models import Wording
from tocsin.campaigns.rehearsal import Rehearsal
from tocsin.campaigns.wordings import copy_variant, remove_variant
from tocsin.letters.draft import drafts_of
from tocsin.letters.rehearse import rehearsed
from tocsin.pages.forms import LetterForm
from tocsin.pages.models import CampaignPage

pytestmark = pytest.mark.django_db

FORGED = "Leave them where they are."
LOCKED = "Tell each family, in writing."


@pytest.fixture
def english() -> CampaignPage:
    """The page of a campaign with two letters, and a part of them that stays."""
    campaign = a_campaign()
    a_second_letter(campaign)
    campaign.wordings.filter(language="en").update(fixed=LOCKED)
    return a_campaign_page(campaign, language="en")


def fix(page: CampaignPage) -> None:
    """The letter stays as it is."""
    page.campaign.letter_is_fixed = True
    page.campaign.save()


# -- which is first --------------------------------------------------------------------------------


def test_each_letter_that_is_offered_is_as_often_first_and_no_other_ever(
    english: CampaignPage,
) -> None:
    copy_variant(english.campaign, text="", variant=1)
    copy_variant(english.campaign, text="", variant=1)
    remove_variant(english.campaign, text="", variant=2)
    offer = the_offer(english)
    first = Counter(LetterForm._model_of(offer, None).variant for _each in range(3000))
    assert set(first) == {1, 3, 4}
    # So far from a third comes one run in a hundred million.
    assert all(850 < number < 1150 for number in first.values())


def test_whoever_reads_a_kept_copy_of_the_page_is_counted_to_the_letter_that_stands_in_it(
    english: CampaignPage,
) -> None:
    kept = Sheet(Client().get(english.url))
    variant = kept.hidden("variant") or ""
    body = english.campaign.wordings.get(language="en", text="", variant=variant).body
    for number in range(3):
        typed = filled(english, variant=variant, letter=body, email=f"a{number}@mail.example")
        assert send(english, typed).status_code == 303
    assert set(Action.objects.values_list("variant", flat=True)) == {int(variant)}


def test_who_has_a_letter_before_them_that_is_retired_sends_that_one(
    english: CampaignPage,
) -> None:
    second = english.campaign.wordings.get(language="en", variant=2).body
    remove_variant(english.campaign, text="", variant=2)
    assert send(english, filled(english, own="", letter=second, variant="2")).status_code == 303
    action = Action.objects.get()
    assert (action.variant, action.is_own, open_words(action)) == (2, False, Words())
    assert drafts_of(action)[0].subject == "A second subject"
    again = Sheet(send(english, {"step": "another", "variant": "2", "letter": second}))
    assert again.hidden("variant") == "1"
    assert "Show me another letter" not in again.text()  # one is left, and none to change to


def test_the_only_letter_that_was_offered_is_the_one_that_goes_once_another_took_its_place(
    english: CampaignPage,
) -> None:
    remove_variant(english.campaign, text="", variant=2)
    fix(english)
    kept = Sheet(Client().get(english.url)).hidden("variant") or ""
    copy_variant(english.campaign, text="", variant=1)
    remove_variant(english.campaign, text="", variant=1)
    assert send(english, filled(english, variant=kept)).status_code == 303
    assert Action.objects.get().variant == 1


def test_a_retired_letter_stays_with_who_has_it_and_nobody_else_is_shown_it(
    english: CampaignPage,
) -> None:
    remove_variant(english.campaign, text="", variant=1)
    assert "A second subject, in other words." in Sheet(Client().get(path_of(english))).text()
    sheet = Sheet(post(path_of(english), **filled(english, variant="1", letter="")))
    assert "A second subject" not in sheet.text()
    typed = {"country": "FR", "variant": sheet.hidden("variant") or ""}
    assert "A second subject" not in Sheet(post(path_of(english), **typed)).text()


def test_of_two_letters_with_one_body_it_is_the_one_that_was_shown(english: CampaignPage) -> None:
    model = english.campaign.wordings.get(language="en", text="", variant=1)
    english.campaign.wordings.filter(variant=2).update(body=model.body)
    sheet = Sheet(post(path_of(english), **filled(english, variant="2", letter=model.body)))
    assert "A second subject" in sheet.text()


# -- what stays ------------------------------------------------------------------------------------


def test_a_locked_part_is_shown_as_text_and_goes_with_every_letter(english: CampaignPage) -> None:
    shown = Sheet(Client().get(english.url))
    assert LOCKED in shown.text()
    assert "This part stays as it is: every letter says it." in shown.text()
    typed = filled(english, letter=FORGED, fixed="Nothing.", country="SN")
    previewed = Sheet(send(english, {**typed, "step": "preview"})).text()
    assert f"{FORGED} {LOCKED}" in previewed
    send(english, typed)
    [letter] = drafts_of(Action.objects.get())
    assert f"{FORGED}\n\n{LOCKED}\n\n" in letter.text
    english.campaign.campaign_targets.first().target.addresses.update(is_public=True)
    own = Sheet(post(path_of(english), **typed))
    assert own.text().count(LOCKED) == 2  # to copy, and on the sheet to print
    assert LOCKED.replace(" ", "%20").replace(",", "%2C") in own.source


def test_without_a_locked_part_nothing_is_said_of_one() -> None:
    shown = Sheet(Client().get(a_campaign_page(language="en").url))
    assert "This part stays" not in shown.text()


@pytest.mark.parametrize("variant", ["1", "2"])
def test_a_letter_that_stays_as_it_is_stays_so_whatever_a_form_sends(
    english: CampaignPage, variant: str
) -> None:
    fix(english)
    typed = filled(english, letter=FORGED, own="She is my aunt.", variant=variant)
    previewed = Sheet(send(english, {**typed, "step": "preview"}))
    assert FORGED not in previewed.source
    assert send(english, typed).status_code == 303
    action = Action.objects.get()
    assert open_words(action) == Words(own="She is my aunt.", body="")
    assert (action.variant, action.is_own) == (int(variant), True)
    own = Sheet(post(path_of(english), **typed))
    assert FORGED not in own.source
    assert "She is my aunt." in own.text()


def test_the_page_of_such_a_letter_shows_it_and_says_why(english: CampaignPage) -> None:
    fix(english)
    shown = Sheet(Client().get(english.url))
    assert "This letter stays as it is, so that all of them say the same." in shown.text()
    [box] = [each for each in shown.all("textarea") if each.get("name") == "letter"]
    assert box.get("readonly") is not None
    another = Sheet(send(english, {"step": "another", "variant": "1", "letter": FORGED}))
    assert another.hidden("variant") == "2"
    assert FORGED not in another.source
    refused = Sheet(send(english, filled(english, letter=FORGED, given="")))
    assert FORGED not in refused.source
    assert Wording.objects.get(language="en", text="", variant=1).body in refused.value("letter")


def test_a_letter_changed_before_the_switch_goes_as_it_was_confirmed(english: CampaignPage) -> None:
    send(english, filled(english, letter="Where is she?", country="SN"))
    fix(english)
    [letter] = drafts_of(Action.objects.select_related("campaign").get())
    assert "Where is she?" in letter.text


def test_in_a_test_run_it_stays_as_it_is_too() -> None:
    page = a_campaign_page(a_tested_draft(), language="en")
    fix(page)
    fill(page, stage(page), letter=FORGED)
    assert rehearsed(Rehearsal.objects.get()).words.body == ""
