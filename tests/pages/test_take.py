"""Taking a letter: what a good form leaves behind, and what the person sees."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import TEXTS, an_action
from tests.names import REAL_NAMES
from tests.pages.filling import everything_kept, filled, send, take_url, the_offer
from tests.pages.reading import Sheet
from tocsin.actions.links import CHECK_LIFETIME, make_check_link
from tocsin.actions.models import Action, Confirmation
from tocsin.actions.words import open_words
from tocsin.campaigns.models import Campaign
from tocsin.kit.addresses import read_address
from tocsin.kit.seal import KeyMissing
from tocsin.letters.draft import drafts_of
from tocsin.pages.models import CampaignPage
from tocsin.pages.offer import offer_of
from tocsin.supporters.models import Consent
from tocsin.supporters.person import open_person


def test_a_good_form_is_kept_and_leads_to_the_mailbox(french: CampaignPage) -> None:
    answer = send(french)
    assert answer.status_code == 303
    assert answer["Location"].startswith("/fr/letter/check-mail/")
    action = Action.objects.get()
    person = open_person(action.supporter)
    assert (person.name, person.address.text) == ("Amina Yusuf", "amina@mail.example")
    assert (action.state, action.language, action.country) == ("pending", "fr", "FR")
    assert Confirmation.objects.count() == 1


def test_nothing_of_the_person_stands_in_the_address_bar(french: CampaignPage) -> None:
    address = send(french)["Location"]
    assert not re.search("amina|yusuf|mail.example", address, re.IGNORECASE)


def test_an_unchanged_letter_is_kept_as_unchanged(french: CampaignPage) -> None:
    crlf = the_offer(french).models[0].body.replace("\n", "\r\n") + "\r\n"
    send(french, filled(french, letter=crlf))
    assert open_words(Action.objects.get()).body == ""


def test_a_changed_letter_is_kept_in_the_words_of_the_person(french: CampaignPage) -> None:
    send(french, filled(french, letter="Où est ma tante ?", own=""))
    words = open_words(Action.objects.get())
    assert (words.own, words.body) == ("", "Où est ma tante ?")


def test_each_answer_is_kept_with_the_exact_words_it_was_given_to(french: CampaignPage) -> None:
    offer = the_offer(french)
    yes = next(value for value, given in offer.news_answers.items() if given)
    send(french, filled(french, news=yes))
    answers = [(consent.wording, consent.given) for consent in Consent.objects.all()]
    assert answers == [(offer.sends["open"], True), (offer.news, True)]


def test_an_answer_to_older_words_is_asked_again(french: CampaignPage) -> None:
    fields = filled(french)
    french.campaign.consents.create(
        slug=french.campaign.slug, purpose="send", language="fr", version=2, text="D’autres mots."
    )
    answer = send(french, fields)
    assert answer.status_code == 422
    assert "D’autres mots." in Sheet(answer).text()
    assert not Action.objects.exists()


def test_a_known_address_gets_the_same_answer_as_an_unknown_one(french: CampaignPage) -> None:
    first, second = send(french), send(french)
    assert (first.status_code, second.status_code) == (303, 303)
    assert len(first["Location"]) == len(second["Location"])
    assert Action.objects.count() == 1


def test_one_name_is_enough(french: CampaignPage) -> None:
    assert send(french, filled(french, family="")).status_code == 303


@pytest.mark.parametrize("start", range(0, len(REAL_NAMES), 30))
def test_names_of_people_are_taken_as_they_are(french: CampaignPage, start: int) -> None:
    for number, (_language, given, family) in enumerate(REAL_NAMES[start : start + 30]):
        fields = filled(french, given=given, family=family, email=f"p{number}@mail.example")
        answer = send(french, fields)
        assert answer.status_code == 303, (given, family)
    kept = {open_person(action.supporter).name for action in Action.objects.all()}
    assert len(kept) == len({(g, f) for _l, g, f in REAL_NAMES[start : start + 30]})


# -- The preview --------------------------------------------------------------------------------


def test_the_preview_shows_every_letter_word_for_word_and_keeps_nothing(
    french: CampaignPage,
) -> None:
    before = everything_kept()
    answer = send(french, filled(french, step="preview"))
    assert (answer.status_code, everything_kept()) == (200, before)
    shown = re.findall(r'<div class="text"[^>]*>(.*?)</div>', Sheet(answer).source, re.DOTALL)
    send(french)
    promised = [draft.text for draft in drafts_of(Action.objects.get())]
    assert [text.replace("&#x27;", "'") for text in shown] == promised
    assert len(promised) == 2


def test_the_preview_asks_for_nothing_that_is_not_in_the_letter(french: CampaignPage) -> None:
    fields = filled(french, step="preview", email="", send="", news="")
    answer = send(french, fields)
    assert answer.status_code == 200
    assert 'class="error"' not in answer.content.decode()


def test_the_preview_asks_for_what_is_in_the_letter(french: CampaignPage) -> None:
    sheet = Sheet(answer := send(french, filled(french, step="preview", given="", country="")))
    assert answer.status_code == 422
    assert sheet.by_id("id_given_error") is not None
    assert sheet.by_id("id_country_error") is not None


def test_after_the_preview_the_letter_can_be_sent_at_once(french: CampaignPage) -> None:
    sheet = Sheet(send(french, filled(french, step="preview")))
    answer = send(french, filled(french, issued=sheet.hidden("issued")))
    assert answer.status_code == 303


# -- When it cannot be taken ----------------------------------------------------------------------


def test_a_closed_campaign_says_so_and_takes_nothing(french: CampaignPage) -> None:
    fields = filled(french)
    Campaign.objects.update(state="closed")
    before = everything_kept()
    answer = send(french, fields)
    sheet = Sheet(answer)
    assert (answer.status_code, everything_kept()) == (410, before)
    assert not sheet.all("form")
    assert "Who they are" in sheet.text()  # the story stays


def test_without_a_key_nothing_is_taken_and_the_page_says_so(
    french: CampaignPage, settings: pytest.FixtureRequest, tmp_path: object
) -> None:
    fields = filled(french)
    before = everything_kept()
    settings.KEYS_DIR = tmp_path  # type: ignore[attr-defined]  # pytest-django's own fixture
    answer = send(french, fields)
    assert (answer.status_code, everything_kept()) == (503, before)
    with pytest.raises(KeyMissing):
        make_check_link(campaign_page_id=1, address=read_address("a@b.example"), now=timezone.now())


def test_without_anybody_to_write_to_there_is_no_form(french: CampaignPage) -> None:
    fields = filled(french)
    french.campaign.campaign_targets.all().delete()
    before = everything_kept()
    assert offer_of(french) is None
    assert "<form" not in Client().get(french.url).content.decode()
    assert send(french, fields).status_code == 503
    assert everything_kept() == before


def test_a_page_that_is_not_public_takes_nothing(french: CampaignPage) -> None:
    fields = filled(french)
    french.unpublish()
    assert send(french, fields).status_code == 404


def test_the_address_of_another_language_takes_nothing(french: CampaignPage) -> None:
    answer = Client().post(take_url(french).replace("/fr/", "/en/"), filled(french))
    assert answer.status_code in {404, 415}
    assert not Action.objects.exists()


# -- Check your mail ------------------------------------------------------------------------------


def test_check_your_mail_shows_the_address_and_the_way_back(french: CampaignPage) -> None:
    sheet = Sheet(Client().get(send(french)["Location"]))
    assert "amina@mail.example" in sheet.text()
    assert f'href="{french.url}#form"' in sheet.source


def test_the_mail_is_sent_again_within_limits_and_the_answer_is_always_the_same(
    french: CampaignPage,
) -> None:
    client = Client()
    address = send(french)["Location"]
    answers = [client.post(address, content_type="application/x-www-form-urlencoded")]
    answers += [client.post(address, content_type="application/x-www-form-urlencoded")]
    assert [(a.status_code, a["Location"]) for a in answers] == [(303, f"{address}?again=1")] * 2
    assert Confirmation.objects.count() == 2


def test_nobody_learns_whether_an_address_took_part(french: CampaignPage) -> None:
    strangers = make_check_link(
        campaign_page_id=french.pk, address=read_address("s@mail.example"), now=timezone.now()
    )
    answer = Client().post(
        f"/fr/letter/check-mail/{strangers}/", content_type="application/x-www-form-urlencoded"
    )
    assert (answer.status_code, Confirmation.objects.count()) == (303, 0)


def test_check_your_mail_opens_for_three_days(french: CampaignPage) -> None:
    old = make_check_link(
        campaign_page_id=french.pk,
        address=read_address("a@mail.example"),
        now=timezone.now() - CHECK_LIFETIME - timedelta(minutes=1),
    )
    assert Client().get(f"/fr/letter/check-mail/{old}/").status_code == 410


def test_the_model_letter_of_the_page_is_the_one_that_is_sent(french: CampaignPage) -> None:
    action = an_action(french.campaign)
    ministry, embassy = drafts_of(action)
    assert TEXTS["en"]["body"] in ministry.text
    assert TEXTS["fr"]["body"] in embassy.text
