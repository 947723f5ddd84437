"""The first page of the mail desk: figures, incidents, and the part that is fetched again."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.office.desk import Outbox, a_clerk, text_of
from tests.outbox.mails import a_message
from tests.outbox.situations import a_message_that_is
from tocsin.office.mail_desk import lasting
from tocsin.outbox.alarm import KINDS, raise_incident
from tocsin.outbox.destinations import Mailbox, MailDomain
from tocsin.outbox.models import Message
from tocsin.outbox.routes import Route, SendingDomain
from tocsin.outbox.watch import Incident

pytestmark = pytest.mark.django_db

DESK = "/office/mail/"


def test_an_empty_outbox_says_that_nothing_waits(client: Client) -> None:
    text = text_of(client.get(DESK))
    assert "Nothing waits." in text
    assert "mail-incidents" not in client.get(DESK).content.decode()
    assert "<progress" not in client.get(DESK).content.decode()


def test_it_shows_where_everything_is_and_what_stands_in_the_way(
    client: Client, outbox: Outbox
) -> None:
    for state in ("ready", "sent", "failed", "in_doubt"):
        a_message_that_is(state, to="fine@other.example")
    MailDomain.objects.filter(name="other.example").update(slow=4, words="slow down")
    Route.objects.update(open_until=timezone.now() + timedelta(hours=1), words="421 busy")
    SendingDomain.objects.update(daily_cap=50)
    text = text_of(client.get(DESK))
    for words in (
        "letter 1 0 0 1 1",
        "the mailbox does not exist : 1",
        "letters: left alone after faults until",
        "421 busy",
        "gone@mfa.example does not exist: its letters are held 1 550 5.1.1 user gone unknown",
        "other.example 1 300 4 times slower for now slow down",
        "letters.lumiere.example: exists nowhere: it sends on this machine only; 0 of 50 today",
        "1 message waits.",
        "At least 0 minutes, at most",
    ):
        assert words in text, words


@pytest.mark.parametrize("kind", KINDS)
def test_an_incident_says_what_to_do_and_can_be_closed(client: Client, kind: str) -> None:
    raise_incident(kind, about="x.example", words="554 <no>", now=timezone.now())
    text = text_of(client.get(DESK))
    assert KINDS[kind] in text
    assert "554 &lt;no&gt;" in text
    incident = Incident.objects.get()
    answer = client.post(f"{DESK}incidents/{incident.pk}/", follow=True)
    assert "The incident is closed." in text_of(answer)
    assert Incident.objects.get().closed
    again = client.post(f"{DESK}incidents/{incident.pk}/", follow=True)
    assert "It has changed meanwhile." in text_of(again)


def test_who_may_not_close_incidents_sees_them_without_a_button(outbox: Outbox) -> None:
    page = a_clerk("view_incident").get(DESK).content.decode()
    assert KINDS["mailbox_invalid"] in page
    assert f"incidents/{outbox.incident.pk}/" not in page


def test_the_part_that_is_fetched_again_is_a_part_and_no_page(client: Client) -> None:
    a_message()
    page = client.get(f"{DESK}now/").content.decode()
    assert "<html" not in page
    assert "1 message waits." in page


def test_progress_grows_from_look_to_look(client: Client) -> None:
    letters = [a_message(recipient=f"a{each}@mfa.example") for each in range(4)]
    page = client.get(DESK).content.decode()
    assert '<progress id="mail-progress" max="4" value="0">' in page
    again = page.split('data-mail-again="')[1].split('"')[0].replace("&amp;", "&")
    Message.objects.filter(pk__in=[letters[0].pk, letters[1].pk]).update(state="cancelled")
    page = client.get(again).content.decode()
    assert '<progress id="mail-progress" max="4" value="2">' in page
    assert again in page.replace("&amp;", "&")


def test_without_a_script_one_looks_again_by_a_link(client: Client) -> None:
    a_message()
    page = client.get(DESK).content.decode()
    link = page.split('<a href="/office/mail/?')[1].split('"')[0].replace("&amp;", "&")
    assert client.get(f"{DESK}?{link}").status_code == 200


@pytest.mark.parametrize("most", ["-1", "1e9", "%00", "9" * 40, "٣", "", "<b>"])
def test_nonsense_about_an_earlier_look_is_nothing(client: Client, most: str) -> None:
    a_message()
    for place in (DESK, f"{DESK}now/"):
        answer = client.get(f"{place}?most={most}&began={most}")
        assert 'max="1" value="0"' in answer.content.decode()


def test_long_tables_show_those_that_most_waits_for(client: Client) -> None:
    domain = MailDomain.objects.create(name="mfa.example")
    Mailbox.objects.bulk_create(
        Mailbox(address=f"a{each:02}@mfa.example", domain=domain, state="invalid")
        for each in range(30)
    )
    a_message(recipient="a29@mfa.example")
    text = text_of(client.get(DESK))
    assert text.index("a29@mfa.example") < text.index("a00@mfa.example")
    assert "a28@mfa.example" not in text


def test_the_menu_leads_there(client: Client) -> None:
    assert "/office/mail/" in client.get("/office/").content.decode()


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "0 minutes"), (0.1, "1 minute"), (119, "119 minutes"), (121, "3 hours"), (4000, "3 days")],
)
def test_a_length_of_time_is_said_in_words(minutes: float, words: str) -> None:
    assert lasting(timedelta(minutes=minutes)) == words


def test_every_table_has_a_caption_and_every_field_a_label(client: Client, outbox: Outbox) -> None:
    for url in outbox.pages():
        main = client.get(url).content.decode().split("<main")[-1]
        assert main.count("<table") == main.count("<caption"), url
        ids = re.findall(r'<(?:input|select)[^>]* id="([^"]+)"', main)
        assert [each for each in ids if f'<label for="{each}"' not in main] == [], url
        assert len(re.findall(r' id="([^"]+)"', main)) == len(
            set(re.findall(r' id="([^"]+)"', main))
        ), url
