"""Texts, variants and rules in the office."""

import pytest

from tests.factories import a_campaign, a_campaign_page, a_draft, a_second_letter
from tests.office.desk import chiara, text_of
from tests.office.test_guide import LETTER, at, fill
from tocsin.campaigns.models import Campaign
from tocsin.campaigns.wording_rules import rules_of
from tocsin.office.rule_form import RuleForm

pytestmark = pytest.mark.django_db

WORDS = {name: LETTER[name] for name in ("subject", "opening", "body", "closing")}


def press(campaign: Campaign, do: str, **filled: object) -> str:
    """What the page says after that button."""
    url = at(campaign, "texts/")
    return text_of(chiara().post(url, {"do": do, **filled}, follow=True))


def test_the_letter_step_shows_every_variant_and_what_is_missing() -> None:
    campaign = a_draft()
    a_second_letter(campaign)
    campaign.wordings.filter(variant=2, language="fr").delete()
    a_campaign_page(campaign)
    shown = text_of(chiara().get(at(campaign, "letter/fr/")))
    assert "A second subject" in shown
    assert "missing" in shown
    assert "Text “embassy”" in shown
    page = chiara().get(at(campaign, "letter/fr/")).content.decode()
    assert at(campaign, "letter/fr/2/") in page
    assert at(campaign, "letter/en/1/embassy/") in page


def test_a_missing_one_is_written_and_another_text_is_changed_and_no_other() -> None:
    campaign = a_draft()
    a_second_letter(campaign)
    campaign.wordings.filter(variant=2, language="fr").delete()
    words = {**WORDS, "subject": "Le deuxième", "fixed": "Dites-le."}
    assert fill(chiara(), at(campaign, "letter/fr/2/"), **words).status_code == 302
    row = campaign.wordings.get(variant=2, language="fr")
    assert (row.subject, row.fixed, row.text) == ("Le deuxième", "Dites-le.", "")
    fill(chiara(), at(campaign, "letter/en/1/embassy/"), **{**WORDS, "subject": "A copy"})
    assert campaign.wordings.get(text="embassy", language="en").subject == "A copy"
    assert campaign.wordings.get(text="", language="en", variant=1).subject == "Where are they?"
    assert campaign.consents.count() == 8


@pytest.mark.parametrize(
    "place", ["letter/fr/0/", "letter/fr/3/", "letter/fr/99999999999/", "letter/fr/1/nobody/"]
)
def test_what_there_is_not_is_not_written(place: str) -> None:
    campaign = a_draft()
    assert chiara().get(at(campaign, place)).status_code == 404
    assert chiara().post(at(campaign, place), {**WORDS, "do": "save"}).status_code == 404


def test_a_letter_is_copied_removed_and_after_the_opening_only_retired() -> None:
    draft, opened = a_draft(), a_campaign()
    assert "Letter 2 is there" in press(draft, "copy", text="", variant=1)
    assert "It is removed." in press(draft, "remove", text="", variant=2)
    assert "it is needed: write another first" in press(draft, "remove", text="", variant=1)
    a_second_letter(opened)
    shown = press(opened, "remove", text="", variant=2)
    assert "It is offered to nobody any more" in shown
    assert "not offered any more" in shown
    press(opened, "again", text="", variant=2)
    assert not opened.wordings.filter(is_retired=True).exists()
    for variant in ("", "x", "99", "9" * 30):
        assert "Nothing was done." in press(draft, "copy", text="", variant=variant)


@pytest.mark.parametrize("name", ["", " ", "..", "a/b", "x" * 41, "a\0b", "embassy"])
def test_a_text_without_a_fit_name_is_not_begun(name: str) -> None:
    campaign = a_draft()
    press(campaign, "begin", name=name)
    assert campaign.wordings.count() == 4


def test_rules_are_added_moved_and_removed_and_say_whom_they_reach() -> None:
    campaign = a_draft()
    press(campaign, "begin", name="À Paris ?")
    shown = press(campaign, "rule", kind="", country="", seat="FR", target="", text="À Paris ?")
    assert "sits in: France → À Paris ?" in shown
    assert "At present nobody is such." in shown
    second = rules_of(campaign)[1].pk
    shown = press(campaign, "up", row=second)
    assert [each.text for each in rules_of(campaign)] == ["À Paris ?", "embassy"]
    assert "The general text goes to: ministry" in shown
    assert "Say for whom" in press(campaign, "rule", kind="", text="embassy")
    press(campaign, "unrule", row=second)
    assert [each.text for each in rules_of(campaign)] == ["embassy"]
    assert "never decides" in press(campaign, "rule", kind="embassy", seat="FR", text="")
    page = chiara().get(at(campaign, "letter/fr/1/%C3%80%20Paris%20%3F/"))
    assert page.status_code == 200


def test_a_rule_takes_only_what_the_campaign_has() -> None:
    campaign, other = a_draft(), a_draft()
    foreign = other.campaign_targets.get(position=1).target
    form = RuleForm(
        {"target": foreign.pk, "seat": "DE", "text": "nothing"}, campaign=campaign, texts=[""]
    )
    assert set(form.errors) == {"target", "seat", "text"}
    press(campaign, "unrule", row=rules_of(other)[0].pk)
    press(campaign, "up", row="x")
    assert len(rules_of(other)) == len(rules_of(campaign)) == 1


def test_no_rule_of_an_opened_campaign_leaves_a_field_empty() -> None:
    campaign = a_campaign()
    press(campaign, "begin", name="by name")
    campaign.wordings.filter(text="by name").update(opening="Dear [person in the post],")
    shown = press(campaign, "rule", seat="FR", text="by name")
    assert "At present nobody is such." in shown
    shown = press(campaign, "up", row=rules_of(campaign)[1].pk)
    assert "Nothing was changed: a letter would have an empty field." in shown
    assert "It is saved." not in shown
    assert [each.text for each in rules_of(campaign)] == ["embassy", "by name"]


def test_that_the_letter_stays_as_it_is_is_said_here() -> None:
    campaign = a_draft()
    press(campaign, "fix", fixed="on")
    assert Campaign.objects.get().letter_is_fixed
    press(campaign, "fix")
    assert not Campaign.objects.get().letter_is_fixed
