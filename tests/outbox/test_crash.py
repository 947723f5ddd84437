"""Workers that are killed at the worst moments: no letter is lost, none is sent unknown to us."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from psycopg import sql
from psycopg.conninfo import make_conninfo

from tests.post_office import Accepted, Moment, PostOffice

# Only tables of ours are emptied afterwards: those of others hold what migrations put there.
pytestmark = pytest.mark.django_db(transaction=True, available_apps=["tocsin"])

LETTERS = 200
WINDOW = 20
PATIENCE = 60.0


@dataclass
class House:
    """A database of its own with letters in it, and the workers that send them."""

    database: str
    office: PostOffice
    noon: int = field(default_factory=lambda: int(time.time()))
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, verb: str = "work", number: int = 0) -> subprocess.Popen[bytes]:
        """Start a worker; all have the same clock."""
        environment = {
            **os.environ,
            "DATABASE_URL": self.database,
            "DJANGO_SETTINGS_MODULE": "tocsin.settings",
            "TOCSIN_BASE_URL": "http://localhost",
            "TOCSIN_SECRET_KEY": "only-for-tests-" * 5,
            "TOCSIN_KEYS_DIR": str(settings.KEYS_DIR),
            "TOCSIN_MAIL_URL": self.office.url(),
        }
        command = [sys.executable, "-m", "tests.outbox.worker", verb, str(number or self.noon)]
        worker = subprocess.Popen(command, env=environment)
        self.workers.append(worker)
        return worker

    def run(self, verb: str = "work", number: int = 0) -> None:
        """Let a worker finish."""
        assert self.start(verb, number).wait(PATIENCE) == 0

    def ask(self, question: str, *values: object) -> list[tuple[object, ...]]:
        """What the database says, to a session of its own."""
        with psycopg.connect(self.database) as session:
            return session.execute(question, values).fetchall()

    def states(self) -> dict[object, object]:
        """How many letters are in which state."""
        rows = self.ask("SELECT state, count(*) FROM tocsin_message GROUP BY 1")
        return {row[0]: row[1] for row in rows}

    def letters(self, *states: str) -> set[object]:
        """The numbers of the letters in those states: their Message-IDs begin with them."""
        rows = self.ask(
            "SELECT replace(id::text, '-', '') FROM tocsin_message WHERE state = ANY(%s)",
            list(states),
        )
        return {row[0] for row in rows}

    def sent(self) -> set[object]:
        """What the database believes to be sent."""
        return self.letters("sent")

    def once_in_doubt(self) -> set[object]:
        """What was in doubt at any time."""
        rows = self.ask("SELECT replace(id::text, '-', '') FROM tocsin_message WHERE doubts > 0")
        return self.letters("in_doubt") | {row[0] for row in rows}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A copy of the migrated test database, with 200 letters ready to go."""
    given = connection.settings_dict
    server = {
        "user": given["USER"],
        "password": given["PASSWORD"],
        "host": given["HOST"],
        "port": given["PORT"],
    }
    address = {name: value for name, value in server.items() if value}
    copy = f"{given['NAME']}_crash"
    connection.close()  # nobody may look at a database while it is copied
    with psycopg.connect(make_conninfo(dbname="postgres", **address), autocommit=True) as session:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(copy))
        session.execute(drop)
        session.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(copy), sql.Identifier(given["NAME"])
            )
        )
        with PostOffice(journal=tmp_path / "journal") as office:
            house = House(make_conninfo(dbname=copy, **address), office)
            house.run("post", LETTERS)
            yield house
            for worker in house.workers:
                if worker.poll() is None:
                    worker.kill()
                worker.wait(PATIENCE)
        session.execute(drop)


def number(mail: Accepted) -> str:
    line = next(line for line in mail.mail.split(b"\r\n") if line.startswith(b"Message-ID: "))
    return line.removeprefix(b"Message-ID: <").partition(b"@")[0].decode()


def kill(worker: subprocess.Popen[bytes]) -> None:
    os.kill(worker.pid, signal.SIGKILL)


# After how many mails the next worker dies, and at which moment of the next one.
KILLS: list[tuple[int, Moment]] = [
    (3, "dot"),  # taken and safe, but the answer is never read
    (37, "answered"),  # the answer is on its way
    (81, "data"),
    (119, "answered"),  # at the end of a window, most likely before the outcomes are written
    (160, "mail"),  # nothing said yet that matters
]


def test_killed_again_and_again_every_letter_arrives(house: House) -> None:
    office, kills, lies = house.office, list(KILLS), []

    def executioner(moment: Moment, said: str) -> None:
        if kills and len(office.mails) >= kills[0][0] and moment == kills[0][1]:
            kills.pop(0)
            kill(house.workers[-1])

    office.witness = executioner
    for _ in range(len(KILLS)):
        assert house.start().wait(PATIENCE) == -signal.SIGKILL
        accepted = {number(mail) for mail in office.mails}
        lies += [each for each in house.sent() if each not in accepted]
    house.run()

    assert kills == []
    assert lies == [], "marked as sent, but the post office has never taken it"
    copies = Counter(number(mail) for mail in office.mails)
    assert house.states().keys() <= {"sent", "in_doubt"}, "in doubt twice: waits for a person"
    assert house.sent() <= set(copies)
    assert {each for each, times in copies.items() if times > 1} <= house.once_in_doubt()
    assert len({mail.mail for mail in office.mails}) == len(copies), "a duplicate that differs"
    assert sum(copies.values()) - LETTERS <= WINDOW * len(KILLS)


def test_two_workers_hand_over_nothing_twice(house: House) -> None:
    workers = [house.start(), house.start()]
    assert [worker.wait(PATIENCE) for worker in workers] == [0, 0]
    assert house.states() == {"sent": LETTERS}
    assert Counter(number(mail) for mail in house.office.mails) == dict.fromkeys(house.sent(), 1)
    assert house.ask("SELECT max(doubts), max(attempts) FROM tocsin_message") == [(0, 1)]


def test_the_attempt_is_committed_before_the_first_word(house: House) -> None:
    seen: set[tuple[object, ...]] = set()
    question = """
        SELECT state, tried, count(*) OVER () <= 20 FROM tocsin_message WHERE state = 'sending'
    """

    def witness(moment: Moment, said: str) -> None:
        if moment == "mail":
            seen.update(house.ask(question) or [("nothing is marked",)])

    house.office.witness = witness
    house.run()
    assert seen == {("sending", 1, True)}


def test_a_database_that_goes_away_ends_the_run_and_loses_nothing(house: House) -> None:
    office = house.office
    ended: list[int] = []

    def cut_off(moment: Moment, said: str) -> None:
        if moment == "dot" and len(office.mails) == 50 and not ended:
            ended.append(1)
            house.ask(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    office.witness = cut_off
    assert house.start().wait(PATIENCE) != 0
    assert ended == [1]
    assert house.sent() <= {number(mail) for mail in office.mails}
    assert len(house.letters("sending")) <= WINDOW
    house.run()
    assert house.states() == {"sent": LETTERS}
    assert len({mail.mail for mail in office.mails}) == LETTERS
    assert len(office.mails) <= LETTERS + WINDOW


def test_the_journal_of_the_post_office_survives(house: House) -> None:
    house.run()
    assert house.office.journal
    lines = house.office.journal.read_text().splitlines()
    assert lines == [mail.line().strip() for mail in house.office.mails]
