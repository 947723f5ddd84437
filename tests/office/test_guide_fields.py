"""Fields in the letter step: offered, checked, and never empty in a campaign that was opened."""

from typing import Any

import pytest

from tests.factories import a_campaign, a_campaign_page, a_draft
from tests.office.desk import chiara, text_of
from tests.office.test_guide import LETTER, at, fill
from tests.pages.reading import Answer
from tocsin.campaigns.models import Campaign
from tocsin.targets.models import Target

pytestmark = pytest.mark.django_db


def save(campaign: Campaign, **words: Any) -> Answer:
    """The English letter, saved with these words."""
    return fill(chiara(), at(campaign, "letter/en/"), **{**LETTER, **words})


def test_fields_are_offered_in_the_language_of_the_letter() -> None:
    campaign = a_draft()
    a_campaign_page(campaign)
    assert "[nom du destinataire]" in text_of(chiara().get(at(campaign, "letter/fr/")))
    assert "[name of the recipient]" in text_of(chiara().get(at(campaign, "letter/en/")))


def test_an_unknown_field_is_named_with_what_may_be_meant() -> None:
    campaign = a_draft()
    answer = save(campaign, body="Dear [name of recipient], listen.", subject="Where is [my sister")
    assert answer.status_code == 422
    shown = text_of(answer)
    assert "There is no field “[name of recipient]”. Did you mean “[name of the recipient]”?" in (
        shown
    )
    assert "A square bracket is not closed: “[my sister”." in shown
    assert "Dear [name of recipient], listen." in shown
    assert campaign.wordings.filter(body__contains="[").count() == 0


def test_a_field_that_would_be_empty_is_refused_once_the_campaign_was_opened() -> None:
    words = {"body": "[person in the post], [name of the recipient], listen."}
    draft, opened = a_draft(), a_campaign()
    assert save(draft, **words).status_code == 302
    answer = save(opened, **words)
    assert answer.status_code == 422
    shown = text_of(answer)
    assert "“[person in the post]” would be empty in the letter to: ministry, embassy FR." in shown
    assert "“[name of the recipient]” would be empty" not in shown
    Target.objects.update(holder="Minister Li")
    assert save(opened, **words).status_code == 302
