"""The letter to anybody in the office: word for word what would go, and salutations to look at."""

import pytest

from tests.factories import a_campaign, a_campaign_page, a_draft, a_second_letter, an_action
from tests.office.desk import chiara, text_of
from tests.office.test_guide import at
from tocsin.actions.words import Words
from tocsin.campaigns.models import Campaign
from tocsin.campaigns.ways import OPEN, SHIELDED
from tocsin.campaigns.wordings import remove_variant
from tocsin.kit.addresses import read_address
from tocsin.letters.draft import drafts_of
from tocsin.supporters.person import Person
from tocsin.targets.models import TargetName

pytestmark = pytest.mark.django_db


def ask(campaign: Campaign, **asked: str | int) -> str:
    """What the page shows, its white space as it is."""
    return chiara().get(at(campaign, "preview/"), asked).content.decode()


@pytest.mark.parametrize("way", [OPEN, SHIELDED])
def test_what_is_shown_is_what_a_supporter_would_send(way: str) -> None:
    campaign = a_campaign(ways=(OPEN, SHIELDED))
    a_second_letter(campaign)
    campaign.wordings.update(opening="To [name of the recipient], from [my country].")
    person = Person(
        given="Given names", family="Family name", address=read_address("somebody@mail.example")
    )
    action = an_action(
        campaign, person=person, words=Words(), language="en", country="FR", way=way, variant=2
    )
    for draft in drafts_of(action):
        shown = ask(
            campaign, target=draft.target.pk, country="FR", language="en", way=way, variant=2
        )
        assert draft.text.rstrip() in shown.replace("&#x27;", "'")
        assert f'<dd lang="{draft.language}" dir="auto">{draft.subject}</dd>' in shown
        assert draft.sender_name in shown


def test_without_a_letter_it_says_why() -> None:
    campaign = a_draft()
    embassy = campaign.campaign_targets.get(position=1).target
    assert "Excellence," in ask(campaign, target=embassy.pk)
    assert "From this country nobody writes" in ask(campaign, target=embassy.pk, country="SN")
    for asked in ({"target": "0"}, {"variant": "7"}, {"way": "lent"}, {"country": "\0"}):
        assert "this is not on offer any more" in ask(campaign, **asked)
    campaign.wordings.all().delete()
    assert "There is no letter yet." in ask(campaign, target=embassy.pk, language="fr") or (
        "not on offer" in ask(campaign, target=embassy.pk)
    )
    TargetName.objects.all().delete()
    a_campaign_page(campaign)
    assert "has no name" in ask(campaign, target=embassy.pk)
    campaign.campaign_targets.all().delete()
    assert chiara().get(at(campaign, "preview/")).status_code == 200


def test_a_letter_that_is_offered_is_the_first_to_be_tried() -> None:
    campaign = a_campaign()
    a_second_letter(campaign)
    remove_variant(campaign, text="", variant=1)
    ministry = campaign.campaign_targets.get(position=0).target
    assert "A second subject" in ask(campaign, target=ministry.pk)


def test_salutations_that_are_missing_or_look_misspelt_are_listed() -> None:
    campaign = a_draft()
    assert "none looks misspelt" in text_of(chiara().get(at(campaign, "preview/")))
    ministry = campaign.campaign_targets.get(position=0).target
    ministry.names.filter(language="fr").delete()
    embassy = campaign.campaign_targets.get(position=1).target
    embassy.holder = "Li Weiming"
    embassy.save()
    embassy.names.filter(language="en").update(salutation="Dear  Mr Weimin")
    shown = text_of(chiara().get(at(campaign, "preview/")))
    for words in (
        "There is none in this language",
        "A space too many",
        "No comma or other mark at its end",
        "It spells the name otherwise",
    ):
        assert words in shown
