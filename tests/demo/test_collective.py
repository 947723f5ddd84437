"""The example's collective letter: what it asks, and that whoever looks at the demo sees one."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.demo.example import LANGUAGES, WORDS, wording
from tests.eml import text_of
from tests.mail import mail_of
from tests.outcomes.lent import lend, letters, written
from tests.readers.cast import let_read
from tocsin.campaigns.collective import CollectiveSchedule
from tocsin.demo.sample import load_example
from tocsin.outcomes.audit import audit


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_collective_letter_asks_what_the_model_letter_asks(language: str) -> None:
    def asked(body: str) -> list[str]:
        return re.findall(r"^\d\. .*$", body, re.MULTILINE)

    collective = WORDS[language]["collective"]["body"]
    assert asked(collective) == asked(wording(language, "")["body"])
    assert len(asked(collective)) == 6


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_number_stands_where_it_fits_every_number(language: str) -> None:
    body = WORDS[language]["collective"]["body"]
    assert re.findall(r"^.*\{voices\}.*$", body, re.MULTILINE) == re.findall(
        r"^Nombre de .*\xa0: \{voices\}$|^Number of .*: \{voices\}$", body, re.MULTILINE
    )
    assert body.count("{voices}") == 1


@pytest.mark.django_db
def test_a_voice_lent_to_the_example_is_in_a_letter_two_minutes_later() -> None:
    campaign = load_example()
    let_read(campaign.organisation.slug)
    assert CollectiveSchedule.objects.get().campaign == campaign
    now = timezone.now()
    lend(campaign, "gulnar", now=now)
    assert written(campaign, now=now) == []
    assert written(campaign, now=now + timedelta(minutes=2)) == [1]
    found = letters(campaign)
    assert len(found) == 7
    texts = {each.language: text_of(mail_of(each.message)) for each in found}
    assert "Nombre de personnes qui nous ont prêté leur voix à ce jour\u00a0: 1\n" in texts["fr"]
    assert "Number of people who have lent us their voice so far: 1\n" in texts["en"]
    assert all("\n\nLa Table aux lettres\n\n" in text for text in texts.values())
    assert audit().holds
