"""Whatever the other side answers, the outbox names no supporter, nor where he has his mail."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection, models

from tests.outbox.mails import CONFIRMATION, NOON, Deliver, state_of
from tests.post_office import HABITS, POLITE, Habit, PostOffice
from tocsin.outbox.destinations import Mailbox, MailDomain
from tocsin.outbox.hold import suppress
from tocsin.outbox.models import Attempt, Message
from tocsin.outbox.pace import PROVIDERS
from tocsin.outbox.park import park_due
from tocsin.outbox.post import post_message
from tocsin.outbox.take_back import take_back_due
from tocsin.outbox.watch import Incident

pytestmark = pytest.mark.django_db

HER = "wafa.osman@osman-family.example"
TELLING = ("wafa", "osman", "osman-family", HER)
HIS = "wafa.osman@gmail.com"

SPOKEN = {
    "quotes the address in brackets": Habit(rcpt=b"550 5.1.1 <{to}>: no such user\r\n"),
    "quotes it bare": Habit(rcpt=b"550 5.1.1 {to} does not exist\r\n"),
    "quotes the local part": Habit(rcpt=b"550 user {local} unknown\r\n"),
    "cannot find the house": Habit(rcpt=b"554 5.4.4 {to}: Host not found\r\n"),
    "is overrun by one": Habit(rcpt=b"450 4.7.1 <{to}>: slow down\r\n"),
    "blocks us": Habit(rcpt=b"554 5.7.1 <{to}>: blocked using rbl.test\r\n"),
    "says nothing known": Habit(rcpt=b"999 {to}\r\n"),
}


def confirmation_to(address: str) -> Message:
    mail = replace(CONFIRMATION, recipient=address, recipient_name="Wafa Osman")
    return post_message(lane="confirm", mail=mail, now=NOON)


def rows_that_name(*words: str) -> list[str]:
    """Every column of every table of ours in which one of the words stands in clear."""
    found = []
    for model in apps.get_app_config("tocsin").get_models(include_auto_created=True):
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')  # noqa: S608 - no input
            columns = [column.name for column in cursor.description or ()]
            rows = cursor.fetchall()
        found += [
            f"{model.__name__}.{column}: {value!r}"
            for row in rows
            for column, value in zip(columns, row, strict=True)
            if any(word in as_text(value) for word in words)
        ]
    return found


def as_text(value: object) -> str:
    raw = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
    return raw.decode("latin-1").lower()


def test_the_search_finds_what_stands_in_clear() -> None:
    Incident.objects.create(kind="unknown", words=f"<{HER}>", first_at=NOON, last_at=NOON)
    assert len(rows_that_name(*TELLING)) == 1
    tables = {model.__name__ for model in apps.get_app_config("tocsin").get_models()}
    assert {"Message", "MessageContent", "Attempt", "MailDomain", "Suppression"} <= tables
    assert issubclass(Message, models.Model)


@pytest.mark.parametrize("habit", [*SPOKEN, *HABITS])
def test_no_row_names_a_supporter_after_the_post_office(habit: str, deliver: Deliver) -> None:
    for _ in range(2):
        confirmation_to(HER)
    with PostOffice(habits=[SPOKEN.get(habit) or HABITS[habit]]) as office:
        deliver(office)
        take_back_due(now=NOON + timedelta(minutes=20))
        deliver(office, minutes=20)
        deliver(office, days=6)
    park_due(now=NOON + timedelta(days=12))
    assert rows_that_name(*TELLING) == []
    assert not Mailbox.objects.exists()
    assert not MailDomain.objects.exists()


@pytest.mark.parametrize("habit", [*SPOKEN, "slows us down", "accepts"])
def test_of_a_large_provider_only_the_name_is_noted(habit: str, deliver: Deliver) -> None:
    confirmation_to(HIS)
    with PostOffice(habits=[SPOKEN.get(habit) or HABITS[habit]]) as office:
        deliver(office)
    assert rows_that_name("wafa", "osman") == []
    assert set(MailDomain.objects.values_list("name", flat=True)) == {"gmail.com"} <= set(PROVIDERS)


@pytest.mark.parametrize(
    "habit", ["knows nobody", "refuses the recipient", "finds it too big", "refuses at DATA"]
)
def test_a_confirmation_that_nobody_can_correct_has_failed(habit: str, deliver: Deliver) -> None:
    message = confirmation_to(HER)
    with PostOffice(habits=[HABITS[habit]]) as office:
        deliver(office)
    assert state_of(message) == "failed"
    assert (message.mailbox_id, message.domain_id) == (None, None)
    assert not Incident.objects.exists()


def test_after_days_of_no_a_confirmation_has_failed_as_well(deliver: Deliver) -> None:
    message = confirmation_to(HER)
    with PostOffice(habits=[HABITS["greylists"]]) as office:
        for hours in range(0, 24 * 7, 4):
            deliver(office, hours=hours)
    assert state_of(message) == "failed"


def test_an_incident_about_a_supporters_mail_tells_the_code_and_nothing_else(
    deliver: Deliver,
) -> None:
    confirmation_to(HER)
    with PostOffice(habits=[HABITS["lists us"]]) as office:
        deliver(office)
    [incident] = Incident.objects.all()
    assert (incident.kind, incident.about, incident.words) == ("policy", "", "554 5.7.1")


def test_a_suppressed_address_stands_nowhere_in_clear(deliver: Deliver) -> None:
    suppress(HER, reason="asked us", today=NOON.date())
    message = confirmation_to(HER)
    with PostOffice() as office:
        deliver(office)
    assert (state_of(message), office.mails) == ("held", [])
    assert rows_that_name(*TELLING) == []
    assert not Attempt.objects.exists()


def test_a_mail_that_was_taken_is_kept_for_nobody_to_read(deliver: Deliver) -> None:
    message = confirmation_to(HER)
    with PostOffice(habits=[POLITE]) as office:
        deliver(office)
    assert state_of(message) == "sent"
    assert [each.recipient for each in office.mails] == [HER]
    assert rows_that_name(*TELLING, "encore un clic", "act.lumiere.example/c/abc") == []
