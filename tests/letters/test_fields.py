"""Fields in letters: filled in wherever one is rendered, and never sent empty."""

import pytest

from tests.factories import AMINA, NOW, a_campaign, an_action
from tocsin.actions.words import Words
from tocsin.campaigns.checklist import letters_mark, points_of
from tocsin.campaigns.models import Campaign, Wording
from tocsin.letters.draft import Draft, draft_letters, drafts_of
from tocsin.letters.models import Letter
from tocsin.letters.own import own_letters
from tocsin.letters.write import write_due
from tocsin.outbox.watch import Incident
from tocsin.targets.models import Target, TargetName

pytestmark = pytest.mark.django_db

BODY = "To [name of the recipient] of [country of the recipient], from [my country]."


def a_campaign_with_fields(body: str = BODY) -> Campaign:
    """Both letters in English."""
    campaign = a_campaign()
    campaign.wordings.filter(language="fr").delete()
    campaign.wordings.update(
        subject="For [name of the recipient]", opening="By [name of the organisation].", body=body
    )
    return campaign


def drafts(campaign: Campaign, *, body: str = "", way: str = "open", own: str = "") -> list[Draft]:
    return draft_letters(
        campaign=campaign,
        language="en",
        country="NL",
        given="Amina",
        family="Yusuf",
        words=Words(own=own, body=body),
        way=way,
    )


def test_fields_are_filled_in_for_each_target() -> None:
    [letter] = drafts(a_campaign_with_fields())
    assert letter.subject == "For ministry"
    assert "By The Letter Table.\n\nTo ministry of China, from the Netherlands." in letter.text
    assert letter.gaps == ()


def test_shielded_a_field_tells_nothing_but_the_country() -> None:
    [letter] = drafts(a_campaign_with_fields(), way="shielded", own="It matters.")
    assert "from the Netherlands." in letter.text
    assert not {"Amina", "Yusuf"} & set(letter.text.split())


def test_what_somebody_changed_keeps_its_fields_and_gets_no_others() -> None:
    campaign = a_campaign_with_fields()
    Target.objects.update(holder="Minister Li")
    body = "[name of the recipient], [person in the post], [my sister], {x}: listen."
    [letter] = drafts(campaign, body=body, own="[my country]")
    assert "\n\n[my country]\n\nministry, [person in the post], [my sister], {x}: listen.\n" in (
        letter.text
    )
    assert letter.gaps == ()
    campaign.wordings.update(body="[person in the post], listen.")
    assert "[name of the recipient], Minister Li" in drafts(campaign, body=body)[0].text


def test_a_field_of_a_text_for_some_is_not_filled_into_what_others_changed() -> None:
    campaign = a_campaign_with_fields()
    campaign.wordings.filter(text="embassy").update(body="[person in the post], listen.")
    [letter] = drafts(campaign, body="[person in the post]!")
    assert "\n\n[person in the post]!\n" in letter.text
    assert letter.gaps == ()


def test_a_name_of_a_target_injects_nothing() -> None:
    campaign = a_campaign_with_fields()
    TargetName.objects.update(name="[my country]\nBcc: all@state.example")
    [letter] = drafts(campaign)
    assert letter.subject == "For [my country] Bcc: all@state.example"


def test_for_ones_own_mail_program_they_are_filled_in_too() -> None:
    campaign = a_campaign_with_fields()
    campaign.campaign_targets.get(position=0).target.addresses.update(is_public=True)

    def letter(country: str) -> tuple[str, str, str]:
        [only] = own_letters(
            campaign=campaign,
            language="en",
            country=country,
            words=Words(),
            address="https://table.example/",
            named=True,
        )
        return only.text, only.sheet, only.mailto

    text, sheet, mailto = letter("NL")
    assert "To ministry of China, from the Netherlands." in text
    assert "To ministry of China" in sheet
    assert "subject=For%20ministry&" in mailto
    assert "from%20the%20Netherlands" in mailto
    assert "from [my country]." in letter("")[0]


def test_what_would_be_empty_keeps_a_campaign_from_opening_and_a_letter_from_leaving() -> None:
    campaign = a_campaign_with_fields("Dear [person in the post], listen.")
    action = an_action(campaign, person=AMINA, language="en", country="SN")
    point = next(p for p in points_of(campaign, now=NOW) if p.name == "fields")
    assert not point.done
    assert any(each.endswith(": [person in the post]") for each in point.lacks)
    assert drafts_of(action)[0].gaps == ("holder",)
    type(action).objects.update(state="released")
    assert write_due(now=NOW) == 0
    assert write_due(now=NOW) == 0
    incident = Incident.objects.get()
    assert (incident.kind, incident.about, incident.times) == ("field", campaign.slug, 2)
    assert "[person in the post]" in incident.words
    mark = letters_mark(campaign)
    Target.objects.update(holder="Minister Li")
    assert letters_mark(campaign) != mark
    assert next(p for p in points_of(campaign, now=NOW) if p.name == "fields").done
    assert write_due(now=NOW) == 1
    assert Letter.objects.count() == 1


def test_what_people_change_has_to_have_fields_that_are_known_of_everybody() -> None:
    campaign = a_campaign_with_fields("[person in the post], listen.")
    campaign.wordings.filter(text="embassy").update(body="Listen.")
    Target.objects.filter(kind="ministry").update(holder="Minister Li")

    def lacks() -> tuple[str, ...]:
        return next(p for p in points_of(campaign, now=NOW) if p.name == "fields").lacks

    [embassy] = lacks()
    assert embassy.endswith(": [personne en poste]")
    campaign.letter_is_fixed = True
    assert lacks() == ()


def test_who_takes_an_empty_field_out_of_their_letter_is_not_kept_waiting() -> None:
    campaign = a_campaign_with_fields("Dear [person in the post], listen.")
    assert drafts(campaign, body="Dear all, listen.")[0].gaps == ()
    assert drafts(campaign, body="[person in the post]!")[0].gaps == ("holder",)
    Wording.objects.update(body="Listen.")
    assert drafts(campaign, body="[person in the post]!")[0].gaps == ()
