"""Nobody could open the record: every page says so in words, and takes nothing."""

from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import AMINA, an_action
from tests.pages.filling import FORM, everything_kept, filled, send
from tests.privacy.amina import took_part
from tests.readers.cast import lists
from tocsin.actions.links import confirm_url
from tocsin.actions.models import Action
from tocsin.actions.release import confirm_action
from tocsin.pages.models import CampaignPage
from tocsin.privacy.links import make_data_token
from tocsin.supporters.models import SealedRecord


def pinned(page: CampaignPage) -> Path:
    return lists() / str(page.campaign.organisation.slug) / "pinned"


def test_the_page_says_so_instead_of_a_form_and_the_story_stays(english: CampaignPage) -> None:
    assert "<form" in Client().get(english.url).content.decode()
    pinned(english).unlink()
    shown = Client().get(english.url).content.decode()
    assert "<form" not in shown
    assert "the organisation alone can read who took part, and its keys are not in place" in shown
    assert "Who they are" in shown


@pytest.mark.parametrize("step", ["send", "preview"])
def test_a_form_that_is_sent_all_the_same_leaves_nothing(french: CampaignPage, step: str) -> None:
    fields = filled(french, step=step)
    pinned(french).unlink()
    before = everything_kept()
    answer = send(french, fields)
    assert (answer.status_code, everything_kept()) == (503, before)
    assert "Gardez-en une copie" in answer.content.decode()


def test_a_confirmation_loses_nothing_and_can_be_given_later(french: CampaignPage) -> None:
    action = an_action(french.campaign, now=timezone.now())
    url = confirm_url(action, now=timezone.now()).removeprefix("http://localhost")
    kept = pinned(french).read_bytes()
    pinned(french).unlink()
    before = everything_kept()
    answer = Client().post(url, "revision=1", content_type=FORM)
    assert (answer.status_code, everything_kept()) == (503, before)
    assert "Rien n’est perdu" in answer.content.decode()
    pinned(french).write_bytes(kept)
    assert Client().post(url, "revision=1", content_type=FORM).status_code == 303
    assert Action.objects.get().state == "released"
    assert SealedRecord.objects.count() == 1


def your_data(step: str = "") -> str:
    token = make_data_token(AMINA.address, now=timezone.now())
    return f"/fr/your-data/open/{token}/{step}"


def test_your_data_says_that_there_is_a_sealed_record_once_there_is(french: CampaignPage) -> None:
    action = took_part(french.campaign, now=timezone.now())
    assert "Fiche pour l’organisation" not in Client().get(your_data()).content.decode()
    confirm_action(action_id=action.pk, revision=1)
    assert "Fiche pour l’organisation" in Client().get(your_data()).content.decode()
    kept = Client().get(your_data("download/")).json()
    assert kept["actions"][0]["has_record"] is True


def test_a_name_that_cannot_be_sealed_is_not_changed_and_the_page_says_so(
    french: CampaignPage,
) -> None:
    action = took_part(french.campaign, now=timezone.now())
    confirm_action(action_id=action.pk, revision=1)
    pinned(french).unlink()
    before = everything_kept()
    url = your_data(f"correct/{action.pk}/")
    answer = Client().post(url, "given=Am%C4%ABna&family=Y.", content_type=FORM)
    assert (answer.status_code, everything_kept()) == (503, before)
    assert "Rien n’a été changé" in answer.content.decode()


def test_news_can_be_taken_back_all_the_same(french: CampaignPage) -> None:
    action = took_part(french.campaign, now=timezone.now())
    confirm_action(action_id=action.pk, revision=1)
    pinned(french).unlink()
    url = your_data(f"withdraw/{action.pk}/")
    assert Client().post(url, "", content_type=FORM).status_code == 303
    assert SealedRecord.objects.get().is_behind
