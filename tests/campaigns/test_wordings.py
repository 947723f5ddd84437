"""Texts, their variants, and the rules by which a target gets one of them."""

import pytest
from django.db import IntegrityError, transaction

from tests.factories import NOW, a_campaign, a_draft, a_second_letter, a_target
from tests.outbox.test_upgrade import Version, scratch
from tocsin.actions.words import Words
from tocsin.campaigns.checklist import points_of
from tocsin.campaigns.copying import begin_campaign
from tocsin.campaigns.models import Campaign, CampaignTarget
from tocsin.campaigns.wording_rules import (
    WordingRule,
    add_rule,
    move_rule,
    never_reached,
    remove_rule,
    rules_of,
    text_for,
)
from tocsin.campaigns.wordings import (
    LastOne,
    Taken,
    begin_text,
    copy_variant,
    keep_wording,
    offer_again,
    remove_variant,
)
from tocsin.letters.draft import draft_letters, known_letters
from tocsin.letters.merge import merge_targets
from tocsin.targets.models import Target

__all__ = ["scratch"]

needs_database = pytest.mark.django_db


def words(campaign: Campaign, text: str = "") -> dict[str, list[int]]:
    """The variants of a text that are offered, by language."""
    found: dict[str, list[int]] = {}
    rows = campaign.wordings.filter(text=text, is_retired=False).order_by("variant")
    for row in rows:
        found.setdefault(row.language, []).append(row.variant)
    return found


def subjects(campaign: Campaign, *, variant: int = 1) -> list[str]:
    """Of the letters that somebody in France sends."""
    drafts = draft_letters(
        campaign=campaign,
        language="fr",
        country="FR",
        given="Amina",
        family="",
        words=Words(),
        variant=variant,
    )
    return [draft.subject for draft in drafts]


@needs_database
def test_the_first_rule_that_fits_decides_and_else_the_general_text() -> None:
    campaign = a_campaign()
    ministry, embassy = (row.target for row in campaign.campaign_targets.order_by("position"))
    remove_rule(campaign, rules_of(campaign)[0].pk)
    assert text_for(embassy, rules_of(campaign)) == ""
    add_rule(campaign, country="CN", seat="DE", text="of Germany")
    add_rule(campaign, target=embassy, text="this one")
    add_rule(campaign, kind="embassy", country="CN", text="embassies")
    add_rule(campaign, country="CN", text="all")
    rules = rules_of(campaign)
    assert [text_for(each, rules) for each in (ministry, embassy)] == ["all", "this one"]
    german = Target(kind="embassy", country="CN", seat="DE")
    assert text_for(german, rules) == "of Germany"
    assert text_for(Target(kind="company", country="FR"), rules) == ""
    move_rule(campaign, rules[3].pk, by=-1)
    move_rule(campaign, rules[3].pk, by=-1)
    assert text_for(embassy, rules_of(campaign)) == "all"


@needs_database
def test_a_rule_moved_past_an_end_or_gone_changes_nothing() -> None:
    campaign = a_campaign()
    add_rule(campaign, seat="FR", text="x")
    before = [rule.pk for rule in rules_of(campaign)]
    move_rule(campaign, before[0], by=-1)
    move_rule(campaign, before[1], by=1)
    move_rule(campaign, 0, by=1)
    move_rule(a_campaign(), before[0], by=1)
    remove_rule(a_campaign(), before[0])
    assert [rule.pk for rule in rules_of(campaign)] == before


@needs_database
def test_a_rule_that_asks_nothing_is_refused_by_the_database() -> None:
    campaign = a_campaign()
    with pytest.raises(IntegrityError), transaction.atomic():
        add_rule(campaign, text="everybody")


def rule(**asked: str) -> WordingRule:
    return WordingRule(text="x", **asked)


@pytest.mark.parametrize(
    ("rules", "dead"),
    [
        ([], []),
        ([rule(kind="embassy"), rule(seat="FR")], []),
        ([rule(kind="embassy"), rule(kind="embassy", seat="FR")], [1]),
        ([rule(kind="embassy", seat="FR"), rule(kind="embassy")], []),
        ([rule(seat="FR"), rule(seat="FR")], [1]),
    ],
)
def test_a_rule_behind_a_wider_one_is_never_reached(
    rules: list[WordingRule], dead: list[int]
) -> None:
    assert [rules.index(each) for each in never_reached(rules)] == dead


@needs_database
def test_a_rule_for_one_target_that_an_earlier_one_takes_is_never_reached() -> None:
    campaign, embassy = a_campaign(), a_target(kind="embassy", seat="DE")
    alone = add_rule(campaign, target=embassy, text="x")
    nobody = add_rule(campaign, target=embassy, kind="company", text="x")
    assert never_reached(rules_of(campaign)) == [alone, nobody]
    move_rule(campaign, alone.pk, by=-1)
    assert never_reached(rules_of(campaign)) == [nobody]


@needs_database
def test_the_checklist_says_which_rule_is_dead_and_which_text_is_missing_where() -> None:
    campaign = a_draft()

    def point() -> tuple[bool, tuple[str, ...]]:
        found = next(each for each in points_of(campaign, now=NOW) if each.name == "rules")
        return found.done, found.lacks

    assert point() == (True, ())
    campaign.wordings.filter(text="embassy", language="en").delete()
    assert point() == (False, ("embassy: en",))
    assert "Where are they?" in subjects(campaign)
    add_rule(campaign, kind="embassy", seat="FR", text="")
    assert point() == (False, ("embassy FR → ", "embassy: en"))


