"""The form where a campaign offers more than one way to take part."""

import pytest
from django.test import Client

from tests.factories import a_campaign, a_campaign_page
from tests.hostile import FORBIDDEN, LINE_ENDS, MARKUP
from tests.pages.filling import everything_kept, filled, send, the_offer
from tests.pages.reading import Sheet
from tocsin.actions.models import Action
from tocsin.actions.words import Words, open_words
from tocsin.campaigns.ways import LENT, OPEN, SHIELDED
from tocsin.pages.models import CampaignPage
from tocsin.supporters.models import Consent
from tocsin.supporters.person import open_person

pytestmark = pytest.mark.django_db

ALL = (SHIELDED, OPEN, LENT)


def a_page(*ways: str, language: str = "en") -> CampaignPage:
    return a_campaign_page(a_campaign(ways=ways or ALL), language=language)


def taking(page: CampaignPage, way: str, **changes: str) -> dict[str, str]:
    """The form as somebody sends it who takes part in that way, and typed in every field."""
    permission = {chosen: value for value, chosen in the_offer(page).send_answers.items()}
    return filled(page, **{"way": way, "send": permission.get(way, ""), "own": "", **changes})


def radios(sheet: Sheet) -> list[tuple[str | None, bool]]:
    return [
        (each.get("value"), "checked" in each.attrib)
        for each in sheet.all("input")
        if (each.get("name"), each.get("type")) == ("way", "radio")
    ]


def test_the_ways_stand_before_the_first_field_and_none_is_chosen() -> None:
    page = a_page()
    sheet = Sheet(Client().get(page.url))
    assert radios(sheet) == [(SHIELDED, False), (OPEN, False), (LENT, False)]
    names = [each.get("name") for each in sheet.all("input") if each.get("name")]
    assert names[:5] == ["issued", "way", "way", "way", "given"]
    for words in ("Those you write to see all three", "neither your name", "You write no letter"):
        assert words in sheet.text()


def test_in_french_the_ways_are_told_in_french() -> None:
    text = Sheet(Client().get(a_page(language="fr").url)).text()
    for words in (
        "À visage découvert, avec mon nom",
        "Protégé·e, sans mon nom",
        "Je prête ma voix",
    ):
        assert words in text
    assert "Openly" not in text


@pytest.mark.parametrize("way", ALL)
def test_a_single_way_is_told_and_not_asked_and_only_its_fields_are_there(way: str) -> None:
    sheet = Sheet(Client().get(a_page(way).url))
    assert radios(sheet) == []
    fields = {each.get("name") for each in (*sheet.all("input"), *sheet.all("textarea"))}
    assert ("given" in fields) == (way == OPEN)
    assert ("letter" in fields) == (way != LENT)
    assert not sheet.source.count('class="risk"')


def test_the_questions_of_the_risk_check_stand_outside_of_the_form_and_have_no_name() -> None:
    sheet = Sheet(Client().get(a_page().url))
    asked = [each for each in sheet.all("input") if (each.get("id") or "").startswith("risk_")]
    assert [each.get("data-way") for each in asked] == [LENT, SHIELDED, SHIELDED]
    assert all(each.get("name") is None and each.get("form") is None for each in asked)
    [form] = [each for each in sheet.all("form") if (each.get("action") or "").endswith("#form")]
    assert not set(asked) & set(form.iter())


def test_who_takes_part_shielded_is_kept_without_a_name() -> None:
    page = a_page()
    assert send(page, taking(page, SHIELDED)).status_code == 303
    action = Action.objects.get()
    person = open_person(action.supporter)
    assert (action.way, person.given, person.family) == (SHIELDED, "", "")
    assert [each.wording.purpose for each in Consent.objects.all()] == ["send_shielded", "news"]


def test_a_lent_voice_keeps_neither_name_nor_words() -> None:
    page = a_page()
    answer = send(page, taking(page, LENT, own="My own.", letter="My letter.", given="\x00"))
    assert answer.status_code == 303
    action = Action.objects.get()
    assert (action.way, open_person(action.supporter).name) == (LENT, "")
    assert open_words(action) == Words()
    assert Consent.objects.first().wording.purpose == "send_lent"  # type: ignore[union-attr] # is there


def test_who_takes_part_openly_is_asked_for_names() -> None:
    page = a_page()
    answer = send(page, taking(page, OPEN, given=""))
    assert answer.status_code == 422
    assert "Enter your given names." in Sheet(answer).text()
    assert not Action.objects.exists()


