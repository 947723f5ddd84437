"""The mail that asks to confirm: what it says, in whose language, and what it does not say."""

from datetime import timedelta

import pytest

from tests.eml import link_in, text_of
from tests.factories import AMINA, NOW, a_campaign, an_action
from tests.mail import mail_to
from tocsin.actions.ask import ask_to_confirm, tell_already_taken
from tocsin.actions.models import Action
from tocsin.actions.release import confirm_action
from tocsin.campaigns.ways import LENT, SHIELDED
from tocsin.kit.seal import HEAD, head_of
from tocsin.outbox.models import Message, MessageContent

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "subject", "promise"),
    [
        ("fr", "Merci de confirmer votre lettre", "rien ne part en votre nom"),
        ("en", "Please confirm your letter", "nothing is sent in your name"),
    ],
)
def test_the_mail_speaks_the_language_of_the_page(
    language: str, subject: str, promise: str
) -> None:
    an_action(a_campaign(), language=language)
    mail = mail_to(AMINA)
    assert mail["Subject"] == subject
    assert promise in text_of(mail)
    assert mail["Content-Language"] == language
    assert link_in(mail).startswith(f"http://localhost/{language}/letter/confirm/")


def test_the_mail_is_sent_by_us_and_says_that_a_machine_wrote_it() -> None:
    an_action(a_campaign())
    mail = mail_to(AMINA)
    assert mail["From"] == "The Letter Table <confirm@letters.table.example>"
    assert mail["Reply-To"] == "The Letter Table <hello@table.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "List-Unsubscribe" not in mail


def test_text_and_html_carry_the_same_link_and_nothing_is_loaded() -> None:
    an_action(a_campaign())
    mail = mail_to(AMINA)
    html = mail.get_body(("html",))
    assert html is not None
    page = str(html.get_content())
    assert f'href="{link_in(mail)}"' in page
    assert "src=" not in page
    assert "url(" not in page


def test_the_mail_does_not_name_the_cause() -> None:
    """It may be read by somebody else, over a shoulder or on a taken phone."""
    an_action(a_campaign())
    mail = mail_to(AMINA)
    assert "ministry" not in (mail["Subject"] + text_of(mail)).lower()


def test_a_name_full_of_html_stays_text() -> None:
    person = type(AMINA)(given="<b>Amina</b>", family="&amp;", address=AMINA.address)
    an_action(a_campaign(), person=person)
    mail = mail_to(person)
    html = mail.get_body(("html",))
    assert html is not None
    assert "&lt;b&gt;Amina&lt;/b&gt; &amp;amp;" in str(html.get_content())
    assert "<b>Amina</b> &amp;" in text_of(mail)


def test_each_mail_belongs_to_its_action() -> None:
    an_action(a_campaign())
    assert Action.objects.get().confirmations.count() == 1


@pytest.mark.parametrize(("later", "hours"), [(0, 72), (14, 72), (40, 46), (86, 1)])
def test_the_mail_promises_no_more_hours_than_the_action_is_kept(later: int, hours: int) -> None:
    action = an_action(a_campaign(), language="en")
    Message.objects.all().delete()
    ask_to_confirm(action=action, person=AMINA, now=NOW + timedelta(hours=later))
    assert f"The link works for {hours} hours." in text_of(mail_to(AMINA))


def test_a_confirmation_sent_again_goes_with_the_day_on_which_the_person_wrote() -> None:
    action = an_action(a_campaign())
    ask_to_confirm(action=action, person=AMINA, now=NOW + timedelta(days=2))
    heads = {bytes(each.sealed)[:HEAD] for each in MessageContent.objects.all()}
    assert heads == {head_of(NOW.date())}


@pytest.mark.parametrize(
    ("way", "subject"),
    [
        (SHIELDED, "Votre lettre est déjà en route"),
        (LENT, "Votre voix est déjà comptée"),
    ],
)
def test_who_takes_part_again_is_told_what_is_true_of_their_way(way: str, subject: str) -> None:
    campaign = a_campaign(ways=(way,))
    action = an_action(campaign, way=way)
    confirm_action(action_id=action.pk, revision=action.revision)
    Message.objects.all().delete()
    tell_already_taken(action=action, address=AMINA.address, now=NOW)
    mail = mail_to(AMINA)
    assert mail["Subject"] == subject
    assert ("lettre" in text_of(mail)) == (way == SHIELDED)