@needs_database
def test_a_variant_is_copied_and_removed_in_every_language() -> None:
    campaign = a_draft()
    assert copy_variant(campaign, text="", variant=1) == 2
    assert words(campaign) == {"en": [1, 2], "fr": [1, 2]}
    assert remove_variant(campaign, text="", variant=1) is True
    assert words(campaign) == {"en": [2], "fr": [2]}
    assert words(campaign, "embassy") == {"en": [1], "fr": [1]}
    for text, variant in (("", 2), ("embassy", 1)):
        with pytest.raises(LastOne):
            remove_variant(campaign, text=text, variant=variant)
    assert subjects(campaign, variant=1) == ["Where are they?", "Où sont-ils ?"]


@needs_database
def test_the_only_one_in_a_language_is_kept_and_a_text_of_no_rule_goes() -> None:
    campaign = a_draft()
    a_second_letter(campaign)
    campaign.wordings.filter(text="", variant=2, language="fr").delete()
    with pytest.raises(LastOne):
        remove_variant(campaign, text="", variant=1)
    remove_rule(campaign, rules_of(campaign)[0].pk)
    assert remove_variant(campaign, text="embassy", variant=1) is True
    assert words(campaign, "embassy") == {}


@needs_database
def test_once_it_was_opened_a_variant_is_retired_and_its_letters_keep_their_words() -> None:
    campaign = a_campaign()
    a_second_letter(campaign)
    assert remove_variant(campaign, text="", variant=2) is False
    found = known_letters(campaign, "en")
    assert [(each.variant, each.is_retired) for each in found] == [(1, False), (2, True)]
    assert subjects(campaign, variant=2)[0] == "A second subject"
    with pytest.raises(LastOne):
        remove_variant(campaign, text="", variant=1)
    keep_wording(
        campaign,
        language="de",
        text="",
        variant=2,
        words={"subject": "Wo?", "body": "Wo?", "closing": "."},
    )
    assert not campaign.wordings.filter(language="de", is_retired=False).exists()
    copy = begin_campaign(organisation=campaign.organisation, slug="copy", model=campaign)
    assert words(copy) == {"en": [1], "fr": [1]}
    assert not copy.wordings.filter(variant=2).exists()
    offer_again(campaign, text="", variant=2)
    assert words(campaign) == {"de": [2], "en": [1, 2], "fr": [1, 2]}


@needs_database
def test_a_retired_one_of_a_named_text_goes_with_a_retired_letter_alone() -> None:
    campaign = a_campaign()
    a_second_letter(campaign)
    copy_variant(campaign, text="embassy", variant=1)
    campaign.wordings.filter(text="embassy", variant=2).update(subject="Retracté")
    assert subjects(campaign, variant=2) == ["A second subject", "Retracté"]
    remove_variant(campaign, text="embassy", variant=2)
    assert subjects(campaign, variant=2) == ["A second subject", "Où sont-ils ?"]
    remove_variant(campaign, text="", variant=2)
    assert subjects(campaign, variant=2) == ["A second subject", "Retracté"]
    campaign.wordings.filter(text="embassy").update(is_retired=True)
    assert subjects(campaign)[1] == "Où sont-ils ?"


@needs_database
def test_a_text_of_its_own_begins_as_the_general_one_and_under_one_name_once() -> None:
    campaign = a_draft()
    begin_text(campaign, "members")
    assert words(campaign, "members") == {"en": [1], "fr": [1]}
    for name in ("members", ""):
        with pytest.raises(Taken):
            begin_text(campaign, name)


@needs_database
def test_a_copy_has_the_rules_and_a_merged_target_keeps_its_own() -> None:
    campaign = a_campaign()
    kept, gone = a_target(), a_target()
    CampaignTarget.objects.create(campaign=campaign, target=gone)
    add_rule(campaign, target=gone, text="embassy")
    campaign.letter_is_fixed = True
    campaign.save()
    copy = begin_campaign(organisation=campaign.organisation, slug="copy", model=campaign)
    assert copy.letter_is_fixed
    assert [str(each) for each in rules_of(copy)] == [str(each) for each in rules_of(campaign)]
    merge_targets(kept=kept, gone=gone, today=NOW.date())
    assert [each.target for each in rules_of(copy)] == [None, kept]
    assert text_for(kept, rules_of(campaign)) == "embassy"


@pytest.mark.django_db(transaction=True, available_apps=["tocsin"])
def test_the_wording_of_a_kind_becomes_a_text_and_a_rule_of_the_same_meaning(
    scratch: None,
) -> None:
    old = Version("0030_fields")
    organisation = old.make("Organisation", slug="a", name="A", mail_domain="letters.a.example")
    mailing = old.make("Mailing", name="a")
    campaign = old.make("Campaign", organisation=organisation, slug="a", goal=10, mailing=mailing)
    for kind, language in (("", "fr"), ("parliament", "fr"), ("embassy", "en"), ("embassy", "fr")):
        old.make(
            "Wording", campaign=campaign, kind=kind, language=language, subject=f"{kind} {language}"
        )
    new = Version("0031_wording")
    rules = new.rows("WordingRule").order_by("position").values_list("position", "kind", "text")
    assert list(rules) == [(1, "embassy", "embassy"), (2, "parliament", "parliament")]
    found = new.rows("Wording").values_list("text", "subject")
    assert all(subject.startswith(f"{text} ") for text, subject in found)
    new.make("Wording", campaign_id=campaign.pk, text="members of the committee", language="fr")
    back = Version("0030_fields")
    assert back.rows("Wording").count() == 4
    assert set(back.rows("Wording").values_list("kind", flat=True)) == {"", "parliament", "embassy"}
