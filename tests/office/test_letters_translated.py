"""Letters in a file and back: whichever texts there are, whatever they are called, what waits."""

import pytest
from django.test import Client

from tests.factories import a_campaign, a_campaign_page, a_draft
from tests.office.test_translations import everything, mark_of
from tests.office.translated import (
    a_copy,
    at,
    entries_of,
    file_of,
    told,
    translated,
)
from tocsin.campaigns.models import Campaign
from tocsin.campaigns.wordings import GENERAL, Taken, begin_text, copy_variant, remove_variant

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["embassy", "U.N. 2.", ".", 'ئەلچىخانا "1" \\ <b>', "All"])
def test_a_text_comes_back_with_its_fixed_part_whatever_it_is_called(
    client: Client, name: str
) -> None:
    campaign = a_draft()
    a_copy(client, a_campaign_page(campaign))
    if name != "embassy":
        begin_text(campaign, name)
    row = campaign.wordings.get(language="fr", text=name)
    row.fixed = "Copie : [nom de l’organisation]"
    row.save()
    copy_variant(campaign, text=name, variant=1)
    told(client, campaign, translated(file_of(client, campaign), everything))
    for variant in (1, 2):
        there = campaign.wordings.get(language="kk", text=name, variant=variant)
        assert there.fixed == "Қазақша Copie : [nom de l’organisation]"
        assert there.closing.startswith("Қазақша")
        assert not there.is_retired
    assert campaign.wordings.get(language="kk", text="").fixed == ""


def test_no_text_is_called_as_the_general_one_is_in_a_file() -> None:
    with pytest.raises(Taken):
        begin_text(a_draft(), GENERAL)


def test_a_letter_that_is_offered_to_nobody_is_not_translated(client: Client) -> None:
    campaign = a_campaign()
    a_copy(client, a_campaign_page(campaign))
    number = copy_variant(campaign, text="", variant=1)
    assert f"letter.all.{number}.body" in entries_of(file_of(client, campaign))
    remove_variant(campaign, text="", variant=number)
    assert f"letter.all.{number}.body" not in entries_of(file_of(client, campaign))


def subject_of(campaign: Campaign, words: str) -> None:
    """The original changes."""
    campaign.wordings.filter(language="fr", text="").update(subject=words)


def test_what_waits_is_not_taken_over_once_its_original_says_something_else(
    client: Client,
) -> None:
    campaign = a_campaign()
    a_copy(client, a_campaign_page(campaign))
    told(client, campaign, translated(file_of(client, campaign), everything))
    subject_of(campaign, "Combien sont-ils ?")
    client.post(at(campaign, "kk"), {"do": "take"})
    assert not campaign.wordings.filter(language="kk", text="").exists()
    assert campaign.wordings.filter(language="kk", text="embassy").exists()
    entry = entries_of(file_of(client, campaign))["letter.all.1.subject"]
    assert (entry.translation, entry.unsure) == ("Қазақша Où sont-ils ?", True)
    told(client, campaign, translated(file_of(client, campaign), everything))
    client.post(at(campaign, "kk"), {"do": "take"})
    there = campaign.wordings.get(language="kk", text="")
    assert there.subject == "Қазақша Combien sont-ils ?"


def test_what_waits_and_is_emptied_on_the_screen_is_not_used(client: Client) -> None:
    campaign = a_campaign()
    a_copy(client, a_campaign_page(campaign))
    told(client, campaign, translated(file_of(client, campaign), everything))
    url, start = at(campaign, "kk", "?part=letter"), "letter.all.1."
    shown = client.get(url).content.decode()
    places = [f"{start}{name}" for name in ("subject", "body", "closing")]
    form = {"do": "save", "place": places, f"text:{start}body": ""}
    form |= {f"text:{place}": "Сәлем" for place in places if not place.endswith("body")}
    form |= {f"mark:{place}": mark_of(shown, place) for place in places}
    client.post(url, form)
    assert not campaign.wordings.filter(language="kk", text="").exists()
