"""Who sends, who erases and who waits lock the same rows in the same order: no circle closes."""

from collections.abc import Iterator
from threading import Thread
from uuid import UUID

import psycopg
import pytest
from django.db import connection

from tests.outbox.mails import NOON, a_message
from tests.outbox.test_leases import another_session
from tests.wait import until
from tocsin.outbox.claim import Lease, claim
from tocsin.outbox.models import Message
from tocsin.outbox.record import Outcome, mark
from tocsin.outbox.verdicts.retry import Receipt, Verdict

pytestmark = pytest.mark.django_db(transaction=True, available_apps=["tocsin"])

OWNER = 7
TAKEN = Verdict("sent", "sent")
WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
Session = psycopg.Connection[tuple[object, ...]]


@pytest.fixture
def other() -> Iterator[Session]:
    """Somebody else, in a transaction."""
    with another_session() as session:
        yield session


LOCK = "SELECT 1 FROM tocsin_message WHERE id = %s FOR UPDATE"
LOCK_AT_ONCE = f"{LOCK} NOWAIT"


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return bool(cursor.fetchone()[0])


def marked(leases: list[Lease], *taken: Outcome) -> dict[UUID, int]:
    blinds = [b"nobody"] * len(leases)
    return mark(leases, blinds=blinds, taken=list(taken), route="letters", owner=OWNER, now=NOON)


@pytest.mark.parametrize("first", ["spoken", "next"])
def test_a_window_waits_for_its_first_row_and_holds_none_behind_it(
    first: str, other: Session
) -> None:
    for _ in range(2):
        a_message()
    low, high = sorted(claim(route="letters", most=2, owner=OWNER, now=NOON), key=_place)
    spoken, following = (low, high) if first == "spoken" else (high, low)
    attempt = marked([spoken])[spoken.message_id]
    taken = Outcome(spoken, attempt, TAKEN, Receipt("done", 250))

    def send() -> None:
        marked([following], taken)
        connection.close()

    other.execute(LOCK, [low.message_id])
    worker = Thread(target=send)
    worker.start()
    until(somebody_waits, what="the worker to wait")
    other.execute(LOCK_AT_ONCE, [high.message_id])
    other.commit()
    worker.join(20)
    states = dict(Message.objects.values_list("pk", "state"))
    assert states == {spoken.message_id: "sent", following.message_id: "sending"}


def _place(lease: Lease) -> UUID:
    return lease.message_id
