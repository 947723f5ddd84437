"""The letters one action becomes: whose language, which words, whom they greet."""

import pytest

from tests.factories import AMINA, a_campaign, a_second_letter, an_action
from tocsin.actions.words import Words
from tocsin.campaigns.models import Campaign
from tocsin.letters.draft import Draft, draft_letters, drafts_of, known_letters
from tocsin.targets.models import TargetName

pytestmark = pytest.mark.django_db

MODEL_EN = "I ask you where the people are who are detained.\n\n1. Tell the families."
NOTE_EN = (
    "This letter was written through The Letter Table. "
    "An answer to this message goes to its author."
)


def drafts(
    campaign: Campaign, *, country: str = "FR", words: Words | None = None, language: str = "fr"
) -> list[Draft]:
    return draft_letters(
        campaign=campaign,
        language=language,
        country=country,
        given="Amina",
        family="Yusuf",
        words=words or Words(),
    )


def test_the_letter_to_the_ministry_is_exactly_this() -> None:
    campaign = a_campaign()
    ministry = drafts(campaign, words=Words(own="My sister waits.", body=""))[0]
    assert ministry.language == "en"
    assert ministry.subject == "Where are they?"
    assert ministry.text == (
        "Your Excellency,\n\n"
        "My sister waits.\n\n"
        f"{MODEL_EN}\n\n"
        "Yours respectfully,\n\n"
        "Amina Yusuf\n"
        "France\n\n"
        f"{NOTE_EN}\n"
    )


def test_the_embassy_at_home_gets_a_copy_in_its_own_language() -> None:
    embassy = drafts(a_campaign())[1]
    assert embassy.language == "fr"
    assert embassy.text.startswith(
        "Excellence,\n\nVoici la copie de ma lettre au ministère.\n\nJe vous demande"
    )


def test_without_an_embassy_at_home_the_ministry_alone_is_written_to() -> None:
    assert [draft.target.kind for draft in drafts(a_campaign(), country="SN")] == ["ministry"]


def test_an_edited_letter_stays_in_the_language_it_was_edited_in() -> None:
    letters = drafts(a_campaign(), words=Words(own="", body="Où est mon frère ?"))
    assert [letter.language for letter in letters] == ["fr", "fr"]
    assert all("Où est mon frère ?" in letter.text for letter in letters)
    assert letters[0].text.startswith("Excellence,")
    assert letters[0].subject == "Où sont-ils ?"


def test_a_target_whose_language_the_campaign_lacks_is_written_to_in_the_page_s() -> None:
    campaign = a_campaign()
    campaign.wordings.filter(language="en").delete()
    assert drafts(campaign)[0].language == "fr"


def test_a_target_not_named_in_the_language_is_greeted_in_another() -> None:
    campaign = a_campaign()
    TargetName.objects.filter(language="en").delete()
    assert drafts(campaign)[0].text.startswith("Excellence,")


def test_a_campaign_without_any_wording_says_so() -> None:
    campaign = a_campaign()
    campaign.wordings.all().delete()
    with pytest.raises(LookupError):
        drafts(campaign)


def test_a_letter_of_somebody_with_one_name_is_signed_with_it() -> None:
    campaign = a_campaign()
    (letter,) = draft_letters(
        campaign=campaign,
        language="en",
        country="SN",
        given="Gulnar",
        family="",
        words=Words(),
    )
    assert "\n\nGulnar\nSenegal\n\n" in letter.text


def test_html_in_a_letter_is_text_like_any_other() -> None:
    body = "<script>alert(1)</script> & {{ name }} {% now %}"
    assert body in drafts(a_campaign(), words=Words(own="", body=body))[0].text


def test_the_model_letter_is_offered_in_the_language_of_the_page() -> None:
    [model] = known_letters(a_campaign(), "en")
    assert model.body == MODEL_EN


def test_a_variant_is_the_same_letter_in_each_language_unless_a_kind_has_its_own() -> None:
    campaign = a_campaign()
    a_second_letter(campaign)
    kept = an_action(campaign, words=Words(), variant=2)
    ministry, embassy = drafts_of(kept)
    assert (ministry.language, ministry.subject) == ("en", "A second subject")
    assert (embassy.language, embassy.subject) == ("fr", "Où sont-ils ?")
    campaign.wordings.filter(text="embassy").delete()
    assert drafts_of(kept)[1].subject == "Un second objet"


def test_a_variant_that_a_language_lacks_is_its_first() -> None:
    campaign = a_campaign()
    a_second_letter(campaign)
    campaign.wordings.filter(language="en", variant=2).delete()
    ministry = drafts_of(an_action(campaign, words=Words(), variant=2))[0]
    assert (ministry.language, ministry.subject) == ("en", "Where are they?")


def test_what_was_previewed_is_what_the_stored_action_becomes() -> None:
    campaign = a_campaign()
    words = Words(own="Ma sœur attend.", body="")
    action = an_action(campaign, person=AMINA, words=words)
    assert drafts_of(action) == drafts(campaign, words=words)


def test_drafting_asks_the_database_as_often_for_many_targets_as_for_one(
    django_assert_max_num_queries: object,
) -> None:
    campaign = Campaign.objects.select_related("organisation").get(pk=a_campaign().pk)
    with django_assert_max_num_queries(4):  # type: ignore[operator] # pytest-django's own
        drafts(campaign)
