"""What is said to who took part, in each way: by mail, at the button, and in their own data."""

import pytest
from django.test import Client
from django.utils import timezone

from tests.eml import link_in, text_of
from tests.factories import AMINA, a_campaign, a_campaign_page, an_action, take
from tests.mail import mails_to
from tests.pages.filling import FORM
from tests.pages.reading import Sheet
from tocsin.actions.models import Action
from tocsin.actions.release import confirm_action
from tocsin.campaigns.ways import LENT, OPEN, SHIELDED
from tocsin.kit.addresses import Address
from tocsin.letters.write import write_due
from tocsin.privacy.disclose import disclose
from tocsin.privacy.rights import Corrected, correct_name
from tocsin.supporters.person import Person

pytestmark = pytest.mark.django_db

HERS: Address = AMINA.address
NAMELESS = Person(given="", family="", address=HERS)
ALL = (OPEN, SHIELDED, LENT)


def takes_part(way: str) -> Action:
    campaign = a_campaign(ways=ALL)
    a_campaign_page(campaign, language="en")
    person = AMINA if way == OPEN else NAMELESS
    return an_action(campaign, person=person, way=way, language="en", now=timezone.now())


@pytest.mark.parametrize(
    ("way", "said"),
    [
        (SHIELDED, "it does not bear your name"),
        (LENT, "you lend The Letter Table your voice"),
        (OPEN, "Hello Amina Yusuf,"),
    ],
)
def test_the_mail_says_the_way_and_names_no_cause(way: str, said: str) -> None:
    takes_part(way)
    [mail] = mails_to(HERS.text)
    assert said in " ".join(text_of(mail).split())
    assert "Where are they" not in mail.as_string()
    assert "Hello ," not in text_of(mail)


@pytest.mark.parametrize(
    ("way", "before", "after"),
    [
        (OPEN, "are sent in your name", "Your letter is on its way."),
        (
            SHIELDED,
            "are sent without your name",
            "waits up to six hours, then takes its turn.",
        ),
        (LENT, "your voice is counted", "Your voice counts."),
    ],
)
def test_at_the_button_and_after_it_stands_what_happens(way: str, before: str, after: str) -> None:
    takes_part(way)
    [mail] = mails_to(HERS.text)
    client = Client()
    path = "/" + link_in(mail).split("/", 3)[3]
    shown = Sheet(client.get(path))
    assert before in shown.text()
    assert ("A supporter in France" in shown.text()) == (way == SHIELDED)
    thanks = client.post(path, "revision=1", content_type=FORM, follow=True)
    assert after in Sheet(thanks).text()
    assert ("Nothing about you leaves" in Sheet(thanks).text()) == (way == LENT)


@pytest.mark.parametrize("way", ALL)
def test_what_is_kept_tells_the_way_and_no_name_can_be_added_to_a_nameless_letter(way: str) -> None:
    action = takes_part(way)
    [kept] = disclose(address=HERS).actions
    assert (kept.way, kept.can_be_corrected) == (way, way == OPEN)
    corrected = correct_name(action_id=action.pk, address=HERS, given="Amina", family="")
    assert corrected == (Corrected.DONE if way == OPEN else Corrected.TOO_LATE)


@pytest.mark.parametrize("way", ALL)
def test_the_letters_of_a_way_are_as_many_as_it_has(way: str) -> None:
    action = takes_part(way)
    confirm_action(action_id=action.pk, revision=1)
    write_due(now=timezone.now())
    assert action.letters.count() == (0 if way == LENT else 2)


@pytest.mark.parametrize(("newer", "is_told"), [(OPEN, True), (SHIELDED, False), (LENT, False)])
def test_a_newest_version_that_is_sent_openly_is_pointed_out(newer: str, *, is_told: bool) -> None:
    """Somebody else may have written it, who knows her address."""
    campaign = takes_part(SHIELDED).campaign
    [mail] = mails_to(HERS.text)
    take(campaign, language="en", now=timezone.now(), way=newer)
    page = Client().get(link_in(mail)).content.decode()
    assert "written anew after that mail" in page
    assert ("This newest version is sent openly" in page) == is_told