def test_without_a_way_it_is_the_way_that_is_asked_for_and_all_else_stays() -> None:
    page = a_page()
    answer = send(page, {**taking(page, OPEN, given=""), "way": "", "send": ""})
    text = Sheet(answer).text()
    assert answer.status_code == 422
    assert text.count("Choose how you take part: we do not decide") == 2
    assert "Enter your given names" not in text
    assert Sheet(answer).value("email") == "amina@mail.example"


@pytest.mark.parametrize(
    "way",
    [*FORBIDDEN[5:12], *LINE_ENDS[:4], *MARKUP[:4], "OPEN", "open ", "shielded\n", "lent,open"],
)
def test_no_other_way_gets_in(way: str) -> None:
    page = a_page(SHIELDED, OPEN)
    before = everything_kept()
    assert send(page, {**taking(page, OPEN), "way": way}).status_code in (400, 422)
    assert everything_kept() == before


def test_permission_for_one_way_is_none_for_another() -> None:
    page = a_page()
    permission = {way: value for value, way in the_offer(page).send_answers.items()}
    answer = send(page, taking(page, SHIELDED, send=permission[OPEN]))
    assert answer.status_code == 422
    assert "without your permission" in Sheet(answer).text()


def test_a_way_that_was_withdrawn_while_the_form_was_open_is_said_and_nothing_is_lost() -> None:
    page = a_page(OPEN, SHIELDED)
    fields = taking(page, SHIELDED, own="One more voice.")
    page.campaign.offers_shielded = False
    page.campaign.save()
    answer = send(page, fields)
    sheet = Sheet(answer)
    assert answer.status_code == 422
    assert sheet.text().count("This way to take part is not offered any more.") == 2
    assert sheet.value("own") == "One more voice."
    assert not Action.objects.exists()
    # Sent back as it stands now, it is not taken openly without the permission for that.
    again = send(page, {**fields, "way": OPEN})
    assert again.status_code == 422


def test_a_way_without_words_of_permission_in_the_language_is_not_offered_there() -> None:
    campaign = a_campaign(ways=ALL)
    campaign.consents.filter(purpose="send_lent", language="en").delete()
    english, french = (a_campaign_page(campaign, language=language) for language in ("en", "fr"))
    assert the_offer(english).ways == (SHIELDED, OPEN)
    assert the_offer(french).ways == ALL


def test_words_that_tell_who_one_is_are_asked_about_once() -> None:
    page = a_page()
    told = taking(page, SHIELDED, own="Ask Yusuf, +33 6 12 34 56 78.")
    answer = send(page, told)
    sheet = Sheet(answer)
    assert answer.status_code == 422
    assert "Yusuf" in "".join(
        text for each in sheet.all("strong") if each.get("class") == "found"
        for text in each.itertext()
    )  # fmt: skip
    sure = sheet.by_id("id_sure").get("value") or ""
    # Other words are other words: the box that was ticked for these does not let them through.
    other = send(page, {**told, "sure": sure, "own": "My sister waits."})
    assert other.status_code == 422
    assert send(page, {**told, "sure": sure}).status_code == 303


def test_openly_nobody_is_asked_about_their_words() -> None:
    page = a_page()
    assert send(page, taking(page, OPEN, own="I am Amina Yusuf.")).status_code == 303


def test_the_preview_shows_what_leaves_in_each_way() -> None:
    page = a_page()
    seen = {
        way: Sheet(send(page, taking(page, way, step="preview", country="SN"))).text()
        for way in ALL
    }
    assert "A supporter in Senegal via The Letter Table" in seen[SHIELDED]
    assert "Amina Yusuf via" not in seen[SHIELDED]
    assert "Amina Yusuf via The Letter Table" in seen[OPEN]
    assert "Nothing of yours will be sent" in seen[LENT]
    assert "via The Letter Table" not in seen[LENT]


def test_the_preview_shows_what_may_tell_who_one_is_and_refuses_nothing() -> None:
    page = a_page()
    answer = send(page, taking(page, SHIELDED, step="preview", own="My sister waits."))
    assert answer.status_code == 200
    assert "My sister" in "".join(Sheet(answer).by_id("preview").itertext())
    assert "I have looked at them again" in Sheet(answer).text()
