"""`tocsin outbox`: it says in words what is, it watches until nothing waits, it speaks JSON."""

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from tests.outbox.mails import NOON, a_message
from tests.outbox.situations import a_message_that_is
from tests.wait import until
from tocsin.management.columns import aligned, bar, in_short, lasting
from tocsin.management.commands.outbox import progress
from tocsin.outbox.alarm import raise_incident
from tocsin.outbox.destinations import Mailbox, MailDomain
from tocsin.outbox.models import Message
from tocsin.outbox.overview import overview
from tocsin.outbox.routes import Mailing, Route, SendingDomain


def told(*words: str) -> str:
    out = StringIO()
    call_command("outbox", *words, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_an_empty_outbox_says_so() -> None:
    assert told().splitlines()[-1] == "Nothing waits. 0 in doubt."


@pytest.mark.django_db
def test_it_says_where_mail_is_and_what_stands_in_its_way() -> None:
    mailing = Mailing.objects.create(name="families", paused=True)
    a_message_that_is("held", reason="mailbox_invalid", to="gone@mfa.example", mailing=mailing)
    a_message_that_is("sent")
    a_message()
    now = timezone.now()
    Mailbox.objects.filter(address="gone@mfa.example").update(
        state="invalid", words="550 \x1b[1mno"
    )
    MailDomain.objects.update(slow=4, paused_until=now + timedelta(minutes=14, seconds=30))
    SendingDomain.objects.update(daily_cap=50)
    Route.objects.create(name="letters", number=1, open_until=now + timedelta(hours=2), faults=2)
    raise_incident("mailbox_invalid", about="gone@mfa.example", words="550 no", now=now)
    text = told()
    for words in (
        "! mailbox_invalid gone@mfa.example, 1 times: A mailbox does not exist: correct its",
        "They say: 550 no",
        "  mailbox_invalid  1",
        "300 an hour, 4 times slower for now  paused for 15 min",
        "gone@mfa.example  1  invalid  550  [1mno",
        "letters.lumiere.example  exists nowhere  0 of 50 today",
        "letters  left alone for 2 h after 2 faults",
        "families  paused  1",
        "1 wait: at least 15 min, at most",
    ):
        assert words in text
    assert max(len(line) for line in text.splitlines()) <= 200


@pytest.mark.django_db
def test_the_columns_of_the_lanes_stand_under_one_another() -> None:
    for _ in range(12):
        a_message()
    lines = told().splitlines()
    head = lines.index("Lanes")
    titles, *lanes = lines[head + 1 : head + 6]
    assert [line.split()[0] for line in lanes] == ["confirm", "staff", "letter", "update"]
    end = titles.index("due") + len("due")
    assert [line[:end].split()[-1] for line in lanes] == ["0", "0", "12", "0"]


@pytest.mark.django_db
def test_as_json_it_has_all_the_figures() -> None:
    a_message_that_is("held", reason="policy")
    a_message_that_is("sent")
    found = json.loads(told("--json"))
    [letters] = [lane for lane in found["lanes"] if lane["lane"] == "letter"]
    assert (letters["held"], letters["due"]) == (1, 0)
    assert found["held"] == [["policy", 1]]
    assert found["ended"]["letter"]["sent"] == 1
    assert set(found) == {
        *("lanes", "held", "routes", "domains", "mailboxes", "sending_domains", "mailings"),
        *("incidents", "drain", "ended"),
    }


@pytest.mark.django_db
def test_watching_an_empty_queue_ends_at_once() -> None:
    assert told("--watch") == f"[{'#' * 30}] 100%  nothing waits\n"


@pytest.mark.django_db
def test_progress_says_how_fast_and_how_long() -> None:
    for _ in range(3):
        a_message(recipient="minister@mfa.example")
    seen = overview(now=NOON)
    line = progress(seen, most=12, looks=[(100.0, 12), (103.0, 3)])
    assert line == f"[{'#' * 22}........]  75%  3 to go  3.0 a second  about 1 min"
    waiting = progress(seen, most=3, looks=[(100.0, 3)])
    assert waiting == f"[{'.' * 30}]   0%  3 to go  at least 6 min"


REAL = {"DJANGO_SETTINGS_MODULE": "tocsin.settings"}


class Watch:
    """`tocsin outbox --watch` in a process of its own, at the database of this test."""

    def __init__(self, output: Path) -> None:
        values = connection.settings_dict
        database = f"postgresql://{values['USER']}@/{values['NAME']}?host={values['HOST']}"
        database += f"&port={values['PORT']}" if values["PORT"] else ""
        self.output = output
        with output.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tocsin.cli", "outbox", "--watch"],
                env={**os.environ, **REAL, "DATABASE_URL": database},
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    def said(self) -> str:
        return self.output.read_text()


@pytest.mark.django_db(transaction=True, available_apps=["tocsin"])
def test_watching_shows_the_queue_getting_shorter_and_ends_when_it_is_empty(tmp_path: Path) -> None:
    letters = [a_message(recipient=f"a{each}@mfa.example") for each in range(4)]
    watch = Watch(tmp_path / "said")
    until(lambda: "4 to go" in watch.said())
    Message.objects.filter(pk=letters[0].pk).update(state="cancelled")
    until(lambda: "3 to go" in watch.said())
    assert "a second" in watch.said()
    assert "25%" in watch.said()
    Message.objects.filter(state="ready").update(state="cancelled")
    assert watch.process.wait(15) == 0
    assert watch.said().endswith("100%  nothing waits\n")


@pytest.mark.django_db(transaction=True, available_apps=["tocsin"])
def test_ctrl_c_ends_the_watch_and_is_no_failure(tmp_path: Path) -> None:
    a_message()
    watch = Watch(tmp_path / "said")
    until(lambda: "1 to go" in watch.said())
    watch.process.send_signal(signal.SIGINT)
    assert watch.process.wait(15) == 0
    assert "Traceback" not in watch.said()


# -- columns -------------------------------------------------------------------------------------


def test_numbers_stand_to_the_right_and_words_to_the_left() -> None:
    assert aligned([("a", 5, "x"), ("bcd", 1234, "")]) == ["a        5  x", "bcd  1,234"]
    assert aligned([]) == []


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 min"),
        (0.2, "1 min"),
        (59, "59 min"),
        (60, "1 h"),
        (200, "3 h 20 min"),
        (24 * 60, "1 day"),
        (52 * 60, "2 days 4 h"),
    ],
)
def test_a_length_of_time_is_said_in_short(minutes: float, words: str) -> None:
    assert lasting(timedelta(minutes=minutes)) == words


def test_a_bar_is_full_only_when_all_is_done() -> None:
    assert bar(0, 10) == f"[{'.' * 30}]   0%"
    assert bar(999, 1000) == f"[{'#' * 29}.]  99%"
    assert bar(10, 10) == f"[{'#' * 30}] 100%"
    assert bar(0, 0) == f"[{'#' * 30}] 100%"


def test_the_words_of_a_stranger_cannot_move_the_cursor() -> None:
    assert in_short("550\r\n\x1b[2Jno\u202e") == "550   [2Jno "
    assert len(in_short("a" * 500)) == 70
