"""`tocsin work`: it stops when asked, idle or in the middle of a long run."""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction

from tests.outbox.mails import a_message
from tests.post_office import Moment, PostOffice
from tests.wait import until
from tocsin.outbox.models import Message

# Only tables of ours are emptied afterwards: those of others hold what migrations put there.
pytestmark = pytest.mark.django_db(transaction=True, available_apps=["tocsin"])

STOPS = (signal.SIGTERM, signal.SIGINT)
LETTERS = 150
AT_ONCE = 10  # seconds that a deploy gives it


class Worker:
    """`tocsin work` in a process of its own, at the database of this test."""

    def __init__(self, log: Path, *, relay: str) -> None:
        values = connection.settings_dict
        database = f"postgresql://{values['USER']}@/{values['NAME']}?host={values['HOST']}"
        database += f"&port={values['PORT']}" if values["PORT"] else ""
        self.log = log
        environment = {
            **os.environ,
            "DATABASE_URL": database,
            "DJANGO_SETTINGS_MODULE": "tocsin.settings",
            "TOCSIN_KEYS_DIR": str(settings.KEYS_DIR),
            "TOCSIN_MAIL_URL": relay,
        }
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tocsin.cli", "work"],
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def is_at_work(self) -> bool:
        """Whether it listens for jobs by now."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM procrastinate_workers")
            return bool(cursor.fetchone()[0])


Start = Callable[[str], Worker]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a worker with that relay; what is asked of it is asked of nobody after the test."""
    started: list[Worker] = []

    def run(relay: str) -> Worker:
        started.append(Worker(tmp_path / f"log{len(started)}", relay=relay))
        return started[-1]

    yield run
    for worker in started:
        worker.process.kill()
        worker.process.wait()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
        cursor.execute("DELETE FROM procrastinate_workers")


def slow(moment: Moment, _words: str) -> None:
    """A mail takes a while at this office."""
    if moment == "dot":
        threading.Event().wait(0.2)


@pytest.mark.parametrize("sign", STOPS)
def test_a_worker_with_nothing_to_do_stops_when_asked(start: Start, sign: signal.Signals) -> None:
    worker = start("smtp://127.0.0.1:1")
    until(worker.is_at_work)
    worker.process.send_signal(sign)
    assert worker.process.wait(AT_ONCE) == 0
    assert "Traceback" not in worker.log.read_text()


@pytest.mark.parametrize("sign", STOPS)
def test_a_long_run_ends_at_once_and_leaves_nothing_in_hand(
    start: Start, sign: signal.Signals
) -> None:
    for each in range(LETTERS):
        a_message(recipient=f"deputy@parliament{each}.example")
    with PostOffice(witness=slow) as office:
        worker = start(office.url())
        office.until(lambda: len(office.mails) >= 3, seconds=60)
        worker.process.send_signal(sign)
        assert worker.process.wait(AT_ONCE) == 0
    states = Counter(Message.objects.values_list("state", flat=True))
    assert set(states) == {"ready", "sent"}
    assert states["sent"] == len(office.mails) < LETTERS
    assert "Traceback" not in worker.log.read_text()


def test_a_second_signal_ends_a_worker_that_cannot_stop(start: Start) -> None:
    a_message()
    hangs = threading.Event()
    asked = threading.Event()

    def keep_waiting(moment: Moment, _words: str) -> None:
        if moment == "mail":
            asked.set()
            hangs.wait(60)

    with PostOffice(witness=keep_waiting) as office:
        worker = start(office.url())
        assert asked.wait(60)
        worker.process.send_signal(signal.SIGTERM)
        with pytest.raises(subprocess.TimeoutExpired):
            worker.process.wait(0.5)
        worker.process.send_signal(signal.SIGTERM)
        assert worker.process.wait(5) == -signal.SIGTERM
        hangs.set()


def hang_up_while_it_asks() -> None:
    """End all sessions of others: between two questions a worker would make new ones, and go on."""
    asking = (
        "SELECT count(*), pg_stat_clear_snapshot() FROM pg_stat_activity WHERE query ~ 'fetch_job'"
        " AND datname = current_database() AND wait_event_type = 'Lock'"
    )

    def is_asking() -> bool:
        cursor.execute(asking)
        return bool(cursor.fetchone()[0])

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE procrastinate_jobs IN EXCLUSIVE MODE")
        until(is_asking, within=60, what="a question for jobs")
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_a_worker_whose_database_goes_away_ends_with_a_word_and_not_as_if_all_were_well(
    start: Start,
) -> None:
    with PostOffice() as office:
        worker = start(office.url())
        until(worker.is_at_work, what="the worker")
        hang_up_while_it_asks()
        assert worker.process.wait(120) == 1
        said = worker.log.read_text()
        assert "the database went away" in said.strip().splitlines()[-1]
        assert "Traceback" not in said
        a_message()
        start(office.url())
        office.until(lambda: len(office.mails) == 1)
