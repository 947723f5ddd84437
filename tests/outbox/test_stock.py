"""A long queue: letters are claimed and made ready while others are on the line."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from typing import Any

import pytest
from django.conf import settings as live
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from tests.outbox.mails import NOON, Deliver, a_message
from tests.outbox.test_leases import another_session
from tests.post_office import PostOffice
from tocsin.outbox.claim import CLAIM as CLAIM_STATEMENT
from tocsin.outbox.destinations import MailDomain
from tocsin.outbox.models import Message, MessageContent
from tocsin.outbox.routes import Route
from tocsin.outbox.send import AHEAD, STOCKED
from tocsin.outbox.stock import Stock
from tocsin.outbox.watch import Incident

Execute = Callable[..., Any]
Happening = Callable[..., Any]

pytestmark = pytest.mark.django_db(transaction=True, available_apps=["tocsin"])

CLAIM = AHEAD * STOCKED  # of one connection
MANY = 5 * CLAIM


@pytest.fixture(autouse=True)
def long_queue() -> None:
    Route.objects.create(name="letters", number=1, connections=1, share=1)
    for number in range(MANY):
        a_message(recipient=f"minister{number}@mfa.example")
    MailDomain.objects.update(per_hour=10**8, burst=10**4, connections=10**4)


def states() -> Counter[str]:
    return Counter(Message.objects.values_list("state", flat=True))


def sessions() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


def filled(most: int = CLAIM) -> Stock:
    """A stock whose thread works."""
    made = Stock(route="letters", owner=7, clock=lambda: NOON)
    made.fill(most)
    return made


def test_each_letter_of_a_long_queue_goes_once_and_no_session_stays(deliver: Deliver) -> None:
    before = sessions()
    with PostOffice() as office:
        assert deliver(office) == MANY
    assert len({mail.recipient for mail in office.mails}) == len(office.mails) == MANY
    assert states() == {"sent": MANY}
    assert sessions() == before


def test_what_is_left_of_a_stock_is_told_to_whoever_closes_it() -> None:
    made = filled()
    taken: list[object] = []
    while len(taken) < 2 * CLAIM:
        assert made.wait(1)
        taken += made.take(1)
    left = made.close()
    assert len({*(each.message_id for each in left)}) == len(left)
    assert states() == {"leased": len(left) + len(taken), "ready": MANY - len(left) - len(taken)}


def test_a_stock_ends_when_nothing_more_may_go() -> None:
    made = filled()
    taken = 0
    while made.wait(CLAIM):
        taken += len(made.take(CLAIM))
        made.fill(CLAIM)
    assert (taken, made.close()) == (MANY, [])


def cut_off(number: int, *, claims: int) -> Happening:
    """The session that is about to claim for that time is ended by the database's administrator."""

    def cut(execute: Execute, sql: str, *rest: Any) -> Any:
        if sql == CLAIM_STATEMENT and next(seen) == number:
            with another_session() as session, connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                session.execute("SELECT pg_terminate_backend(%s, 5000)", cursor.fetchone())
        return execute(sql, *rest)

    seen = iter(range(claims))
    return cut


@contextmanager
def whenever_asked(happening: Happening) -> Iterator[None]:
    """It happens to whatever session asks the database, those of threads as well."""

    def watch(connection: BaseDatabaseWrapper, **_: object) -> None:
        connection.execute_wrappers.append(happening)

    connection_created.connect(watch)
    try:
        with connection.execute_wrapper(happening):
            yield
    finally:
        connection_created.disconnect(watch)


def test_a_thread_that_loses_its_session_takes_nothing_with_it(deliver: Deliver) -> None:
    with PostOffice() as office, whenever_asked(cut_off(2, claims=99)):
        assert deliver(office) == MANY
    assert len(office.mails) == MANY
    assert states() == {"sent": MANY}


def test_a_fault_of_ours_in_the_thread_is_raised_to_who_asks() -> None:
    def fail(execute: Execute, sql: str, *rest: Any) -> Any:
        if sql == CLAIM_STATEMENT and current_thread() is not main_thread():
            raise ZeroDivisionError
        return execute(sql, *rest)

    with whenever_asked(fail):
        made = filled()
        while made.wait(1):
            made.take(1)
        with pytest.raises(ZeroDivisionError):
            made.fill(CLAIM)


def test_keys_that_go_while_the_thread_works_end_the_run_and_hold_no_letter(
    deliver: Deliver,
) -> None:
    key, away = live.KEYS_DIR / "index.key", live.KEYS_DIR / "index.away"

    def lose_it(execute: Execute, sql: str, *rest: Any) -> Any:
        if sql == CLAIM_STATEMENT and next(seen) == 2:
            key.rename(away)
        return execute(sql, *rest)

    seen = iter(range(99))
    try:
        with PostOffice() as office, whenever_asked(lose_it):
            deliver(office)
    finally:
        away.rename(key)
    found, sent = states(), len(office.mails)
    assert CLAIM // 2 <= sent <= 2 * CLAIM
    assert found == {"sent": sent, "ready": MANY - sent}, "what was ready is given back"
    assert Incident.objects.filter(kind="keys").exists()


def test_nobody_is_told_of_a_letter_that_was_called_back_before_it_could_be_read(
    deliver: Deliver,
) -> None:
    spoilt = Message.objects.first()
    assert spoilt
    MessageContent.objects.filter(message=spoilt).update(sealed=b"")

    def call_back(execute: Execute, sql: str, *rest: Any) -> Any:
        result = execute(sql, *rest)
        if sql == CLAIM_STATEMENT:
            free = {"lease_owner": None, "lease_until": None}
            mine = Message.objects.filter(pk=spoilt.pk, state="leased")
            mine.update(state="cancelled", reason="recalled", **free)
        return result

    with PostOffice() as office, whenever_asked(call_back):
        assert deliver(office) == MANY - 1
    assert states() == {"sent": MANY - 1, "cancelled": 1}
    assert not Incident.objects.exists()
