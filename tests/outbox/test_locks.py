"""Who sends, who erases and who waits lock the same rows in the same order: no circle closes."""

from collections.abc import Callable, Iterator
from threading import Thread
from uuid import UUID

import psycopg
import pytest
from django.db import connection, transaction

from tests.factories import AMINA, BRUNO, MALLORY, a_campaign, an_action
from tests.outbox.mails import NOON, a_message
from tests.outbox.test_leases import another_session
from tests.wait import until
from tocsin.actions.models import Action
from tocsin.actions.release import erase_unsent
from tocsin.outbox.claim import Lease, claim
from tocsin.outbox.models import Message
from tocsin.outbox.record import Outcome, mark
from tocsin.outbox.take_back import take_back_due
from tocsin.outbox.verdicts.retry import Receipt, Verdict
from tocsin.outcomes.tally import tally_due

pytestmark = pytest.mark.django_db(transaction=True, available_apps=["tocsin"])

OWNER = 7
TAKEN = Verdict("sent", "sent")
WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
LOCK_MESSAGE = "SELECT 1 FROM tocsin_message WHERE id = %s FOR UPDATE"
LOCK_ACTION = "SELECT 1 FROM tocsin_action WHERE id = %s FOR UPDATE"
Session = psycopg.Connection[tuple[object, ...]]


@pytest.fixture
def other() -> Iterator[Session]:
    """Somebody else, in a transaction."""
    with another_session() as session:
        yield session


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return bool(cursor.fetchone()[0])


def marked(leases: list[Lease], *taken: Outcome) -> set[UUID]:
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
    marked([spoken])
    taken = Outcome(spoken, TAKEN, Receipt("done", 250))

    def send() -> None:
        marked([following], taken)

    _waits_at(other, send, lock=LOCK_MESSAGE, first=low.message_id, behind=high.message_id)
    states = dict(Message.objects.values_list("pk", "state"))
    assert states == {spoken.message_id: "sent", following.message_id: "sending"}


def test_who_takes_back_from_the_dead_locks_all_of_it_in_order(other: Session) -> None:
    for _ in range(2):
        a_message()
    spoken, unspoken = sorted(claim(route="letters", most=2, owner=OWNER, now=NOON), key=_place)
    marked([spoken])
    _waits_at(
        other,
        lambda: take_back_due(now=NOON),
        lock=LOCK_MESSAGE,
        first=spoken.message_id,
        behind=unspoken.message_id,
    )
    states = dict(Message.objects.values_list("pk", "state"))
    assert states == {spoken.message_id: "in_doubt", unspoken.message_id: "ready"}


def test_who_counts_locks_the_actions_in_order(other: Session) -> None:
    campaign = a_campaign()
    made = [an_action(campaign, person=person) for person in (AMINA, BRUNO, MALLORY)]
    low, middle, high = sorted(action.pk for action in made)
    # Written in another order than that of their keys.
    for pk in (high, low, middle):
        Action.objects.filter(pk=pk).update(state="released")
    act = lambda: tally_due(now=NOON)  # noqa: E731
    _waits_at(other, act, lock=LOCK_ACTION, first=low, behind=high)
    assert Action.objects.filter(counted=True).count() == 3


def test_who_erases_many_locks_their_mails_in_order(other: Session) -> None:
    campaign = a_campaign()
    actions = [an_action(campaign, person=person) for person in (AMINA, BRUNO, MALLORY)]
    mails = {action.confirmations.get().message_id: action for action in actions}
    last_first = [mails[pk] for pk in sorted(mails, reverse=True)]

    def erase() -> None:
        with transaction.atomic():
            erase_unsent(last_first)

    _waits_at(other, erase, lock=LOCK_MESSAGE, first=min(mails), behind=max(mails))
    assert not Action.objects.exists()
    assert not Message.objects.exists()


def _waits_at(
    other: Session, act: Callable[[], object], *, lock: str, first: UUID, behind: UUID
) -> None:
    """It waits for the row `first`, which somebody holds, and does not hold the one `behind`."""

    def run() -> None:
        act()
        connection.close()

    other.execute(lock.encode(), [first])
    worker = Thread(target=run)
    worker.start()
    until(somebody_waits, what="the worker to wait")
    other.execute(f"{lock} NOWAIT".encode(), [behind])
    other.commit()
    worker.join(20)


def _place(lease: Lease) -> UUID:
    return lease.message_id
